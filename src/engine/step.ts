import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { canonical } from './canonical.ts';
import { stateText } from './entry.ts';
import { advance, begin, type Decision, persist, restore } from './interpret.ts';
import type { CaseState, Json, JsonObject, MachineEvent, NewTask, ProblemSpec, Step } from './types.ts';

/** Where in a history a step is taken. */
export interface Moment {
  caseId: string;
  seq: number;
  at: string;
}

/** The first step of a case: its machine enters its initial state. */
export function stepOpen(machine: AnyStateMachine, moment: Moment): Step {
  const [snapshot, decisions] = begin(machine, moment.at);
  return conclude(snapshot, decisions, { children: {}, timers: {}, failed: {} }, moment);
}

/** Snapshot + event → next snapshot and the work it decided. Reads no clock: time is `event.at`. */
export function step(machine: AnyStateMachine, state: CaseState, event: MachineEvent, moment: Moment): Step {
  if (event.type === PERSON_ERASED) return stepErased(state);
  const [snapshot, decisions] = advance(machine, restore(machine, state), event);
  return conclude(snapshot, decisions, withoutCause(state, event.type), moment, event.type === RETRY);
}

/** Ends every case of a person who was erased, whatever machine it runs on. No machine sees it, no client can send it. */
export const PERSON_ERASED = 'person.erased';

/** The case ends where it stands: its value and facts stay, and nothing is waited for any more. */
export function stepErased(state: CaseState): Step {
  const cancel = [...Object.keys(state.timers), ...Object.keys(state.children)];
  const ended: CaseState = { ...state, status: 'done', children: {}, timers: {}, failed: {} };
  return { state: ended, start: [], cancel, problem: undefined };
}

/** The event of every matter that asks for the same work again. */
const RETRY = 'case.retry';

type Work = Pick<CaseState, 'children' | 'timers' | 'failed'>;

/** The timer that fires, and the child that ends, are over by having come in. */
function withoutCause(state: CaseState, type: string): Work {
  const { [type]: _fired, ...timers } = state.timers;
  const { [childOf(type)]: ended, ...children } = state.children;
  const failed = ended && type.startsWith('xstate.error.') ? { [childOf(type)]: ended.key } : {};
  return { children, timers, failed: { ...state.failed, ...failed } };
}

function childOf(type: string): string {
  return /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(type)?.[1] ?? '';
}

function conclude(
  snapshot: AnyMachineSnapshot,
  decisions: Decision[],
  before: Work,
  moment: Moment,
  again = false,
): Step {
  const work = {
    children: { ...before.children },
    timers: { ...before.timers },
    failed: { ...before.failed },
  };
  const started = new Map<string, NewTask>();
  const cancelled = new Set<string>();
  let problem: ProblemSpec | undefined;
  for (const [index, decision] of decisions.entries()) {
    if (decision.kind === 'emit') problem = readProblem(decision.event) ?? problem;
    else apply(decision, index, work, started, cancelled, moment, again);
  }
  const kept = persist(snapshot);
  if (kept.status === 'done') endAll(work, started, cancelled);
  const state = { ...kept, ...work };
  // Date, Map, Error do not survive JSON: a context that holds one is a mistake in the machine, and ends here.
  stateText(state);
  return {
    state,
    start: [...started.values()],
    cancel: [...cancelled],
    problem,
  };
}

/** A machine that is done waits for nothing; XState leaves the timers of a raise to whoever runs it. */
function endAll(work: Work, started: Map<string, NewTask>, cancelled: Set<string>): void {
  for (const ref of [...Object.keys(work.timers), ...Object.keys(work.children)]) {
    cancelled.add(ref);
    started.delete(ref);
  }
  work.timers = {};
  work.children = {};
  work.failed = {};
}

function apply(
  decision: Exclude<Decision, { kind: 'emit' }>,
  index: number,
  work: Work,
  started: Map<string, NewTask>,
  cancelled: Set<string>,
  moment: Moment,
  again: boolean,
): void {
  switch (decision.kind) {
    case 'spawn': {
      const task = effectTask(decision, moment, again ? work.failed[decision.id] : undefined);
      delete work.failed[decision.id];
      work.children[decision.id] = { src: decision.src, key: task.key };
      started.set(task.ref, task);
      return;
    }
    case 'timer': {
      const task = timerTask(decision, moment);
      if (work.timers[decision.id]) cancelled.add(decision.id);
      work.timers[decision.id] = { event: nameOfTimer(decision.id), dueAt: task.dueAt };
      started.set(task.ref, task);
      return;
    }
    case 'stop':
      if (decision.id in work.children) cancelled.add(decision.id);
      delete work.children[decision.id];
      started.delete(decision.id);
      return;
    case 'cancel':
      if (decision.id in work.timers) cancelled.add(decision.id);
      delete work.timers[decision.id];
      started.delete(decision.id);
      return;
    case 'action':
      started.set(`${decision.name}#${moment.seq}.${index}`, actionTask(decision, index, moment));
  }
}

export function effectTask(
  decision: Extract<Decision, { kind: 'spawn' }>,
  moment: Moment,
  sameWish: string | undefined,
): NewTask {
  return {
    kind: 'effect',
    ref: decision.id,
    name: decision.src,
    key: sameWish ?? `${moment.caseId}:${moment.seq}:${decision.id}`,
    input: toJson(decision.input),
    dueAt: moment.at,
  };
}

/** `dueAt` for a timer that has been running. */
export function timerTask(
  decision: Extract<Decision, { kind: 'timer' }>,
  moment: Moment,
  dueAt = new Date(Date.parse(moment.at) + decision.delayMs).toISOString(),
): NewTask {
  return {
    kind: 'timer',
    ref: decision.id,
    name: decision.id,
    key: `${moment.caseId}:${moment.seq}:${decision.id}`,
    input: null,
    dueAt,
  };
}

function actionTask(decision: Extract<Decision, { kind: 'action' }>, index: number, moment: Moment): NewTask {
  const ref = `${decision.name}#${moment.seq}.${index}`;
  return {
    kind: 'action',
    ref,
    name: decision.name,
    key: `${moment.caseId}:${ref}`,
    input: toJson(decision.params),
    dueAt: moment.at,
  };
}

/** `xstate.after.smsCodeExpires.matter.path` → `smsCodeExpires`. */
export function nameOfTimer(id: string): string {
  return id.split('.')[2] ?? id;
}

function toJson(value: unknown): Json {
  if (value === undefined) return null;
  canonical(value);
  return value as Json;
}

function readProblem(event: JsonObject): ProblemSpec | undefined {
  if (event.type !== 'problem' || typeof event.code !== 'string') return undefined;
  const { code, params, pointer } = event;
  if (typeof pointer === 'string') return { code, errors: [{ pointer, code }] };
  return typeof params === 'object' && params && !Array.isArray(params) ? { code, params } : { code };
}
