import type { Chart, ChartNode, ChartTransition } from './chart.ts';

/** What a reader sees on the arrow: `registration.submit [codeSent]`, `after 30 s`, `lookUp done [else]`. */
export function labelOf(chart: Chart, transition: ChartTransition): string {
  const guard = transition.guard ?? (isElse(chart, transition) ? 'else' : undefined);
  const trigger = triggerOf(chart, transition);
  return guard === undefined ? trigger : `${trigger} [${guard}]`;
}

/** Taken only when a guard before it has said no. */
function isElse(chart: Chart, { source, event }: ChartTransition): boolean {
  return chart.transitions.some((t) => t.source === source && t.event === event && t.guard !== undefined);
}

function triggerOf(chart: Chart, transition: ChartTransition): string {
  switch (transition.kind) {
    case 'event':
      return transition.event;
    case 'timer':
      return `after ${durationOf(transition.delay ?? '…')}`;
    case 'done':
    case 'error':
      return `${workOf(chart, transition)}${transition.kind}`;
    case 'always':
      return 'always';
  }
}

/** Generated invoke ids only repeat where the arrow starts, so the reader gets the name of the work instead. */
function workOf(chart: Chart, { event, source }: ChartTransition): string {
  const id = /^xstate\.(?:done|error)\.actor\.(.*)$/.exec(event)?.[1];
  const node = chart.nodes.find((candidate) => candidate.id === source);
  const src = node?.invokes.find((invoke) => invoke.id === id)?.src ?? id;
  return src === undefined ? '' : `${invokeName(src)} `;
}

/** XState makes up a name for work that is written in place. */
export function invokeName(src: string): string {
  return src.startsWith('xstate.invoke.') ? '…' : src;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

function durationOf(delay: number | string): string {
  if (typeof delay === 'string') return delay;
  const unit = UNITS.find(([, ms]) => delay >= ms && delay % ms === 0);
  return unit ? `${delay / unit[1]} ${unit[0]}` : `${delay} ms`;
}

export function titleOf(node: ChartNode): string {
  if (node.type !== 'history') return keyOf(node);
  return `${node.history === 'deep' ? 'H*' : 'H'} ${keyOf(node)}`;
}

/** A state's own name: a key may hold dots itself, so the path is not split. */
function keyOf({ id, parent }: Pick<ChartNode, 'id' | 'parent'>): string {
  return parent === '' ? id : id.slice(parent.length + 1);
}

/** Whether `inner` is `outer` or lies in it; '' is the machine. */
export function isAround(outer: string, inner: string): boolean {
  return outer === '' || inner === outer || inner.startsWith(`${outer}.`);
}
