import { defineComponent, onBeforeUnmount, onMounted } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';

/** Goes through a history to and fro: with buttons, by dragging, and with the arrow keys wherever nothing else takes them. */
export const Scrubber = defineComponent(
  (
    props: { position: number; length: number; title: string },
    { emit }: { emit: (event: 'move', to: number) => void },
  ) => {
    const go = (to: number) => {
      const bounded = Math.min(props.length, Math.max(1, to));
      if (bounded !== props.position) emit('move', bounded);
    };
    const onKey = (event: KeyboardEvent) => {
      const to = targetOf(event.key, props);
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || takesKeys(event.target))
        return;
      event.preventDefault();
      go(to);
    };
    onMounted(() => document.addEventListener('keydown', onKey));
    onBeforeUnmount(() => document.removeEventListener('keydown', onKey));

    const button = (sign: string, words_: { zh: string; en: string }, to: number) => (
      <button type="button" aria-label={say(words_)} title={say(words_)} onClick={() => go(to)}>
        <span aria-hidden="true">{sign}</span>
      </button>
    );
    return () => (
      <fieldset class="scrubber panel">
        <legend class="hidden">{say(words.scrubber)}</legend>
        {button('|◀', words.first, 1)}
        {button('◀', words.previous, props.position - 1)}
        <input
          type="range"
          min="1"
          max={props.length}
          step="1"
          value={props.position}
          aria-label={say(words.position)}
          aria-valuetext={`${props.position} / ${props.length} ${props.title}`}
          onInput={(event) => go(Number((event.target as HTMLInputElement).value))}
        />
        {button('▶', words.next, props.position + 1)}
        {button('▶|', words.last, props.length)}
        <output aria-live="polite">
          <b>{props.position}</b> / {props.length} · {props.title}
        </output>
      </fieldset>
    );
  },
  { props: ['position', 'length', 'title'], emits: ['move'] },
);

function targetOf(
  key: string,
  { position, length }: { position: number; length: number },
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return position - 1;
    case 'ArrowRight':
      return position + 1;
    case 'Home':
      return 1;
    case 'End':
      return length;
    default:
      return undefined;
  }
}

/** Fields have a use for arrows themselves, the slider among them. */
function takesKeys(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}
