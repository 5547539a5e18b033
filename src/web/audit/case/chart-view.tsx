import { defineComponent, onMounted, ref, useTemplateRef, watch } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';

interface Marks {
  /** Where the case stands. */
  states: readonly string[];
  /** Where it has stood before. */
  visited: ReadonlySet<string>;
  /** Transitions by index: those of this step, and all up to it. */
  last: readonly number[];
  taken: ReadonlySet<number>;
}

/**
 * The chart as the server laid it out, with the way of a case in it. The drawing is put in once; going through the
 * history only changes what is marked.
 */
export const ChartView = defineComponent(
  (props: { svg: string; marks: Marks }) => {
    const frame = useTemplateRef<HTMLDivElement>('frame');
    const isFull = ref(true);

    function draw(): void {
      const element = frame.value;
      if (!element) return;
      element.innerHTML = props.svg;
      addArrowhead(element, 'taken');
      addArrowhead(element, 'last');
      mark();
    }
    function mark(): void {
      const element = frame.value;
      if (!element) return;
      markStates(element, props.marks);
      markWays(element, props.marks);
      scrollToActive(element);
    }
    onMounted(draw);
    watch(() => props.svg, draw);
    watch(() => props.marks, mark);

    return () => (
      <div class="panel chart-panel">
        <div class="row">
          <h2>{say(words.chart)}</h2>
          <ul class="legend">
            <li class="is-now">{say(words.legendNow)}</li>
            <li class="is-last">{say(words.legendLast)}</li>
            <li class="is-taken">{say(words.legendTaken)}</li>
          </ul>
          <button type="button" aria-pressed={!isFull.value} onClick={() => (isFull.value = !isFull.value)}>
            {say(isFull.value ? words.chartFit : words.chartFull)}
          </button>
        </div>
        <section
          ref="frame"
          class={['chart', { full: isFull.value }]}
          tabindex="0"
          aria-label={say(words.chart)}
        />
      </div>
    );
  },
  { props: ['svg', 'marks'] },
);

function markStates(frame: HTMLElement, { states, visited }: Marks): void {
  for (const group of frame.querySelectorAll<SVGGElement>('[data-state]')) {
    const id = group.dataset.state ?? '';
    const isActive = states.includes(id);
    group.toggleAttribute('data-active', isActive);
    group.toggleAttribute('data-around', !isActive && states.some((leaf) => leaf.startsWith(`${id}.`)));
    group.toggleAttribute('data-visited', visited.has(id));
    if (isActive) group.setAttribute('aria-current', 'true');
    else group.removeAttribute('aria-current');
  }
}

function markWays(frame: HTMLElement, { last, taken }: Marks): void {
  for (const path of frame.querySelectorAll<SVGPathElement>('[data-ways]')) {
    const ways = (path.dataset.ways ?? '').split(' ').map(Number);
    const kind = ways.some((way) => last.includes(way))
      ? 'last'
      : ways.some((way) => taken.has(way))
        ? 'taken'
        : '';
    setWay(path, kind);
    path.setAttribute('marker-end', kind === '' ? 'url(#arrow)' : `url(#arrow-${kind})`);
  }
  for (const label of frame.querySelectorAll<SVGGElement>('[data-transition]')) {
    const way = Number(label.dataset.transition);
    setWay(label, last.includes(way) ? 'last' : taken.has(way) ? 'taken' : '');
  }
}

function setWay(element: SVGElement, kind: string): void {
  if (kind === '') element.removeAttribute('data-way');
  else element.setAttribute('data-way', kind);
}

/** A marker keeps its own colour, whatever line it ends. */
function addArrowhead(frame: HTMLElement, kind: 'taken' | 'last'): void {
  const marker = frame.querySelector('#arrow');
  const copy = marker?.cloneNode(true);
  if (!(copy instanceof SVGElement)) return;
  copy.id = `arrow-${kind}`;
  copy.setAttribute('data-way', kind);
  marker?.after(copy);
}

function scrollToActive(frame: HTMLElement): void {
  const active = frame.querySelector('[data-active]');
  if (!active) return;
  const [box, around] = [active.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollBy({
    left: box.left + box.width / 2 - (around.left + around.width / 2),
    top: box.top + box.height / 2 - (around.top + around.height / 2),
  });
}
