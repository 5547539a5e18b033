import type { CaseRow, KeyRow } from '../db/store.ts';
import type { Committed } from './bus.ts';
import { Problem } from './errors.ts';
import { type CaseView, presentCase, type Standing } from './present.ts';
import { type Replayed, replay } from './replay.ts';
import { getMatter, openCase, openPersonal, type Runtime } from './runtime.ts';
import type { CaseState, Language, Matter, Personal, ProblemSpec, Role } from './types.ts';
import { MachineNotLoaded } from './versions.ts';

/** What an event is answered with. `settled` is false while its work is still under way. */
export interface Answer {
  settled: boolean;
  standing: Standing;
  /** What the machine said to this event, although it was accepted: a wrong code, say. */
  problem: ProblemSpec | undefined;
}

/** A case as it stands, with the personal values its reader may see. */
export async function standingOf(runtime: Runtime, row: CaseRow): Promise<Standing> {
  const { personal } = await openCase(runtime, row);
  const { state, seq, head, updatedAt } = row;
  const matter = getMatter(runtime, row);
  return standingWith(row, { matter, state, seq, head, at: updatedAt }, personal);
}

interface Moment {
  /** The version that the case was on. */
  matter: Matter;
  state: CaseState;
  seq: number;
  head: string;
  at: string;
}

async function standingAt(runtime: Runtime, row: CaseRow, moment: Moment): Promise<Standing> {
  return standingWith(row, moment, await openPersonal(runtime, row, moment.seq));
}

function standingWith(row: CaseRow, moment: Moment, personal: Personal | undefined): Standing {
  return {
    id: row.id,
    matter: moment.matter,
    machineVersion: moment.matter.version,
    state: moment.state,
    seq: moment.seq,
    head: moment.head,
    openedAt: row.openedAt,
    updatedAt: moment.at,
    personal,
  };
}

/** Waits until the work an event started is done, at most `waitMs`. */
export async function answerWhenSettled(
  runtime: Runtime,
  committed: Committed,
  settled: Promise<Committed | undefined>,
): Promise<Answer> {
  const last = isSettled(committed.row.state) ? committed : ((await waitFor(runtime, settled)) ?? committed);
  return {
    settled: isSettled(last.row.state),
    standing: await standingOf(runtime, last.row),
    problem: last.problem,
  };
}

async function waitFor<T>(runtime: Runtime, work: Promise<T>): Promise<T> {
  runtime.waiting.count++;
  try {
    return await work;
  } finally {
    runtime.waiting.count--;
  }
}

export function isSettled(state: CaseState): boolean {
  return Object.keys(state.children).length === 0;
}

/** What an answer waits for: the work of one entry, at most so long after the moment it is stamped with. */
export interface Wait {
  caseId: string;
  /** Of the entry; what came before it, and is only said now, is nothing to wait for. */
  seq: number;
  at: string;
  waitMs: number;
}

/** Listens before the commit, so that no result can slip by; `stop` ends the wait when nothing was committed. */
export function listenUntilSettled(runtime: Runtime, wait: Wait) {
  const until = new Date(Date.parse(wait.at) + wait.waitMs).toISOString();
  let last: Committed | undefined;
  let end: () => void = () => {};
  const settled = new Promise<Committed | undefined>((resolve) => {
    let cancelTimer: () => void = () => {};
    end = () => {
      unsubscribe();
      cancelTimer();
      resolve(last);
    };
    // A wait that runs out before anything happened ends in nothing: the caller then answers with what it has.
    const unsubscribe = runtime.bus.subscribe(wait.caseId, (committed) => {
      if (committed.row.seq < wait.seq) return;
      // What is stamped later than that will not be told when the same key asks again.
      if (committed.row.updatedAt >= until) return end();
      last = { ...committed, problem: saidOf(committed, wait.seq) ?? last?.problem };
      if (isSettled(committed.row.state)) end();
    });
    const leftMs = leftOf(runtime, wait);
    if (leftMs > 0) cancelTimer = runtime.clock.after(leftMs, end);
    else end();
  });
  return { settled, stop: () => end() };
}

/** Counted from the entry's own moment, as it will be when the same key asks again. */
function leftOf({ clock }: Runtime, { at, waitMs }: Wait): number {
  return Math.min(waitMs, Date.parse(at) + waitMs - clock.now());
}

/** What the machine says to somebody's event is that one's answer; what it says to a result is everybody's who waits. */
function saidOf({ row, sent, problem }: Committed, seq: number): ProblemSpec | undefined {
  return !sent || row.seq === seq ? problem : undefined;
}

/** The first answer to a key, given again: read from the history, so that nothing personal is kept for it. */
export async function answerAgain(runtime: Runtime, row: CaseRow, earlier: KeyRow): Promise<Answer> {
  const { seq, waitMs } = earlier;
  const at = new Date(runtime.clock.now()).toISOString();
  const listening = listenUntilSettled(runtime, { caseId: row.id, seq, at, waitMs });
  const answer = await answerFromHistory(runtime, row, earlier);
  const goesOn = !answer.settled && runtime.clock.now() < Date.parse(answer.until);
  if (goesOn) await waitFor(runtime, listening.settled);
  listening.stop();
  return goesOn ? answerFromHistory(runtime, row, earlier) : answer;
}

async function answerFromHistory(
  runtime: Runtime,
  row: CaseRow,
  earlier: KeyRow,
): Promise<Answer & { until: string }> {
  const since = (await replayCase(runtime, row)).slice(earlier.seq - 1);
  const [first] = since;
  if (!first) throw new Error(`key of entry ${earlier.seq}, which is not there`);
  const until = new Date(Date.parse(first.entry.at) + earlier.waitMs).toISOString();
  const within = since.filter((each) => each === first || each.entry.at < until);
  const index = within.findIndex((each) => isSettled(each.state));
  const answered = index < 0 ? within : within.slice(0, index + 1);
  const last = answered.at(-1) ?? first;
  return {
    settled: index >= 0,
    until,
    standing: await standingAt(runtime, row, momentOf(last)),
    problem: answered.findLast((each) => each.problem && (each === first || !isSent(each)))?.problem,
  };
}

function isSent({ entry }: Replayed): boolean {
  return entry.actor.role !== 'system';
}

/** @throws Problem version-not-loaded */
async function replayCase(runtime: Runtime, row: CaseRow): Promise<Replayed[]> {
  const entries = await runtime.store.readEntries(row.id, 'accepted');
  try {
    return [...replay(getMatter(runtime, row), entries)];
  } catch (error) {
    if (!(error instanceof MachineNotLoaded)) throw error;
    throw new Problem({ code: 'version-not-loaded', retryAfterSeconds: 60 });
  }
}

/**
 * A case as it was after an entry (a seq) or at a moment (RFC 3339).
 * @throws Problem not-found when the case had no such entry, or was not open yet.
 */
export async function standingAsOf(runtime: Runtime, row: CaseRow, asOf: string): Promise<Standing> {
  const steps = await replayCase(runtime, row);
  const wanted = /^\d+$/.test(asOf)
    ? steps[Number(asOf) - 1]
    : steps.findLast((each) => each.entry.at <= new Date(asOf).toISOString());
  if (!wanted) throw new Problem({ code: 'not-found' });
  return standingAt(runtime, row, momentOf(wanted));
}

function momentOf({ matter, state, entry, stored }: Replayed): Moment {
  return { matter, state, seq: entry.seq, head: stored.digest, at: entry.at };
}

export function presentAnswer(answer: Answer, role: Role, language: Language): CaseView {
  return presentCase(answer.standing, role, language);
}
