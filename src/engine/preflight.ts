import type { CaseFilter, CaseRow, Store } from '../db/store.ts';
import { digestState, readEntry } from './entry.ts';
import { asItStands, whyNotTaken } from './fork.ts';
import { formSchema } from './forms.ts';
import { listAllowed } from './gate.ts';
import { restore } from './interpret.ts';
import { CannotMigrate, stepMigrate } from './migrate.ts';
import { diff, leavesOf } from './narrate.ts';
import { formOf, timersOf } from './present.ts';
import { eventOf, replay, type Standing } from './replay.ts';
import { type Moment, step, stepOpen } from './step.ts';
import type {
  CaseState,
  Entry,
  EventDefinition,
  JsonObject,
  Matter,
  Migration,
  Role,
  StoredEntry,
} from './types.ts';
import { findMigration, findVersion, MachineNotLoaded, MIGRATE } from './versions.ts';
import { knowsEvent } from './wanted.ts';

/**
 * How a stored case stands to the newest version of its machine.
 * same: its history leads to the same states there, and what may happen next is the same.
 * diverges: the state it is in can go on there, but from entry `seq` on (one past the last: in what may happen next) its
 * history would not have been the same.
 * stranded: the state it is in is not there, or cannot go on there; or its own version is not loaded. `taken` says
 * whether a migration takes it.
 */
export type Verdict =
  | { kind: 'same' }
  | { kind: 'diverges'; seq: number; what: string }
  | { kind: 'stranded'; what: string; taken: boolean };

/** One case and its verdict. */
export interface Checked {
  row: CaseRow;
  verdict: Verdict;
}

const CASES_AT_ONCE = 500;

/** Every stored case, ended ones too, newest first; each history is read, run and forgotten. Writes nothing. */
export async function* preflight(
  store: Pick<Store, 'searchCases' | 'readEntries'>,
  matters: Map<string, Matter>,
  matterId?: string,
): AsyncGenerator<Checked> {
  for await (const row of listCases(store, matterId)) {
    const newest = matters.get(row.matter);
    const entries = newest ? await store.readEntries(row.id, 'accepted') : [];
    yield { row, verdict: newest ? checkCase(newest, row, entries) : strandedWithout(row) };
  }
}

/** All cases, newest first, a page at a time. */
export async function* listCases(
  store: Pick<Store, 'searchCases'>,
  matter?: string,
): AsyncGenerator<CaseRow> {
  const filter: CaseFilter = { limit: CASES_AT_ONCE, ...(matter === undefined ? {} : { matter }) };
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await store.searchCases({ ...filter, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.rows;
    cursor = page.next;
  }
}

function strandedWithout(row: CaseRow): Verdict {
  return { kind: 'stranded', what: `there is no matter ${row.matter}`, taken: false };
}

function checkCase(newest: Matter, row: CaseRow, entries: StoredEntry[]): Verdict {
  const own = findVersion(newest, row.machine);
  const ended = row.state.status === 'done';
  const what = own ? (ended ? undefined : findObstacle(own, newest, row)) : notLoaded(row);
  if (what !== undefined) return { kind: 'stranded', what, taken: !ended && isTaken(newest, row) };
  const diverges =
    findDivergence(newest, entries) ?? (own && !ended ? compareNext(own, newest, row) : undefined);
  return diverges ? { kind: 'diverges', ...diverges } : { kind: 'same' };
}

function notLoaded({ machine }: CaseRow): string {
  return `version ${machine.version} (${machine.definition.slice(0, 15)}…) is not loaded`;
}

/** Whether the migration that is declared takes it to where the newest version can go on. */
function isTaken(newest: Matter, row: CaseRow): boolean {
  const migration = findMigration(newest, row.machine.version, newest.version);
  if (!migration) return false;
  const moved = tryMove(migration, newest, row);
  return (
    typeof moved !== 'string' &&
    (moved.status === 'done' || hasWayOn({ matter: newest, state: moved }, row.updatedAt))
  );
}

/** Where it would stand, or why it would not. */
function tryMove(migration: Migration, to: Matter, row: CaseRow): CaseState | string {
  const moment: Moment = { caseId: row.id, seq: row.seq, at: row.updatedAt };
  try {
    return stepMigrate(migration, to.machine, row.state, moment).state;
  } catch (error) {
    if (error instanceof CannotMigrate) return error.message;
    throw error;
  }
}

/** Why the state it is in cannot go on in the newest version as it stands. */
function findObstacle(own: Matter, newest: Matter, row: CaseRow): string | undefined {
  const { state } = row;
  const moved = tryMove(asItStands(own.version, newest.version), newest, row);
  if (typeof moved === 'string') return moved;
  const where = leavesOf({ matter: own, state }).join(' + ');
  if (moved.status === 'done') return `${where} is an end`;
  const lost = Object.entries(state.children).find(([id, { src }]) => moved.children[id]?.src !== src);
  if (lost) return `nobody in ${where} waits for ${lost[0]}`;
  const at = row.updatedAt;
  const stuck = !hasWayOn({ matter: newest, state: moved }, at) && hasWayOn({ matter: own, state }, at);
  return stuck ? `there is no way on from ${where}` : undefined;
}

/** Whether anything can still happen: an event of somebody, a result that is waited for, a deadline. */
function hasWayOn(standing: Standing, at: string): boolean {
  return nextIn(standing, at).size > 0;
}

type Difference = { seq: number; what: string };

/** The first entry that the newest version answers otherwise: from the last move on, for what was before is not of its time. */
function findDivergence(newest: Matter, stored: StoredEntry[]): Difference | undefined {
  const entries = stored.map(({ bytes }) => readEntry(bytes));
  const moved = entries.findLastIndex(({ type }) => type === MIGRATE) + 1;
  const began = moved === 0 ? undefined : standAt(newest, stored, moved);
  if (typeof began === 'string') return { seq: 1, what: began };
  let before = began?.state;
  for (const entry of entries.slice(moved)) {
    const state = tryStep(newest, before, entry);
    if (typeof state === 'string') return { seq: entry.seq, what: `${entry.type} ${state}` };
    if (digestState(state) !== entry.state.digest) {
      const was = standAt(newest, stored, entry.seq);
      const how = typeof was === 'string' ? was : differenceOf(was, { matter: newest, state });
      return { seq: entry.seq, what: `${entry.type} ${how}` };
    }
    before = state;
  }
  return undefined;
}

/** Where the case stood after an entry, under the version of that time, or why that cannot be told. */
function standAt(newest: Matter, stored: StoredEntry[], seq: number): Standing | string {
  try {
    const [last] = [...replay(newest, stored.slice(0, seq))].slice(-1);
    return last ?? 'there is no such entry';
  } catch (error) {
    if (error instanceof MachineNotLoaded) return error.message;
    throw error;
  }
}

/** The state that an entry's event leads to, or why to none. */
function tryStep(newest: Matter, before: CaseState | undefined, entry: Entry): CaseState | string {
  const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
  if (!before) return stepOpen(newest.machine, moment).state;
  try {
    const standing = { matter: newest, state: before };
    const refused = whyNotTaken(standing, { ...entry, role: entry.actor.role });
    if (refused !== undefined) return `is not taken: ${refused}`;
    return step(newest.machine, before, eventOf(entry), moment).state;
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message : 'unknown'}`;
  }
}

function differenceOf(was: Standing, is: Standing): string {
  const [old, now] = [leavesOf(was).join(' + '), leavesOf(is).join(' + ')];
  if (old !== now) return `leads to ${now}, not to ${old}`;
  const timers = ({ state }: Standing) => timersOf(state).map(({ event, dueAt }) => `${event} ${dueAt}`);
  const [then, here] = [timers(was).join(', '), timers(is).join(', ')];
  if (then !== here) return `sets other deadlines in ${now}`;
  const effects = ({ state }: Standing) => Object.keys(state.children).toSorted().join(', ');
  if (effects(was) !== effects(is))
    return `asks for ${effects(is) || 'nothing'}, not for ${effects(was) || 'nothing'}`;
  const [first] = [...diff(was.state.context, is.state.context)];
  return `leaves other facts in ${now}${first ? `: ${first.pointer}` : ''}`;
}

const ROLES: Role[] = ['applicant', 'enterprise', 'officer', 'auditor', 'operator'];

/** What may happen next where the case stands, each with the form it asks for. */
function nextIn({ matter, state }: Standing, at: string): Map<string, string> {
  const snapshot = restore(matter.machine, state);
  const next = new Map<string, string>();
  for (const role of ROLES) {
    for (const event of listAllowed({ matter, snapshot, role, at, timers: timersOf(state) })) {
      const definition = matter.events[event];
      if (definition) next.set(`${event} (${role})`, formText(definition, state));
    }
  }
  const kinds = ['done', 'error'].flatMap((kind) =>
    Object.keys(state.children).map((id) => `xstate.${kind}.actor.${id}`),
  );
  for (const type of [...kinds, ...Object.keys(state.timers)])
    if (knowsEvent(snapshot, type)) next.set(type, '');
  return next;
}

const formTexts = new WeakMap<JsonObject, string>();

function formText(definition: EventDefinition, { context }: CaseState): string {
  const schema = formSchema(formOf(definition, context));
  const text = formTexts.get(schema) ?? JSON.stringify(schema);
  formTexts.set(schema, text);
  return text;
}

/** What may happen next there, held against what may happen next here. */
function compareNext(
  own: Matter,
  newest: Matter,
  { state, seq, updatedAt }: CaseRow,
): Difference | undefined {
  const here = nextIn({ matter: own, state }, updatedAt);
  const there = nextIn({ matter: newest, state }, updatedAt);
  const names = [...here.keys(), ...there.keys()];
  const odd = names.find((name) => here.get(name) !== there.get(name));
  if (odd === undefined) return undefined;
  const how = !there.has(odd)
    ? 'is no longer taken'
    : !here.has(odd)
      ? 'is newly taken'
      : 'asks for another form';
  return { seq: seq + 1, what: `${odd} ${how} in ${leavesOf({ matter: own, state }).join(' + ')}` };
}
