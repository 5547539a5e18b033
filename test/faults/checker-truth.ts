import { digestState, findChainBreak, readEntry } from '../../src/engine/entry.ts';
import { listAllowed } from '../../src/engine/gate.ts';
import { restore } from '../../src/engine/interpret.ts';
import { activeLeaves, timersOf } from '../../src/engine/present.ts';
import { replay } from '../../src/engine/replay.ts';
import type { CaseState, Entry, Matter, StoredEntry } from '../../src/engine/types.ts';
import type { Violation, ViolationKind } from './checker-violation.ts';

/** What stands of a case in the end, read when the run was over. */
export interface History {
  caseId: string;
  entries: StoredEntry[];
  row: { seq: number; head: string; state: CaseState } | undefined;
}

/** A case at one seq, from its history alone. */
export interface Moment {
  entry: Entry;
  digest: string;
  /** Undefined where the history cannot be run again. */
  state: CaseState | undefined;
}

export interface Looks {
  status: string;
  states: string[];
  allowed: string[];
}

/** One case as its history tells it: what every answer is held against. */
export interface Truth {
  caseId: string;
  owner: string;
  length: number;
  moments: Moment[];
  at(seq: number): Moment | undefined;
  /** What an applicant could see and send then. */
  looksAt(seq: number): Looks | undefined;
  /** The first seq from this one on at which no work was under way: where an answer waits until. */
  settledFrom(seq: number): number | undefined;
  /** The entry that was written under a key, by its digest. */
  findKey(digest: string): number | undefined;
}

export function createTruth(matter: Matter, history: History): Truth {
  const moments = readMoments(matter, history);
  const bySeq = new Map(moments.toReversed().map((moment) => [moment.entry.seq, moment]));
  const byKey = new Map(
    moments.toReversed().flatMap(({ entry }) => (entry.key ? [[entry.key, entry.seq] as const] : [])),
  );
  const looks = new Map<number, Looks | undefined>();
  const truth: Truth = {
    caseId: history.caseId,
    owner: moments[0]?.entry.actor.id ?? '',
    length: moments.length,
    moments,
    at: (seq) => bySeq.get(seq),
    looksAt(seq) {
      if (!looks.has(seq)) looks.set(seq, lookAt(matter, truth.at(seq)));
      return looks.get(seq);
    },
    settledFrom: (seq) =>
      moments.find(({ entry, state }) => entry.seq >= seq && state && isSettled(state))?.entry.seq,
    findKey: (digest) => byKey.get(digest),
  };
  return truth;
}

/** A history that cannot be run to its end is read as far as it goes. */
function readMoments(matter: Matter, { entries }: History): Moment[] {
  const states: CaseState[] = [];
  try {
    for (const { state } of replay(matter, entries)) states.push(state);
  } catch {
    // Said by findHistoryViolations: the state digest of the next entry has nothing to be compared with.
  }
  return entries.map(({ bytes, digest }, index) => ({
    entry: readEntry(bytes),
    digest,
    state: states[index],
  }));
}

function isSettled(state: CaseState): boolean {
  return Object.keys(state.children).length === 0;
}

function lookAt(matter: Matter, moment: Moment | undefined): Looks | undefined {
  if (!moment?.state) return undefined;
  const { state, entry } = moment;
  const snapshot = restore(matter.machine, state);
  const question = { matter, snapshot, role: 'applicant' as const, at: entry.at, timers: timersOf(state) };
  return { status: state.status, states: activeLeaves(snapshot), allowed: listAllowed(question) };
}

/** What is wrong with a history before anybody's answer is looked at. */
export function findHistoryViolations(history: History, truth: Truth): Violation[] {
  return [...findSeqViolations(truth), ...findBreaks(history, truth)];
}

function findSeqViolations(truth: Truth): Violation[] {
  return truth.moments.flatMap(({ entry }, index) => {
    const before = truth.moments[index - 1]?.entry.seq ?? 0;
    if (entry.seq === before + 1) return [];
    const kind = entry.seq > before ? 'gap-in-seq' : 'seq-used-twice';
    return [violation(truth, kind, `seq ${before + 1} after ${before}`, `seq ${entry.seq}: ${entry.type}`)];
  });
}

function findBreaks(history: History, truth: Truth): Violation[] {
  const found: Violation[] = [];
  const chain = findChainBreak(history.caseId, history.entries);
  // A wrong seq has a name of its own.
  if (chain && chain.what !== 'seq') {
    found.push(
      violation(truth, 'chain-broken', `${chain.what} ${chain.expected} at seq ${chain.seq}`, chain.found),
    );
  }
  const other = truth.moments.find(({ entry, state }) => !state || digestState(state) !== entry.state.digest);
  if (other) {
    const { entry, state } = other;
    const replayed = state ? digestState(state) : 'nothing, for it cannot be run again';
    found.push(
      violation(truth, 'replay-differs', `state ${entry.state.digest} at seq ${entry.seq}`, replayed),
    );
  }
  return [...found, ...findRowViolations(history, truth)];
}

function findRowViolations({ row }: History, truth: Truth): Violation[] {
  const last = truth.moments.at(-1);
  const expected = last && `seq ${last.entry.seq}, head ${last.digest}, state ${last.entry.state.digest}`;
  const found = row && `seq ${row.seq}, head ${row.head}, state ${digestState(row.state)}`;
  if (expected === found) return [];
  return [violation(truth, 'row-differs', expected ?? 'no row', found ?? 'no row')];
}

function violation(truth: Truth, kind: ViolationKind, expected: string, found: string): Violation {
  return { kind, caseId: truth.caseId, expected, found, operations: [] };
}
