import { readEntry } from './entry.ts';
import { type Narration, narrate, titleOf } from './narrate.ts';
import { type Replayed, replay, type Standing } from './replay.ts';
import type { Entry, Matter, StoredEntry, Text } from './types.ts';

/** A line of a history, told to people. */
export type Told = ToldEntry | ToldRefusal | ToldBreak;

export interface ToldEntry {
  kind: 'accepted';
  entry: Entry;
  /** State digest that replay arrived at; `entry.state.digest` is the one recorded. */
  digest: string;
  holds: boolean;
  narration: Narration;
}
export interface ToldRefusal {
  kind: 'refused';
  entry: Entry;
  title: Text;
}
/** Where a history cannot be run any further. */
export interface ToldBreak {
  kind: 'broken';
  seq: number;
  why: string;
}

/** Runs a history again and tells it, refusals among it at their time. The same moment: what was accepted comes first. */
export function* tell(matter: Matter, accepted: StoredEntry[], refused: StoredEntry[] = []): Generator<Told> {
  const waiting = refused.map(({ bytes }) => readEntry(bytes));
  for (const told of tellAccepted(matter, accepted)) {
    const at = told.kind === 'accepted' ? told.entry.at : '';
    while (waiting[0] && waiting[0].at < at) yield* tellRefused(matter, waiting.splice(0, 1));
    yield told;
  }
  yield* tellRefused(matter, waiting);
}

function* tellAccepted(matter: Matter, accepted: StoredEntry[]): Generator<ToldEntry | ToldBreak> {
  let before: Standing | undefined;
  let seq = 0;
  try {
    for (const replayed of replay(matter, accepted)) {
      yield tellEntry(before, replayed);
      before = replayed;
      seq = replayed.entry.seq;
    }
  } catch (error) {
    yield { kind: 'broken', seq: seq + 1, why: error instanceof Error ? error.message : 'unreadable' };
  }
}

function tellEntry(before: Standing | undefined, replayed: Replayed): ToldEntry {
  const { entry, digest, holds } = replayed;
  return { kind: 'accepted', entry, digest, holds, narration: narrate(before, replayed) };
}

function tellRefused(matter: Matter, entries: Entry[]): ToldRefusal[] {
  return entries.map((entry) => ({ kind: 'refused', entry, title: titleOf(matter, entry) }));
}

/** Whether a line speaks for the history: a refusal speaks neither for it nor against it. */
export function speaksFor(told: Told): boolean {
  return told.kind === 'refused' || (told.kind === 'accepted' && told.holds);
}
