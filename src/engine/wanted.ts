import type { AnyMachineSnapshot, StateNode } from 'xstate';
import type { Decision } from './interpret.ts';
import type { MachineEvent } from './types.ts';

type Wish = Extract<Decision, { kind: 'spawn' | 'timer' }>;

/**
 * The effects and timers that the active states of a machine ask for by being active: what XState starts when they are
 * entered. Their other entry actions are not among them: they were taken when the case came to where it is.
 */
export function listWanted(snapshot: AnyMachineSnapshot, event: MachineEvent): Wish[] {
  const nodes: StateNode[] = snapshot._nodes.toSorted((a, b) => a.order - b.order);
  return nodes.flatMap((node) => [...timersOf(node, snapshot, event), ...effectsOf(node, snapshot, event)]);
}

/** Whether an active state takes this event at all, whatever its guards say. */
export function knowsEvent(snapshot: AnyMachineSnapshot, type: string): boolean {
  return snapshot._nodes.some((node) => node.transitions.has(type));
}

function effectsOf(node: StateNode, { context }: AnyMachineSnapshot, event: MachineEvent): Wish[] {
  return node.invoke.map(({ id, src, input }) => ({
    kind: 'spawn' as const,
    id,
    src: typeof src === 'string' ? src : id,
    input: typeof input === 'function' ? input({ context, event, self: undefined as never }) : input,
  }));
}

/** `after` stands among a state's entry actions as a raise with a delay, as one written by hand does; its id is its event. */
interface DelayedRaise {
  type: 'xstate.raise';
  id: string;
  delay: number | string | ((args: object) => number);
}

function timersOf(node: StateNode, snapshot: AnyMachineSnapshot, event: MachineEvent): Wish[] {
  return node.entry.filter(isDelayedRaise).map((raise) => ({
    kind: 'timer' as const,
    id: raise.id,
    delayMs: delayOf(raise.delay, snapshot, event),
  }));
}

function isDelayedRaise(action: unknown): action is DelayedRaise {
  const raise = action as Partial<DelayedRaise> | null;
  return raise?.type === 'xstate.raise' && raise.delay !== undefined && raise.id !== undefined;
}

function delayOf(delay: DelayedRaise['delay'], snapshot: AnyMachineSnapshot, event: MachineEvent): number {
  const { machine, context } = snapshot;
  const found: unknown = typeof delay === 'string' ? machine.implementations.delays[delay] : delay;
  const ms: unknown = typeof found === 'function' ? found({ context, event }, undefined) : found;
  if (typeof ms !== 'number') throw new TypeError(`no such delay: ${String(delay)}`);
  return ms;
}
