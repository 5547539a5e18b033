import { defineComponent, ref, useId, type VNodeChild } from 'vue';

interface Props {
  label: string;
  tabs: { title: string; body: () => VNodeChild }[];
}

/** Tabs as the ARIA practices have them: one stop for the tab key, arrows within. */
export const Tabs = defineComponent(
  (props: Props) => {
    const id = useId();
    const open = ref(0);
    const list = ref<HTMLElement>();
    const move = (event: KeyboardEvent) => {
      const to = { ArrowRight: open.value + 1, ArrowLeft: open.value - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open.value = (to + props.tabs.length) % props.tabs.length;
      list.value?.querySelectorAll('button')[open.value]?.focus();
    };
    return () => (
      <section class="card tabs">
        <div ref={list} role="tablist" aria-label={props.label} onKeydown={move}>
          {props.tabs.map(({ title }, index) => (
            <button
              key={title}
              type="button"
              role="tab"
              id={`${id}-tab-${index}`}
              aria-selected={index === open.value}
              aria-controls={`${id}-panel`}
              tabindex={index === open.value ? 0 : -1}
              onClick={() => {
                open.value = index;
              }}
            >
              {title}
            </button>
          ))}
        </div>
        <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${open.value}`} tabindex={0}>
          {props.tabs[open.value]?.body()}
        </div>
      </section>
    );
  },
  { props: ['label', 'tabs'] },
);
