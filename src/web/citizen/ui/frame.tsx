import { defineComponent, onMounted, ref } from 'vue';
import { useRouter } from 'vue-router';
import { language, say } from '../../shared/language.ts';
import { trouble } from '../network.ts';
import { words } from '../words.ts';

interface Props {
  title: string;
  /** Where the arrow leads; the start page has none. */
  back?: string;
}

/** The blue header, what is wrong with the network, and the page under it. */
export const Frame = defineComponent(
  (props: Props, { slots }) => {
    const router = useRouter();
    const heading = ref<HTMLElement>();
    // A screen reader begins to read where a page begins.
    onMounted(() => heading.value?.focus({ preventScroll: true }));
    const goBack = () => void router.push(props.back ?? '/');
    return () => (
      <>
        <header class="bar">
          {props.back === undefined ? (
            <span class="bar-side" />
          ) : (
            <button type="button" class="bar-side bar-back" onClick={goBack}>
              <span aria-hidden="true">‹</span>
              <span class="hidden">{say(words.back)}</span>
            </button>
          )}
          <h1 ref={heading} tabindex={-1}>
            {props.title}
          </h1>
          <button
            type="button"
            class="bar-side"
            lang={language.value === 'en' ? 'zh-CN' : 'en'}
            onClick={() => {
              language.value = language.value === 'en' ? 'zh-CN' : 'en';
            }}
          >
            {say(words.otherLanguage)}
          </button>
        </header>
        <div class="trouble" role="status">
          {trouble.value && <p>{say(words[trouble.value])}</p>}
        </div>
        <main>{slots.default?.()}</main>
      </>
    );
  },
  { props: ['title', 'back'] },
);
