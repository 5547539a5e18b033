import type { StateValue } from 'xstate';
import type { Entered, Entry, EntryPattern, Json, Matter, ServiceEntry, Tags } from './types.ts';

type Before = Pick<Entry, 'machine'> | undefined;

/**
 * What an entry is found by; undefined for most of them: what applicants do and what comes of it. `before` is the entry
 * before it in a history.
 */
export function findTags(
  entry: Entry | ServiceEntry,
  matter?: Pick<Matter, 'questions'>,
  before?: Before,
): Tags | undefined {
  const { at, kind } = entry;
  const tags = {
    ...(kind === 'refused' || isStaff(entry) ? { actor: entry.actor.id } : undefined),
    ...(kind === 'refused' ? { type: entry.type, code: codeOf(entry) } : undefined),
    ...(kind === 'accepted' ? findTrial(entry, matter) : undefined),
    ...(kind === 'accepted' ? findLeft(entry, before) : undefined),
  };
  return Object.keys(tags).length === 0 ? undefined : { at, ...tags };
}

function isStaff({ actor }: Entry | ServiceEntry): boolean {
  return actor.role !== 'applicant' && actor.role !== 'system';
}

function codeOf({ data }: Entry): string {
  return typeof data.code === 'string' ? data.code : 'unknown';
}

function findTrial(entry: Entry, matter: Pick<Matter, 'questions'> | undefined) {
  for (const [trial, { failed, passed }] of Object.entries(matter?.questions?.trials ?? {})) {
    if (failed.some((pattern) => fits(pattern, entry))) return { trial, outcome: 'failed' as const };
    if (passed.some((pattern) => fits(pattern, entry))) return { trial, outcome: 'passed' as const };
  }
  return undefined;
}

function fits({ type, data = {}, without = [] }: EntryPattern, entry: Entry): boolean {
  return type === entry.type && includes(entry.data, data) && !without.some((name) => name in entry.data);
}

/** Whatever is asked for is there; more may be. */
function includes(found: Json | undefined, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return found === wanted;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
  return Object.entries(wanted).every(([name, value]) => includes(found[name], value));
}

function findLeft({ machine }: Entry, before: Before) {
  const left = before?.machine.version;
  return left === undefined || left === machine.version ? undefined : { left };
}

/** Since when a case is in each of its states, from since when it was in those before: the same object when it stayed. */
export function enterStates(before: Entered, value: StateValue, at: string): Entered {
  const entered: Entered = {};
  addStates(entered, before, value, '', at);
  return isSame(entered, before) ? before : entered;
}

function isSame(one: Entered, other: Entered): boolean {
  const states = Object.keys(one);
  return states.length === Object.keys(other).length && states.every((state) => state in other);
}

function addStates(entered: Entered, before: Entered, value: StateValue, path: string, at: string): void {
  if (typeof value === 'string') {
    const state = path + value;
    entered[state] = before[state] ?? at;
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const state = path + key;
    entered[state] = before[state] ?? at;
    if (child !== undefined) addStates(entered, before, child, `${state}.`, at);
  }
}

/** Since when a case is in the first of its states that it entered: it is in none for longer. */
export function earliestOf(entered: Entered): string {
  let earliest = '';
  for (const state in entered) {
    const at = entered[state];
    if (at !== undefined && (earliest === '' || at < earliest)) earliest = at;
  }
  return earliest;
}
