import { defineComponent, nextTick, useTemplateRef, watch } from 'vue';
import { say } from '../../shared/language.ts';
import { moment, shortId } from '../format.ts';
import { words } from '../words.ts';
import { keyOf, type Line, roleOf, titleOf } from './history.ts';

/** Who did what and when, from the first entry down; refusals stand at their time, in a colour of their own. */
export const Timeline = defineComponent(
  (
    props: { lines: Line[]; titles: Map<string, string>; chosen: string; broken: ReadonlySet<string> },
    { emit }: { emit: (event: 'choose', line: Line) => void },
  ) => {
    const list = useTemplateRef<HTMLOListElement>('list');
    watch(
      () => props.chosen,
      async () => {
        await nextTick();
        bringIntoView(list.value);
      },
      { immediate: true },
    );

    return () => (
      <section class="panel timeline">
        <h2>{say(words.timeline)}</h2>
        <ol ref="list">
          {props.lines.map((line) => {
            const key = keyOf(line);
            const isChosen = key === props.chosen;
            return (
              <li key={key} class={[line.entry.kind, { broken: props.broken.has(key) }]}>
                <button
                  type="button"
                  aria-current={isChosen ? 'step' : undefined}
                  onClick={() => emit('choose', line)}
                >
                  <span class="seq">{line.entry.kind === 'refused' ? '✕' : line.entry.seq}</span>
                  <span class="what">
                    {line.entry.kind === 'refused' && <b>{say(words.refused)} </b>}
                    {say(titleOf(line.entry.type, props.titles))}
                    {line.entry.kind === 'refused' && <code> {String(line.entry.data.code)}</code>}
                  </span>
                  <span class="soft" title={moment(line.entry.at)}>
                    {moment(line.entry.at).slice(5)} · {say(roleOf(line.entry))}{' '}
                    {line.entry.actor.role !== 'system' && <code>{shortId(line.entry.actor.id)}</code>}
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      </section>
    );
  },
  { props: ['lines', 'titles', 'chosen', 'broken'], emits: ['choose'] },
);

/** Scrolls the list alone, never the page. */
function bringIntoView(list: HTMLOListElement | null): void {
  const chosen = list?.querySelector<HTMLElement>('[aria-current]');
  if (!list || !chosen) return;
  const [box, around] = [chosen.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < around.top) list.scrollTop -= around.top - box.top + 8;
  else if (box.bottom > around.bottom) list.scrollTop += box.bottom - around.bottom + 8;
}
