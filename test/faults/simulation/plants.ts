import type { CaseRow, Store } from '../../../src/db/store.ts';
import type { EffectInput } from '../../../src/engine/types.ts';

/** A fault put in on purpose. */
export interface Plant {
  /** The database itself is at fault. */
  database?: (store: Store) => Store;
  /** What a process makes of the database is at fault: a cache, say. */
  belief?: (store: Store) => Store;
  /** What is asked of the outside is at fault. */
  call?: () => (input: EffectInput) => EffectInput;
  /** Something else than the seed has a say. */
  noise?: () => boolean;
}

const NEVER = '2999-01-01T00:00:00.000Z';

/** Faults that the simulation must find, and the promises that it may find broken by them. */
export const plants: Record<string, Plant & { breaks: string[] }> = {
  'a result that leaves its task behind': {
    database: (store) => ({ ...store, commit: (commit) => store.commit({ ...commit, settles: undefined }) }),
    breaks: ['open work is what the state wants'],
  },
  'a timer lost in a restart': {
    database: loseTimers,
    breaks: ['open work is what the state wants'],
  },
  'an action that is not written down': {
    database: (store) => ({
      ...store,
      commit: (commit) =>
        store.commit({ ...commit, start: commit.start.filter(({ kind }) => kind !== 'action') }),
    }),
    breaks: ['an action is open until it is done'],
  },
  'a key that is not written down': {
    database: (store) => ({ ...store, commit: (commit) => store.commit({ ...commit, key: undefined }) }),
    breaks: ['a key that was used is found', 'a request is taken once'],
  },
  'a right that is not written down': {
    database: (store) => ({ ...store, commit: (commit) => store.commit({ ...commit, claim: undefined }) }),
    breaks: ['a right is held by one open case'],
  },
  'a limit that is not counted': {
    database: (store) => ({ ...store, commit: (commit) => store.commit({ ...commit, marks: [] }) }),
    breaks: ['a limit holds'],
  },
  'a personal value that is not kept': {
    database: (store) => ({ ...store, commit: (commit) => store.commit({ ...commit, vault: [] }) }),
    breaks: ['work outside has what it needs', 'a case verifies', 'personal values are those of their entry'],
  },
  'a refusal that is not written down': {
    database: (store) => ({ ...store, append: async () => true }),
    breaks: ['who was refused is kept'],
  },
  'a lease that nobody looks at': {
    database: (store) => ({ ...store, claimTasks: (claim) => store.claimTasks({ ...claim, now: NEVER }) }),
    breaks: ['a lease is respected'],
  },
  'a commit that was lost, told as taken': {
    belief: (store) => ({
      ...store,
      async commit(commit) {
        const outcome = await store.commit(commit);
        return outcome.kind === 'seq-taken' ? { kind: 'committed', tasks: [] } : outcome;
      },
    }),
    breaks: ['what was acknowledged is in the history', 'what is shown stands in the history'],
  },
  'a commit that was taken, told as lost': {
    belief: (store) => ({
      ...store,
      async commit(commit) {
        const outcome = await store.commit(commit);
        return outcome.kind === 'committed' && !commit.key ? { kind: 'seq-taken' } : outcome;
      },
    }),
    breaks: [
      'a request is taken once',
      'what was refused is not in the history',
      'nothing fails but what was made to fail',
    ],
  },
  'a row that is believed when it is old': {
    belief: believeOldRows,
    breaks: ['a read shows what was acknowledged before it', 'open work is what the state wants'],
  },
  'a clock that nobody holds to its history': {
    belief: (store) => ({
      ...store,
      async findCase(id, known) {
        const row = await store.findCase(id, known);
        return row && { ...row, updatedAt: '' };
      },
    }),
    breaks: ['time never goes back in a history'],
  },
  'a task given back for good': {
    belief: (store) => ({ ...store, retryTask: (id) => store.retryTask(id, NEVER) }),
    breaks: ['work that is open is done', 'nothing is open when every case has ended'],
  },
  'a key that is new with each try': {
    call: withNewKeys,
    breaks: ['work outside is done only for a wish of the history'],
  },
};

function loseTimers(store: Store): Store {
  const timers = new Set<number>();
  return {
    ...store,
    async commit(commit) {
      const outcome = await store.commit(commit);
      if (outcome.kind !== 'committed') return outcome;
      for (const { id, kind } of outcome.tasks) if (kind === 'timer') timers.add(id);
      return outcome;
    },
    async releaseLeases() {
      await store.releaseLeases();
      for (const id of timers) await store.finishTask(id);
    },
  };
}

/** As a cache that is not checked: what was read twice is read a third time from memory. */
function believeOldRows(store: Store): Store {
  const known = new Map<string, CaseRow>();
  let reads = 0;
  return {
    ...store,
    async findCase(id, before) {
      reads++;
      const row = (reads % 3 === 0 ? known.get(id) : undefined) ?? (await store.findCase(id, before));
      if (row) known.set(id, row);
      return row;
    },
  };
}

function withNewKeys(): (input: EffectInput) => EffectInput {
  let tries = 0;
  return (input) => ({ ...input, key: `${input.key}:${++tries}` });
}
