import { digestState, readEntry } from './entry.ts';
import { step, stepOpen } from './step.ts';
import type { CaseState, Entry, MachineEvent, Matter, ProblemSpec, StoredEntry } from './types.ts';

/** One entry run again. `holds` is false when the state it leads to is not the one it recorded. */
export interface Replayed {
  entry: Entry;
  stored: StoredEntry;
  state: CaseState;
  digest: string;
  holds: boolean;
  problem: ProblemSpec | undefined;
}

/** Runs a history through its machine again, entry by entry. Needs no personal data, does no work, writes nothing. */
export function* replay(matter: Matter, entries: Iterable<StoredEntry>): Generator<Replayed> {
  let state: CaseState | undefined;
  for (const stored of entries) {
    const entry = readEntry(stored.bytes);
    const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
    const taken = state
      ? step(matter.machine, state, eventOf(entry), moment)
      : stepOpen(matter.machine, moment);
    state = taken.state;
    const digest = digestState(state);
    yield { entry, stored, state, digest, holds: digest === entry.state.digest, problem: taken.problem };
  }
}

/** The event as the machine saw it. */
export function eventOf(entry: Pick<Entry, 'type' | 'at' | 'data'>): MachineEvent {
  return { ...entry.data, at: entry.at, type: entry.type };
}
