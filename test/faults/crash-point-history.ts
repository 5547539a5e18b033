import { readEntry } from '../../src/engine/entry.ts';
import { eventOf } from '../../src/engine/replay.ts';
import { step, stepOpen } from '../../src/engine/step.ts';
import type { Entry, Matter, NewTask, Step, StoredEntry } from '../../src/engine/types.ts';

/** An entry, and the work its machine asked for and called off with it. */
export interface Wished {
  entry: Entry;
  start: NewTask[];
  cancel: string[];
}

/** A history run through its machine once more: what follows from it, whatever any table or provider says. */
export function readWishes(matter: Matter, entries: StoredEntry[]): Wished[] {
  let last: Step | undefined;
  return entries.map((stored) => {
    const entry = readEntry(stored.bytes);
    const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
    last = last ? step(matter.machine, last.state, eventOf(entry), moment) : stepOpen(matter.machine, moment);
    return { entry, start: last.start, cancel: last.cancel };
  });
}

/** A timer that was set: by the entry `setBy`, over by the entry `endedBy`, if it is over. */
export interface TimerLife {
  ref: string;
  setBy: number;
  delayMs: number;
  endedBy: number | undefined;
  fired: boolean;
}

export function readTimers(wishes: Wished[]): TimerLife[] {
  return wishes.flatMap(({ entry, start }) =>
    start
      .filter(({ kind }) => kind === 'timer')
      .map((task) => {
        const later = wishes.slice(entry.seq);
        const end = later.find((each) => each.entry.type === task.ref || each.cancel.includes(task.ref));
        return {
          ref: task.ref,
          setBy: entry.seq,
          delayMs: Date.parse(task.dueAt) - Date.parse(entry.at),
          endedBy: end?.entry.seq,
          fired: end?.entry.type === task.ref,
        };
      }),
  );
}
