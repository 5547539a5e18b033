import type { CaseRow, Commit, KeyRow, Store } from '../../src/db/store.ts';
import type { StoredEntry } from '../../src/engine/types.ts';
import type { Call, Connection, Reply } from '../load/connection.ts';
import type { ViolationKind } from './checker-violation.ts';
import type { Plant } from './concurrency-run.ts';

export interface Bug {
  plant: Plant;
  /** What it is called when it is found, one of these. */
  shows: ViolationKind[];
}

/**
 * Faults that a store, a cache, a queue or a proxy could have, planted around the product: between the engine and its
 * store, or between the server and its clients. Each shows now and then, as such faults do, not on every request.
 */
export const bugs: Record<string, Bug> = {
  'a cached case that results of work elsewhere do not refresh': {
    plant: { store: cacheWithoutResults },
    shows: ['stale-read', 'refusal-unexplained'],
  },
  'an acknowledged write that was never stored': {
    plant: { store: loseWrites },
    shows: ['acknowledged-event-lost', 'wrong-head'],
  },
  'two taps under one key that are both applied': {
    plant: { store: applyTapsTwice },
    shows: ['key-applied-twice', 'refusal-unexplained'],
  },
  'a seq that is skipped': { plant: { store: skipSeq }, shows: ['gap-in-seq'] },
  'two entries at one seq, both acknowledged': { plant: { store: forkAtSeq }, shows: ['seq-used-twice'] },
  'an answer with the head of the entry before': {
    plant: { connection: answerWithOldHead },
    shows: ['wrong-head'],
  },
  'a key that is forgotten, so that a retry applies its event again': {
    plant: { store: forgetKeys },
    shows: ['key-applied-twice', 'key-forgotten'],
  },
  'an If-Match that is ignored': { plant: { connection: dropIfMatch }, shows: ['if-match-ignored'] },
  'an answer of another case': {
    plant: { connection: answerOfAnotherCase },
    shows: ['answer-of-another-case'],
  },
  'a refused event that is stored all the same': {
    plant: { store: refuseAndStore },
    shows: ['refused-but-stored'],
  },
  'reads that lag behind writes, but only under load': {
    plant: { store: lagUnderLoad },
    shows: ['stale-read', 'refusal-unexplained'],
  },
  'a cache with the seq of now and the state of before': {
    plant: { store: tearCache },
    shows: ['view-differs', 'replay-differs'],
  },
  'a retry that is answered from another entry': {
    plant: { store: mistakeEntryOfKey },
    shows: ['answer-out-of-place', 'answers-differ-under-one-key'],
  },
  'a history that is read without its newest entry': {
    plant: { store: readOldHistory },
    shows: ['stale-read', 'stream-gap', 'unexpected-answer', 'row-differs'],
  },
};

/** True at every `n`-th call. */
function every(n: number): () => boolean {
  let calls = 0;
  return () => ++calls % n === 0;
}

/** Written by a person, after the case was opened. */
function isOwnEvent(commit: Commit): boolean {
  return commit.settles === undefined && commit.row.seq > 1;
}

/** Until it has been read a few times more. */
function cacheWithoutResults(store: Store): Store {
  const cache = createStaleCache(store);
  return {
    ...store,
    findCase: cache.findCase,
    async commit(commit) {
      const before = await store.findCase(commit.row.id);
      const outcome = await store.commit(commit);
      const isResult = commit.settles !== undefined && isSettled(commit);
      if (isResult && outcome.kind === 'committed') cache.keep(before, 8);
      return outcome;
    },
  };
}

/** Work that is under way would be thought unwanted, and the case would stand still. */
function isSettled({ row }: Commit): boolean {
  return Object.keys(row.state.children).length === 0;
}

/** Shows a row that was kept for so many reads, then the store's. */
function createStaleCache(store: Store) {
  const kept = new Map<string, { row: CaseRow; reads: number }>();
  return {
    keep: (row: CaseRow | undefined, reads: number) => void (row && kept.set(row.id, { row, reads })),
    findCase: async (id: string): Promise<CaseRow | undefined> => {
      const old = kept.get(id);
      if (old && old.reads-- > 0) return old.row;
      kept.delete(id);
      return store.findCase(id);
    },
  };
}

function loseWrites(store: Store): Store {
  const isLost = every(6);
  return {
    ...store,
    commit: async (commit) =>
      isOwnEvent(commit) && isLost() ? { kind: 'committed', tasks: [] } : store.commit(commit),
  };
}

/** Looked up a moment after it was written, a key is not there yet. */
function applyTapsTwice(store: Store): Store {
  return withOwnKeys(store, { unseen: 1, kept: Number.POSITIVE_INFINITY });
}

function forgetKeys(store: Store): Store {
  return withOwnKeys(store, { unseen: 0, kept: 2 });
}

/** Keys are kept beside the store: so many of them, each found after so many look-ups. */
function withOwnKeys(store: Store, { unseen, kept }: { unseen: number; kept: number }): Store {
  const known = new Map<string, { row: KeyRow; unseen: number }>();
  return {
    ...store,
    async findKey(_scope, key) {
      const found = known.get(key);
      return found && found.unseen-- > 0 ? undefined : found?.row;
    },
    async commit({ key, ...commit }) {
      const outcome = await store.commit(commit);
      if (!key || outcome.kind !== 'committed') return outcome;
      known.set(key.key, { row: key, unseen });
      if (known.size > kept) known.delete(known.keys().next().value ?? '');
      return outcome;
    },
  };
}

const SKIPPED_AFTER = 6;

/** Outside, every number after some entry is one higher than in the store. */
function skipSeq(store: Store): Store {
  const out = (seq: number) => (seq > SKIPPED_AFTER ? seq + 1 : seq);
  const back = (seq: number) => (seq > SKIPPED_AFTER + 1 ? seq - 1 : seq);
  return {
    ...store,
    async findCase(id) {
      const row = await store.findCase(id);
      return row && { ...row, seq: out(row.seq) };
    },
    async findKey(scope, key) {
      const row = await store.findKey(scope, key);
      return row && { ...row, seq: out(row.seq) };
    },
    readVault: async (caseId) =>
      (await store.readVault(caseId)).map((value) => ({ ...value, seq: out(value.seq) })),
    readLatestVault: async (caseId, toSeq) =>
      (await store.readLatestVault(caseId, toSeq === undefined ? undefined : back(toSeq))).map((value) => ({
        ...value,
        seq: out(value.seq),
      })),
    commit({ key, row, ...commit }) {
      // The entry after the skip is numbered by the engine, from the row it was given.
      const seq = back(row.seq);
      return store.commit({ ...commit, row: { ...row, seq }, ...(key ? { key: { ...key, seq } } : {}) });
    },
  };
}

/** Whoever was shown the case of before, and so comes second, is told that the seq was theirs too. */
function forkAtSeq(store: Store): Store {
  const cache = createStaleCache(store);
  const forked = new Map<string, { after: number; entry: StoredEntry }[]>();
  const isForked = every(3);
  return {
    ...store,
    findCase: cache.findCase,
    async commit(commit) {
      const { id, seq } = commit.row;
      const before = await store.findCase(id);
      const outcome = await store.commit(commit);
      if (!isOwnEvent(commit)) return outcome;
      if (outcome.kind === 'committed' && isSettled(commit) && isForked()) cache.keep(before, 8);
      if (outcome.kind !== 'seq-taken') return outcome;
      forked.set(id, [...(forked.get(id) ?? []), { after: seq, entry: commit.entry }]);
      return { kind: 'committed', tasks: [] };
    },
    async readEntries(caseId, kind) {
      const entries = await store.readEntries(caseId, kind);
      const extra = kind === 'accepted' ? (forked.get(caseId) ?? []) : [];
      return entries.flatMap((entry, index) => [
        entry,
        ...extra.filter(({ after }) => after === index + 1).map((each) => each.entry),
      ]);
    },
  };
}

function answerWithOldHead(): (connection: Connection) => Connection {
  const heads = new Map<string, string>();
  const isWrong = every(7);
  return wrapAnswers((call, reply) => {
    const { id, head } = reply.body ?? {};
    const before = heads.get(id);
    if (typeof head !== 'string') return reply;
    heads.set(id, head);
    if (call.method !== 'POST' || before === undefined || before === head || !isWrong()) return reply;
    return { ...reply, body: { ...reply.body, head: before } };
  });
}

function answerOfAnotherCase(): (connection: Connection) => Connection {
  const last = new Map<string, Reply>();
  const isWrong = every(5);
  return wrapAnswers((call, reply) => {
    if (call.method !== 'GET' || reply.body?.head === undefined) return reply;
    last.set(reply.body.id, reply);
    const other = [...last.values()].find((each) => each.body.id !== reply.body.id);
    return other && isWrong() ? other : reply;
  });
}

function wrapAnswers(change: (call: Call, reply: Reply) => Reply): (connection: Connection) => Connection {
  return (connection) => ({
    ...connection,
    call: async (call) => change(call, await connection.call(call)),
  });
}

function dropIfMatch(): (connection: Connection) => Connection {
  return (connection) => ({
    ...connection,
    call({ headers = {}, ...call }) {
      const { 'if-match': _ignored, ...others } = headers;
      return connection.call({ ...call, headers: others });
    },
  });
}

/** As after a time-out between server and store. */
function refuseAndStore(store: Store): Store {
  const isRefused = every(4);
  const problem = { code: 'too-many-requests' };
  const limit = { scope: 'planted', subject: '', max: 0, windowMs: 1, problem };
  return {
    ...store,
    async commit(commit) {
      const outcome = await store.commit(commit);
      if (outcome.kind !== 'committed' || !isOwnEvent(commit) || !isRefused()) return outcome;
      return { kind: 'limited', limit, retryAfterSeconds: 1 };
    },
  };
}

/** When two cases are written one after the other, the next reads of the second still show what was before. */
function lagUnderLoad(store: Store): Store {
  const cache = createStaleCache(store);
  let latest = '';
  return {
    ...store,
    findCase: cache.findCase,
    async commit(commit) {
      const isLoaded = latest !== '' && latest !== commit.row.id;
      latest = commit.row.id;
      const before = await store.findCase(commit.row.id);
      const outcome = await store.commit(commit);
      if (isLoaded && isSettled(commit) && outcome.kind === 'committed') cache.keep(before, 8);
      return outcome;
    },
  };
}

function tearCache(store: Store): Store {
  const before = new Map<string, CaseRow>();
  const isTorn = every(12);
  return {
    ...store,
    async findCase(id) {
      const row = await store.findCase(id);
      const old = before.get(id);
      return row && old && old.seq === row.seq - 1 && isTorn() ? { ...row, state: old.state } : row;
    },
    async commit(commit) {
      const row = await store.findCase(commit.row.id);
      const outcome = await store.commit(commit);
      if (row && outcome.kind === 'committed') before.set(row.id, row);
      return outcome;
    },
  };
}

function mistakeEntryOfKey(store: Store): Store {
  const isWrong = every(3);
  return {
    ...store,
    async findKey(scope, key) {
      const row = await store.findKey(scope, key);
      return row && row.seq > 1 && isWrong() ? { ...row, seq: row.seq - 1 } : row;
    },
  };
}

function readOldHistory(store: Store): Store {
  const isOld = every(3);
  return {
    ...store,
    async readEntries(caseId, kind) {
      const entries = await store.readEntries(caseId, kind);
      return kind === 'accepted' && entries.length > 3 && isOld() ? entries.slice(0, -1) : entries;
    },
  };
}
