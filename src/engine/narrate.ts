import { restore } from './interpret.ts';
import { activeLeaves } from './present.ts';
import type { Standing } from './replay.ts';
import { nameOfTimer, PERSON_ERASED } from './step.ts';
import type { Entry, Json, JsonObject, Matter, Step, Text, TimerState } from './types.ts';
import { MIGRATE } from './versions.ts';

/** What an entry did, for people. Facts only: nothing personal is in an entry. */
export interface Narration {
  title: Text;
  /** Version of the machine after it. */
  machineVersion: string;
  /** Active leaves before it and after it. */
  from: string[];
  states: string[];
  status: 'active' | 'done';
  facts: JsonObject;
  deadlines: { set: TimerState[]; fired: TimerState[]; ended: TimerState[] };
  /** Effects and actions it asked for. */
  started: string[];
  /** What it changed in the machine's context; opening makes it. */
  changes: Change[];
}
export interface Change {
  /** RFC 6901. */
  pointer: string;
  before: Json | null;
  after: Json | null;
}

/** An event taken, from where to where. */
export interface Taken extends Standing {
  entry: Pick<Entry, 'type' | 'data'>;
  work: Pick<Step, 'start'>;
}

export function narrate(before: Standing | undefined, taken: Taken): Narration {
  const { matter, state, entry } = taken;
  return {
    title: titleOf(before?.matter ?? matter, entry),
    machineVersion: matter.version,
    from: before ? leavesOf(before) : [],
    states: leavesOf(taken),
    status: state.status,
    facts: entry.data,
    deadlines: deadlinesOf(before, taken),
    started: taken.work.start.filter(({ kind }) => kind !== 'timer').map(({ name }) => name),
    changes: before ? [...diff(before.state.context, state.context)] : [],
  };
}

export function leavesOf({ matter, state }: Standing): string[] {
  return activeLeaves(restore(matter.machine, state));
}

/** Of an event people send, the words they see; of what comes by itself, what it is. */
export function titleOf(matter: Matter, { type, data }: Pick<Entry, 'type' | 'data'>): Text {
  const known = matter.events[type]?.title;
  if (known) return known;
  const [, kind, effect = ''] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (kind === 'done') return { zh: `${effect} 的结果`, en: `result of ${effect}` };
  if (kind === 'error') return { zh: `${effect} 未能完成`, en: `${effect} gave up` };
  if (type === 'case.open') return { zh: '开始办理', en: 'Opened' };
  if (type === MIGRATE) return moveTitle(data);
  if (type === PERSON_ERASED) return { zh: '个人信息已删除', en: 'personal data erased' };
  if (type.startsWith('xstate.after.')) {
    const name = nameOfTimer(type);
    return { zh: `到期:${name}`, en: `${name} ran out` };
  }
  return { zh: type, en: type };
}

function moveTitle({ from, to }: JsonObject): Text {
  const way = `${versionIn(from)} → ${versionIn(to)}`;
  return { zh: `流程版本 ${way}`, en: `machine version ${way}` };
}

function versionIn(stamp: Json | undefined): string {
  const version = typeof stamp === 'object' && stamp && 'version' in stamp ? stamp.version : undefined;
  return typeof version === 'string' ? version : '?';
}

function deadlinesOf(before: Standing | undefined, { state, entry }: Taken): Narration['deadlines'] {
  const [old, now] = [before?.state.timers ?? {}, state.timers];
  const isNew = ([id, { dueAt }]: [string, TimerState]) => old[id]?.dueAt !== dueAt || id === entry.type;
  const gone = Object.entries(old).filter(([id]) => id !== entry.type && !now[id]);
  return {
    set: Object.entries(now).filter(isNew).map(timerOf),
    fired: Object.entries(old)
      .filter(([id]) => id === entry.type)
      .map(timerOf),
    ended: gone.map(timerOf),
  };
}

function timerOf([, timer]: [string, TimerState]): TimerState {
  return timer;
}

/** Members that differ; lists are compared as a whole. */
export function* diff(before: Json, after: Json, pointer = ''): Generator<Change> {
  if (!isObject(before) || !isObject(after)) {
    if (JSON.stringify(before) !== JSON.stringify(after)) yield { pointer, before, after };
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)].toSorted())) {
    yield* diff(before[name] ?? null, after[name] ?? null, `${pointer}/${name}`);
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
