import type { CaseRow, Task } from '../db/store.ts';
import { canonical } from './canonical.ts';
import { digestState, findChainBreak, leavesOf, readEntry } from './entry.ts';
import { stampOf } from './interpret.ts';
import { type Replayed, replay } from './replay.ts';
import { PERSON_ERASED } from './step.ts';
import type { Entry, Matter, StoredEntry } from './types.ts';
import { MachineNotLoaded, MIGRATE } from './versions.ts';

/** Everything that is stored of a case, read at one moment. */
export interface Evidence {
  /** Undefined when the machine that wrote the case is not loaded: then nothing can be run again. */
  matter: Matter | undefined;
  row: CaseRow;
  accepted: StoredEntry[];
  refused: StoredEntry[];
  read: StoredEntry[];
  tasks: Task[];
  /** What searches find the case by: its active leaves, each between spaces. */
  leaves: string;
  /**
   * `opens`: whether the sealed value opens where it lies, under the person's key, to what its digest says; undefined
   * where nobody could try.
   */
  vault: { seq: number; digest: string; opens: boolean | undefined }[];
}

const CHECKS = ['chain', 'refusalChain', 'readChain', 'replay', 'currentRow', 'tasks', 'vault'] as const;
export type CaseCheck = (typeof CHECKS)[number];

/** The first thing that does not fit. `seq` is the entry it was found at, 0 when it is at none. */
interface Break {
  check: CaseCheck;
  seq: number;
  what: string;
  expected: string;
  found: string;
}

export interface Verification {
  holds: boolean;
  entries: number;
  refusals: number;
  reads: number;
  checks: Record<CaseCheck, boolean>;
  firstBreak: Break | null;
}

type Found = Omit<Break, 'check'> | undefined;

/** Compares a case's three chains, its history run again, its current row, its open work and its vault. Changes nothing. */
export function verifyCase(evidence: Evidence): Verification {
  const { matter, row, accepted, refused, read } = evidence;
  const replayed = tryReplay(matter, accepted);
  const found: Record<CaseCheck, Found> = {
    chain: guarded(() => findChainBreak(row.id, accepted)),
    refusalChain: guarded(() => findChainBreak(row.id, refused)),
    readChain: guarded(() => findChainBreak(row.id, read)),
    replay: replayed.broken ?? findReplayBreak(evidence, replayed.steps),
    currentRow: guarded(() => findRowBreak(evidence, replayed.steps.at(-1))),
    tasks: findTaskBreak(evidence, replayed.steps.at(-1)),
    vault: guarded(() => findVaultBreak(evidence)),
  };
  const first = CHECKS.find((check) => found[check]);
  const broken = first && found[first];
  return {
    holds: broken === undefined,
    entries: accepted.length,
    refusals: refused.length,
    reads: read.length,
    checks: Object.fromEntries(CHECKS.map((check) => [check, !found[check]])) as Record<CaseCheck, boolean>,
    firstBreak: first && broken ? { check: first, ...broken } : null,
  };
}

/** Stored bytes that cannot be read at all are a finding too, not a fault of the reader. */
function guarded(look: () => Found): Found {
  try {
    return look();
  } catch (error) {
    return unreadable(0, error);
  }
}

function unreadable(seq: number, error: unknown) {
  return {
    seq,
    what: 'unreadable',
    expected: 'an entry',
    found: error instanceof Error ? error.name : 'unknown',
  };
}

/** The same of a history alone, where its row, its work and its vault are elsewhere. The chain is not looked at. */
export function findHistoryBreak(history: History): Found {
  const { steps, broken } = tryReplay(history.matter, history.accepted);
  return broken ?? findReplayBreak(history, steps);
}

/** A history, and the machine that it should end on. */
interface History {
  matter: Matter | undefined;
  row: Pick<CaseRow, 'machine' | 'seq'>;
  accepted: StoredEntry[];
}

function tryReplay(
  matter: Matter | undefined,
  accepted: StoredEntry[],
): { steps: Replayed[]; broken: Found } {
  const steps: Replayed[] = [];
  if (!matter) {
    return {
      steps,
      broken: { seq: 0, what: 'machine', expected: 'a machine that is loaded', found: 'none' },
    };
  }
  try {
    for (const each of replay(matter, accepted)) steps.push(each);
    return { steps, broken: undefined };
  } catch (error) {
    const seq = steps.length + 1;
    return {
      steps,
      broken: error instanceof MachineNotLoaded ? notLoaded(seq, error) : unreadable(seq, error),
    };
  }
}

function notLoaded(seq: number, { machine }: MachineNotLoaded) {
  return {
    seq,
    what: 'machine',
    expected: 'a machine that is loaded',
    found: `${machine.id} ${machine.version}`,
  };
}

/** The state an entry led to, and what it says of itself: its chain, its machine, who may have written it. */
function findReplayBreak({ row }: History, steps: Replayed[]): Found {
  let erased = false;
  for (const { entry, state, digest, holds, matter: version } of steps) {
    const { seq } = entry;
    if (erased) return { seq, what: 'erased', expected: 'no entry after the erasure', found: entry.type };
    erased = entry.type === PERSON_ERASED;
    if (!holds) return { seq, what: 'state', expected: entry.state.digest, found: digest };
    const pairs: [what: string, expected: string, found: string][] = [
      ['value', canonical(state.value), canonical(entry.state.value)],
      ['kind', 'accepted', entry.kind],
      ['machine', canonical(stampOf(version.machine, version.version)), canonical(entry.machine)],
      ...(entry.type === MIGRATE ? [movedFrom(steps, entry)] : []),
      ['actor', writerOf(version, entry.type), entry.actor.role === 'system' ? 'system' : 'a person'],
    ];
    const odd = pairs.find(([, expected, found]) => expected !== found);
    if (odd) return { seq, what: odd[0], expected: odd[1], found: odd[2] };
  }
  const last = steps.at(-1);
  return last && differ(row.seq, 'machine', [canonical(last.entry.machine)], [canonical(row.machine)]);
}

/** A move says from where, and that is where the case was. */
function movedFrom(steps: Replayed[], { seq, data }: Entry): [what: string, expected: string, found: string] {
  return ['from', canonical(steps[seq - 2]?.entry.machine ?? null), canonical(data.from ?? null)];
}

/** Results, timers and moves to another machine come from the system and from nobody else. */
function writerOf(matter: Matter, type: string): string {
  return type === MIGRATE || type.startsWith('xstate.') || matter.raises.includes(type)
    ? 'system'
    : 'a person';
}

/** The row says nothing that does not follow from the chains. */
function findRowBreak({ row, accepted, refused, read, leaves }: Evidence, last: Replayed | undefined): Found {
  const first = tryEntry(accepted[0]);
  const pairs: [what: string, expected: string, found: string][] = [
    ['seq', String(accepted.length), String(row.seq)],
    ['head', accepted.at(-1)?.digest ?? '', row.head],
    ['refusals', String(refused.length), String(row.refusals)],
    ['refusalHead', refused.at(-1)?.digest ?? '', row.refusalHead],
    ['reads', String(read.length), String(row.reads)],
    ['readHead', read.at(-1)?.digest ?? '', row.readHead],
    ['state', last?.digest ?? '', digestState(row.state)],
    ['updatedAt', last?.entry.at ?? '', row.updatedAt],
    ['owner', first?.actor.id ?? '', row.owner],
    ['openedAt', first?.at ?? '', row.openedAt],
    ['matter', row.machine.id, row.matter],
    ['leaves', ` ${leavesOf(row.state.value).join(' ')} `, leaves],
  ];
  const odd = pairs.find(([, expected, found]) => expected !== found);
  return odd && { seq: row.seq, what: odd[0], expected: odd[1], found: odd[2] };
}

function tryEntry(stored: StoredEntry | undefined): Entry | undefined {
  try {
    return stored && readEntry(stored.bytes);
  } catch {
    return undefined;
  }
}

/** Open effects and timers are those the state asks for, no fewer and no more. Actions are no part of a state. */
function findTaskBreak({ row, tasks }: Evidence, last: Replayed | undefined): Found {
  const { children = {}, timers = {} } = last?.state ?? {};
  const expected = [
    ...Object.entries(children).map(([ref, child]) => `effect ${ref} ${child.src} ${child.key}`),
    ...Object.entries(timers).map(([ref, timer]) => `timer ${ref} ${ref} ${timer.dueAt}`),
  ].toSorted();
  const found = tasks
    .filter(({ kind }) => kind !== 'action')
    .map(({ kind, ref, name, key, dueAt }) => `${kind} ${ref} ${name} ${kind === 'timer' ? dueAt : key}`)
    .toSorted();
  return differ(row.seq, 'tasks', expected, found);
}

/** Each entry's digests are those of the values sealed with it; of an erased person no value is left. */
function findVaultBreak({ accepted, vault }: Evidence): Found {
  const entries = accepted.map(({ bytes }) => readEntry(bytes));
  if (entries.some(({ type }) => type === PERSON_ERASED)) return findLeftover(vault);
  const bySeq = Map.groupBy(vault, ({ seq }) => seq);
  for (const { seq, personal } of entries) {
    const sealed = (bySeq.get(seq) ?? []).map(({ digest }) => digest).toSorted();
    const odd = differ(seq, 'personal', personal, sealed);
    if (odd) return odd;
    const shut = bySeq.get(seq)?.find(({ opens }) => opens === false);
    if (shut) return { seq, what: 'sealed', expected: shut.digest, found: 'does not open' };
    bySeq.delete(seq);
  }
  const [stray] = bySeq.keys();
  return stray === undefined ? undefined : differ(stray, 'personal', [], ['a value without an entry']);
}

function findLeftover([left]: Evidence['vault']): Found {
  return (
    left && { seq: left.seq, what: 'erased', expected: 'no value of who was erased', found: left.digest }
  );
}

function differ(seq: number, what: string, expected: string[], found: string[]): Found {
  const [one, other] = [expected.join(' · '), found.join(' · ')];
  return one === other ? undefined : { seq, what, expected: one, found: other };
}
