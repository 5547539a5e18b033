import { digestState, readEntry } from './entry.ts';
import { CannotMigrate, stepMigrate } from './migrate.ts';
import { type Moment, step, stepOpen } from './step.ts';
import type {
  CaseState,
  Entry,
  MachineEvent,
  MachineStamp,
  Matter,
  ProblemSpec,
  Step,
  StoredEntry,
} from './types.ts';
import { findMigration, getVersion, MIGRATE } from './versions.ts';

/** One entry run again. `holds` is false when the state it leads to is not the one it recorded. */
export interface Replayed {
  entry: Entry;
  stored: StoredEntry;
  /** The version that the case was on after it. */
  matter: Matter;
  state: CaseState;
  digest: string;
  holds: boolean;
  problem: ProblemSpec | undefined;
  /** The work it asked for, and took back. */
  work: Pick<Step, 'start' | 'cancel'>;
}

/**
 * Runs a history again, entry by entry, each through the machine of its time: the one it was opened with, from a
 * `case.migrate` on the one it was moved to. Needs no personal data, does no work, writes nothing.
 * @throws MachineNotLoaded
 */
export function* replay(matter: Matter, entries: Iterable<StoredEntry>): Generator<Replayed> {
  let before: Standing | undefined;
  for (const stored of entries) {
    const entry = readEntry(stored.bytes);
    const { matter: version, taken } = takeAgain(matter, before, entry);
    const { state, problem, start, cancel } = taken;
    before = { matter: version, state };
    const digest = digestState(state);
    const holds = digest === entry.state.digest;
    yield { entry, stored, matter: version, state, digest, holds, problem, work: { start, cancel } };
  }
}

/** A state, and the version of its matter that it is a state of. */
export interface Standing {
  matter: Matter;
  state: CaseState;
}

/** What an entry did, done again from where the case stood; from nowhere, for the first. @throws MachineNotLoaded */
export function takeAgain(
  matter: Matter,
  before: Standing | undefined,
  entry: Pick<Entry, 'case' | 'seq' | 'type' | 'at' | 'data' | 'machine'>,
): { matter: Matter; taken: Step } {
  const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
  if (!before) {
    const first = getVersion(matter, entry.machine);
    return { matter: first, taken: stepOpen(first.machine, moment) };
  }
  if (entry.type === MIGRATE) return moveAgain(before, entry.data, moment);
  return {
    matter: before.matter,
    taken: step(before.matter.machine, before.state, eventOf(entry), moment),
  };
}

function moveAgain({ matter, state }: Standing, data: Entry['data'], moment: Moment) {
  // Written by us, in this shape; what is not in it finds no machine.
  const to = getVersion(matter, data.to as unknown as MachineStamp);
  const migration = findMigration(matter, matter.version, to.version);
  if (!migration) throw new CannotMigrate(`no migration from ${matter.version} to ${to.version}`);
  return { matter: to, taken: stepMigrate(migration, to.machine, state, moment) };
}

/** The event as the machine saw it. */
export function eventOf(entry: Pick<Entry, 'type' | 'at' | 'data'>): MachineEvent {
  return { ...entry.data, at: entry.at, type: entry.type };
}
