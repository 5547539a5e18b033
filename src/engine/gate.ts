import { type AnyMachineSnapshot, getNextTransitions } from 'xstate';
import type { JsonObject, Matter, ProblemSpec, Role, TimerState } from './types.ts';
import { MIGRATE } from './versions.ts';

/** `form` says whether the event is one of this state at all, so that its form is worth checking first. */
export type Verdict = { ok: true } | { ok: false; form: boolean; problem: ProblemSpec; why: JsonObject };

export interface Question {
  matter: Matter;
  snapshot: AnyMachineSnapshot;
  role: Role;
  at: string;
  timers: TimerState[];
}

/** Whether this role may send this event now, and if not, what stands in the way. */
export function judge(question: Question, type: string): Verdict {
  const { matter, snapshot, role } = question;
  const definition = matter.events[type];
  if (!definition) return refuse({ because: isInternal(type) ? 'internal-event' : 'unknown-event' });
  if (!definition.roles.includes(role)) return refuseRole(definition.roles);
  if (accepts(snapshot, type, question.at)) return { ok: true };
  const guards = listGuards(snapshot, type);
  const guard = guards.find((name) => matter.why[name]) ?? guards[0];
  if (guard === undefined) return refuse({ because: 'state' });
  const reason = matter.why[guard]?.(contextOf(snapshot), question.timers, question.at);
  const problem = reason ?? { code: 'event-not-allowed' };
  return { ok: false, form: true, problem, why: { because: 'guard', guard } };
}

/** Results, timers, and what the engine itself writes into a history. */
function isInternal(type: string): boolean {
  return type.startsWith('xstate.') || type === MIGRATE;
}

/** Names of the events this role may send now, in the matter's order. */
export function listAllowed({ matter, snapshot, role, at }: Question): string[] {
  return Object.entries(matter.events)
    .filter(([type, definition]) => definition.roles.includes(role) && accepts(snapshot, type, at))
    .map(([type]) => type);
}

/** Names of the events that somebody may send now, whoever that is. */
export function listOpen({ matter, snapshot, at }: Pick<Question, 'matter' | 'snapshot' | 'at'>): string[] {
  return Object.keys(matter.events).filter((type) => accepts(snapshot, type, at));
}

/** Guards look at context only, so an event without its payload is enough to ask them. */
function accepts(snapshot: AnyMachineSnapshot, type: string, at: string): boolean {
  return snapshot.status === 'active' && knows(snapshot, type) && snapshot.can({ type, at });
}

/** Most events are no business of a state: that is told without asking XState for each. A wildcard may know any. */
function knows(snapshot: AnyMachineSnapshot, type: string): boolean {
  return eventsOf(snapshot).has(type) || eventsOf(snapshot).has('*');
}

const known = new WeakMap<AnyMachineSnapshot, Set<string>>();

function eventsOf(snapshot: AnyMachineSnapshot): Set<string> {
  let events = known.get(snapshot);
  if (!events) {
    const descriptors = snapshot._nodes.flatMap((node) => [...node.transitions.keys()]);
    events = new Set(descriptors.map((each) => (each.includes('*') ? '*' : each)));
    known.set(snapshot, events);
  }
  return events;
}

/** The guards that stand between this state and an event it knows. */
function listGuards(snapshot: AnyMachineSnapshot, type: string): string[] {
  if (snapshot.status !== 'active') return [];
  return getNextTransitions(snapshot)
    .filter((transition) => transition.eventType === type && transition.guard)
    .map((transition) => nameOf(transition.guard));
}

function nameOf(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'object' && guard && 'type' in guard) return String(guard.type);
  return 'guard';
}

function contextOf(snapshot: AnyMachineSnapshot): JsonObject {
  return snapshot.context as JsonObject;
}

function refuse(why: JsonObject): Verdict {
  return { ok: false, form: false, problem: { code: 'event-not-allowed' }, why };
}

function refuseRole(roles: Role[]): Verdict {
  return { ok: false, form: false, problem: { code: 'forbidden' }, why: { because: 'role', roles } };
}
