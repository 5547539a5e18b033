import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
  createActor,
  initialTransition,
} from 'xstate';
import { digestOf } from './canonical.ts';
import type { CaseState, JsonObject, MachineEvent, MachineStamp } from './types.ts';

/** An action that came out of a transition, in the parts we act on. */
export type Decision =
  | { kind: 'spawn'; id: string; src: string; input: unknown }
  | { kind: 'stop'; id: string }
  | { kind: 'timer'; id: string; delayMs: number }
  | { kind: 'cancel'; id: string }
  | { kind: 'emit'; event: JsonObject }
  | { kind: 'action'; name: string; params: unknown };

interface Executable {
  type: string;
  params?: unknown;
}

const stamps = new WeakMap<AnyStateMachine, string>();

/** Id, version and structure digest of a machine. A snapshot under another stamp must not be continued silently. */
export function stampOf(machine: AnyStateMachine, version: string): MachineStamp {
  let definition = stamps.get(machine);
  if (!definition) {
    definition = digestOf(JSON.stringify(machine.definition));
    stamps.set(machine, definition);
  }
  return { id: machine.id, version, definition };
}

/** The first snapshot of a case, and what it decides. */
export function begin(machine: AnyStateMachine, at: string): [AnyMachineSnapshot, Decision[]] {
  const [snapshot, actions] = initialTransition(machine, { at });
  return [snapshot, readDecisions(actions)];
}

/** The next snapshot, and what it decides. Nothing is run. */
export function advance(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: MachineEvent | { type: string },
): [AnyMachineSnapshot, Decision[]] {
  const actions: Executable[] = [];
  const scope = { ...scopeOf(machine), actionExecutor: (action: Executable) => void actions.push(action) };
  return [machine.transition(snapshot, event, scope), readDecisions(actions)];
}

/** The transitions an event takes, and after it those that the machine takes by itself, in their order. */
export function findWays(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: MachineEvent,
): AnyTransitionDefinition[] {
  const ways: AnyTransitionDefinition[] = [];
  // XState tells which transitions it took to who inspects it, and to nobody else.
  const { system } = createActor(machine, {
    inspect: (seen) => {
      if (seen.type === '@xstate.microstep') ways.push(...seen._transitions);
    },
  });
  machine.transition(snapshot, event, { ...scopeOf(machine), system });
  return ways;
}

const scopes = new WeakMap<AnyStateMachine, Scope>();
type Scope = Parameters<AnyStateMachine['transition']>[2];

/**
 * What XState's own `transition` makes anew on each call, a throw-away actor and its system, made once a machine: that
 * is two thirds of the call. A test holds that both give the same in every state of every matter.
 */
function scopeOf(machine: AnyStateMachine): Scope {
  let scope = scopes.get(machine);
  if (!scope) {
    const self = createActor(machine);
    const nothing = () => {};
    scope = {
      self,
      system: self.system,
      id: '',
      sessionId: '',
      logger: nothing,
      defer: nothing,
      emit: nothing,
      stopChild: nothing,
      actionExecutor: nothing,
    };
    scopes.set(machine, scope);
  }
  return scope;
}

const restored = new WeakMap<CaseState, AnyMachineSnapshot>();

/**
 * A live snapshot from a stored state, made once for each: neither is ever changed. Not the one that a step has just made:
 * its nodes stand in another order, a history state would remember them so, and the digest would hang on who has restarted when.
 */
export function restore(machine: AnyStateMachine, state: CaseState): AnyMachineSnapshot {
  let snapshot = restored.get(state);
  if (snapshot?.machine !== machine) {
    snapshot = resolve(machine, state);
    restored.set(state, snapshot);
  }
  return snapshot;
}

function resolve(machine: AnyStateMachine, state: CaseState): AnyMachineSnapshot {
  const historyValue = Object.fromEntries(
    Object.entries(state.history).map(([id, nodes]) => [
      id,
      nodes.map((node) => machine.getStateNodeById(node)),
    ]),
  );
  const snapshot = machine.resolveState({
    value: state.value,
    context: state.context,
    status: state.status,
    historyValue,
  });
  // Without a stand-in for each child, leaving its state gives stopChild(undefined) and a cancellation is lost.
  const children = Object.fromEntries(Object.keys(state.children).map((id) => [id, { id }]));
  return Object.assign(snapshot, { children });
}

/** The parts of a snapshot that survive as JSON. */
export function persist(
  snapshot: AnyMachineSnapshot,
): Pick<CaseState, 'status' | 'value' | 'context' | 'history'> {
  return {
    status: statusOf(snapshot),
    value: snapshot.value,
    context: snapshot.context as JsonObject,
    history: Object.fromEntries(
      Object.entries(snapshot.historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id)]),
    ),
  };
}

function statusOf(snapshot: AnyMachineSnapshot): 'active' | 'done' {
  if (snapshot.status === 'active' || snapshot.status === 'done') return snapshot.status;
  throw new Error(`a machine must not end in status ${snapshot.status}`, { cause: snapshot.error });
}

/** What we act on, of the actions that came out of a transition. */
export function readDecisions(actions: Executable[]): Decision[] {
  return actions.map(readDecision).filter((decision) => decision !== undefined);
}

function readDecision(action: Executable): Decision | undefined {
  const params = (action.params ?? {}) as Record<string, unknown>;
  switch (action.type) {
    case 'xstate.spawnChild':
      return { kind: 'spawn', id: String(params.id), src: String(params.src), input: params.input };
    case 'xstate.stopChild':
      return { kind: 'stop', id: String(params.id) };
    case 'xstate.raise':
      // A raise without delay was already taken inside the transition.
      return params.delay === undefined ? undefined : readTimer(params);
    case 'xstate.cancel':
      return { kind: 'cancel', id: String(params.sendId) };
    case 'xstate.emit':
      return { kind: 'emit', event: params.event as JsonObject };
    default:
      return readNamedAction(action, params);
  }
}

/** A timer comes back as the event of its id, so the two must have one name. `after` sees to that by itself. */
function readTimer(params: Record<string, unknown>): Decision {
  const { id, delay, event } = params;
  const { type } = event as { type: string };
  if (id !== type) throw new Error(`raise of ${type} with a delay: its id must be ${type} too`);
  return { kind: 'timer', id: type, delayMs: Number(delay) };
}

function readNamedAction(action: Executable, params: Record<string, unknown>): Decision | undefined {
  if (action.type.startsWith('xstate.')) return undefined;
  return { kind: 'action', name: action.type, params };
}
