import type { CaseRow, Store, Task } from '../../../src/db/store.ts';
import { canonical, digestOf } from '../../../src/engine/canonical.ts';
import { findChainBreak, readEntry } from '../../../src/engine/entry.ts';
import { eventOf } from '../../../src/engine/replay.ts';
import { step, stepOpen } from '../../../src/engine/step.ts';
import type {
  CaseState,
  Entry,
  JsonObject,
  Matter,
  NewTask,
  StoredEntry,
} from '../../../src/engine/types.ts';

/** An entry, and the state that follows from all up to it. */
export interface Told {
  bytes: string;
  digest: string;
  type: string;
  at: string;
  state: CaseState;
  stateDigest: string;
  problem: string | undefined;
  /** A result or a timer, not somebody's event. */
  bySystem: boolean;
}

/** What a history says, worked out from its entries alone. */
export interface History {
  name: string;
  owner: string;
  told: Told[];
  refusals: number;
  /** Refusals that somebody was told of. */
  refusalsTold: number;
  /** Every effect and action it ever asked for, by key. */
  wishes: Map<string, NewTask>;
  /** Effects whose result is in. One that failed may be asked for again under its key. */
  settled: Set<string>;
  /** The entry of a request, by its mark or by its key's digest. */
  requests: Map<number | string, number>;
}

export interface Histories {
  nameOf(caseId: string): string;
  ids(): string[];
  find(caseId: string): History | undefined;
  isWish(caseId: string, key: string, name: string): boolean;
  /** Reads a case anew and holds everything stored of it against everything else. */
  look(caseId: string): Promise<void>;
}

type Blame = (promise: string, detail: string) => void;

export interface HistoriesOptions {
  truth: Store;
  matters: Map<string, Matter>;
  /** What was done outside, by key. */
  done: Map<string, JsonObject | undefined>;
  blame: Blame;
  /** Each new entry. */
  onEntry(name: string, told: Told): void;
}

export function createHistories(options: HistoriesOptions): Histories {
  const { truth, blame } = options;
  const all = new Map<string, History>();
  const names = new Map<string, string>();

  function nameOf(caseId: string): string {
    const name = names.get(caseId) ?? `c${names.size + 1}`;
    names.set(caseId, name);
    return name;
  }

  function historyOf({ id: caseId, owner }: CaseRow): History {
    const known = all.get(caseId);
    if (known) return known;
    const history: History = {
      name: nameOf(caseId),
      owner,
      told: [],
      refusals: 0,
      refusalsTold: 0,
      wishes: new Map(),
      settled: new Set(),
      requests: new Map(),
    };
    all.set(caseId, history);
    return history;
  }

  async function look(caseId: string): Promise<void> {
    const row = await truth.findCase(caseId);
    const entries = await truth.readEntries(caseId, 'accepted');
    if (!row) return entries.length === 0 ? undefined : blame('a history has its case', caseId);
    const matter = options.matters.get(row.matter);
    if (!matter) throw new Error(`no matter ${row.matter}`);
    const history = historyOf(row);
    checkKept(history, entries, blame);
    for (const stored of entries.slice(history.told.length)) readOn(options, matter, history, stored);
    checkRow(row, history, blame);
    checkTasks(options, history, await truth.readTasks(caseId));
    if (row.refusals === history.refusals) return;
    checkRefusals(row, await truth.readEntries(caseId, 'refused'), blame);
    history.refusals = row.refusals;
  }

  return {
    nameOf,
    ids: () => [...names.keys()],
    find: (caseId) => all.get(caseId),
    isWish: (caseId, key, name) => all.get(caseId)?.wishes.get(key)?.name === name,
    look,
  };
}

/** What stood once stands for ever. That each new entry hangs on the one before is checked as it is read. */
function checkKept(history: History, entries: StoredEntry[], blame: Blame): void {
  const rewritten = history.told.find(({ bytes }, index) => entries[index]?.bytes !== bytes);
  if (rewritten) blame('an entry stays as it was', `${history.name}: ${rewritten.type}`);
}

function checkRefusals(row: CaseRow, refused: StoredEntry[], blame: Blame): void {
  const broken = findChainBreak(row.id, refused);
  const whole = refused.length === row.refusals && (refused.at(-1)?.digest ?? '') === row.refusalHead;
  if (broken || !whole) blame('the chain of refusals is whole', `${row.refusals}: ${broken?.what ?? 'row'}`);
}

/** One entry further: what it does is worked out from the entries before it, and must be what it says. */
function readOn(options: HistoriesOptions, matter: Matter, history: History, stored: StoredEntry): void {
  const { blame } = options;
  const entry = readEntry(stored.bytes);
  const before = history.told.at(-1);
  const { seq, at, type } = entry;
  const where = `${history.name} @${seq} ${type}`;
  const hangs = entry.prev === (before?.digest ?? '') && seq === history.told.length + 1;
  if (!hangs || digestOf(stored.bytes) !== stored.digest) blame('the chain is whole', where);
  if (before && at < before.at)
    blame('time never goes back in a history', `${where}: ${at} after ${before.at}`);
  if (before) checkCause(options, history, entry, before.state);
  const moment = { caseId: entry.case, seq, at };
  const taken = before
    ? step(matter.machine, before.state, eventOf(entry), moment)
    : stepOpen(matter.machine, moment);
  const stateDigest = digestOf(canonical(taken.state));
  if (stateDigest !== entry.state.digest) blame('a history leads to the states it says', where);
  for (const task of taken.start) if (task.kind !== 'timer') history.wishes.set(task.key, task);
  for (const mark of [entry.data.mark, entry.key]) takeMark(history, mark, seq, blame);
  const told = {
    bytes: stored.bytes,
    digest: stored.digest,
    type,
    at,
    state: taken.state,
    stateDigest,
    problem: taken.problem?.code,
    bySystem: entry.actor.role === 'system',
  };
  history.told.push(told);
  options.onEntry(history.name, told);
}

function takeMark(history: History, mark: unknown, seq: number, blame: Blame): void {
  if (typeof mark !== 'number' && typeof mark !== 'string') return;
  const earlier = history.requests.get(mark);
  if (earlier !== undefined) blame('a request is taken once', `${history.name} @${earlier} and @${seq}`);
  history.requests.set(mark, seq);
}

/** A result comes from work that was wanted, a timer not before its time. */
function checkCause(
  { done, blame }: HistoriesOptions,
  history: History,
  entry: Entry,
  before: CaseState,
): void {
  const { type, at } = entry;
  const where = `${history.name} @${entry.seq} ${type}`;
  const timer = before.timers[type];
  if (timer && at < timer.dueAt) blame('a timer is never early', `${where}: ${at}, due ${timer.dueAt}`);
  const [, kind, ref = ''] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (kind === undefined) {
    if (entry.actor.role === 'system' && !timer) blame('a late timer changes nothing', where);
    return;
  }
  const child = before.children[ref];
  if (!child || history.settled.has(child.key)) {
    blame('a late result changes nothing', where);
    return;
  }
  if (kind === 'error') return;
  history.settled.add(child.key);
  if (!isAnswerOf(entry.data.output, done.get(child.key))) {
    blame('a result is what was answered under its key', where);
  }
}

/** Personal values go to the vault, so a history may say less than the answer did. */
function isAnswerOf(output: unknown, answer: JsonObject | undefined): boolean {
  if (!answer || typeof output !== 'object' || output === null) return false;
  return Object.entries(output).every(
    ([name, value]) => JSON.stringify(answer[name]) === JSON.stringify(value),
  );
}

/** The row says nothing but what follows from the entries. */
function checkRow(row: CaseRow, { name, told }: History, blame: Blame): void {
  const last = told.at(-1);
  const pairs: [what: string, expected: unknown, found: unknown][] = [
    ['seq', told.length, row.seq],
    ['head', last?.digest, row.head],
    ['state', last?.stateDigest, digestOf(canonical(row.state))],
    ['updatedAt', last?.at, row.updatedAt],
    ['openedAt', told[0]?.at, row.openedAt],
  ];
  const odd = pairs.find(([, expected, found]) => expected !== found);
  if (odd) blame('the current row follows from the history', `${name}: ${odd[0]}`);
}

/** Open work is what the state wants, nothing orphaned, nothing missing; an action's row stays until it is done. */
function checkTasks({ done, blame }: HistoriesOptions, history: History, tasks: Task[]): void {
  const { children = {}, timers = {} } = history.told.at(-1)?.state ?? {};
  const wanted = [
    ...Object.entries(children).map(([ref, { src, key }]) =>
      describe({ kind: 'effect', ref, name: src, key }),
    ),
    ...Object.entries(timers).map(([ref, { dueAt }]) => `timer ${ref} ${dueAt}`),
  ].toSorted();
  const found = tasks
    .filter(({ kind }) => kind !== 'action')
    .map(describe)
    .toSorted();
  if (wanted.join() !== found.join()) {
    const detail = `${history.name}: wants [${wanted.join()}], finds [${found.join()}]`;
    blame('open work is what the state wants', detail);
  }
  checkInputs(history, tasks, blame);
  const open = new Set(tasks.map(({ key }) => key));
  for (const { kind, key, ref } of history.wishes.values()) {
    if (kind === 'action' && !open.has(key) && !done.has(key))
      blame('an action is open until it is done', ref);
  }
}

function checkInputs(history: History, tasks: Task[], blame: Blame): void {
  for (const task of tasks) {
    if (task.kind === 'timer') continue;
    const wish = history.wishes.get(task.key);
    const same = wish?.name === task.name && JSON.stringify(wish.input) === JSON.stringify(task.input);
    if (!same) blame('open work is what the history asked for', `${history.name}: ${task.ref}`);
  }
}

function describe(task: Pick<Task, 'kind' | 'ref' | 'name' | 'key'> & { dueAt?: string }): string {
  return task.kind === 'timer'
    ? `timer ${task.ref} ${task.dueAt}`
    : `${task.kind} ${task.ref} ${task.name} ${task.key}`;
}
