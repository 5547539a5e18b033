import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { JsonObject } from '../engine/types.ts';

type NodeType = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
type TransitionKind = 'event' | 'timer' | 'done' | 'error' | 'always';

/** A state. `id` is its dotted path, without the machine's id; the machine itself is not a node. */
export interface ChartNode {
  id: string;
  type: NodeType;
  /** '' at the top. */
  parent: string;
  initial?: string;
  history?: 'shallow' | 'deep';
  /** Where a history state goes that remembers nothing yet, if it says so itself. */
  fallback?: string;
  tags: string[];
  meta?: JsonObject;
  invokes: { id: string; src: string }[];
}

/** One way on. `event` is the type as XState knows it, so it is found again in a history; '' for `always`. */
export interface ChartTransition {
  /** '' for a transition of the machine itself, open in every state. */
  source: string;
  /** null: answered without leaving the state. */
  target: string | null;
  event: string;
  kind: TransitionKind;
  guard?: string;
  /** Milliseconds, or the name of a delay. */
  delay?: number | string;
  actions: string[];
}

/** A machine as data: everything in document order, so the same machine gives the same chart. */
export interface Chart {
  id: string;
  type: 'atomic' | 'compound' | 'parallel';
  initial?: string;
  nodes: ChartNode[];
  transitions: ChartTransition[];
}

export function chartOf(machine: AnyStateMachine): Chart {
  const known = charts.get(machine) ?? readChart(machine);
  charts.set(machine, known);
  return known;
}

/** One chart a machine: the layout, which costs most, is kept by chart. */
const charts = new WeakMap<AnyStateMachine, Chart>();

/** Where each of a machine's own transitions stands in its chart. */
const places = new WeakMap<AnyTransitionDefinition, number[]>();

/** Indexes into the chart's transitions: more than one where a transition leads into several regions. */
export function placesIn(machine: AnyStateMachine, taken: AnyTransitionDefinition[]): number[] {
  chartOf(machine);
  return taken.flatMap((transition) => places.get(transition) ?? []);
}

function readChart(machine: AnyStateMachine): Chart {
  const root: AnyStateNode = machine.root;
  const nodes = descendants(root);
  return {
    id: machine.id,
    type: root.type === 'parallel' || root.type === 'compound' ? root.type : 'atomic',
    ...initialOf(root),
    nodes: nodes.map(chartNode),
    transitions: listTransitions([root, ...nodes]),
  };
}

function listTransitions(nodes: AnyStateNode[]): ChartTransition[] {
  const transitions: ChartTransition[] = [];
  for (const definition of nodes.flatMap(definitionsOf)) {
    const lines = chartTransitions(definition);
    places.set(
      definition,
      lines.map((_, line) => transitions.length + line),
    );
    transitions.push(...lines);
  }
  return transitions;
}

function descendants(node: AnyStateNode): AnyStateNode[] {
  const children: AnyStateNode[] = Object.values(node.states);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function idOf(node: AnyStateNode): string {
  return node.path.join('.');
}

function chartNode(node: AnyStateNode): ChartNode {
  const meta = node.meta as JsonObject | undefined;
  return {
    id: idOf(node),
    type: node.type,
    parent: node.path.slice(0, -1).join('.'),
    ...initialOf(node),
    ...historyOf(node),
    tags: [...node.tags],
    ...(meta && { meta }),
    invokes: node.invoke.map(({ id, src }) => ({ id, src: src as string })),
  };
}

function initialOf(node: AnyStateNode): { initial?: string } {
  const first: AnyStateNode | undefined = node.type === 'compound' ? node.initial.target[0] : undefined;
  return first ? { initial: idOf(first) } : {};
}

function historyOf(node: AnyStateNode): Pick<ChartNode, 'history' | 'fallback'> {
  if (node.type !== 'history') return {};
  const fallback = fallbackOf(node);
  return { history: node.history === 'deep' ? 'deep' : 'shallow', ...(fallback && { fallback }) };
}

/** XState keeps a history state's target unresolved, in its config: a key or path below the parent, or `#id`. */
function fallbackOf(node: AnyStateNode): string | undefined {
  const target: unknown = node.config.target;
  if (typeof target !== 'string') return undefined;
  if (target.startsWith('#')) return idOf(node.machine.getStateNodeById(target.slice(1)));
  return [...node.path.slice(0, -1), target.replace(/^\./, '')].join('.');
}

function definitionsOf(node: AnyStateNode): AnyTransitionDefinition[] {
  return [...node.transitions.values(), node.always ?? []].flat();
}

/** A transition into several regions at once becomes one line per target. */
function chartTransitions(definition: AnyTransitionDefinition): ChartTransition[] {
  const { source, target, eventType, guard, actions } = definition;
  const delay: unknown = 'delay' in definition ? definition.delay : undefined;
  const targets = target?.length ? target.map(idOf) : [null];
  return targets.map((to) => ({
    source: idOf(source),
    target: to,
    event: eventType,
    kind: kindOf(eventType),
    ...(guard !== undefined && { guard: nameOf(guard) }),
    ...((typeof delay === 'string' || typeof delay === 'number') && { delay }),
    actions: actions.map(nameOf),
  }));
}

function kindOf(event: string): TransitionKind {
  if (event === '') return 'always';
  if (event.startsWith('xstate.after.')) return 'timer';
  if (event.startsWith('xstate.done.')) return 'done';
  if (event.startsWith('xstate.error.')) return 'error';
  return 'event';
}

/** A guard's or action's name. Code written in place has none: XState's own helpers (`assign`, `not`) are functions too. */
function nameOf(named: unknown): string {
  if (typeof named === 'string') return named;
  if (typeof named === 'object' && named !== null && 'type' in named) return String(named.type);
  return '…';
}
