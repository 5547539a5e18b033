import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { at, caseRow, entryOf, firstCommit, nextCommit } from '../db/samples.ts';
import { watchStatements } from './crash-point-patch.ts';

const session = {
  personId: 'p1',
  wrappedKey: Buffer.alloc(1),
  keyEpoch: 1,
  channel: 'web',
  expiresAt: at(60),
};
const period = { from: at(0), to: at(60) };
const avatar = { digest: 'd', mediaType: 'image/png' };

/** Each method of the contract, called in turn: the compiler asks for one that is new. */
const calls: { [Method in keyof Omit<Store, 'failed'>]: (store: Store) => Promise<unknown> } = {
  createSession: (store) => store.createSession({ ...session, digest: 'd1', createdAt: at(0) }),
  findSession: (store) => store.findSession('d1'),
  findPersonKey: (store) => store.findPersonKey('p1'),
  findProfile: (store) => store.findProfile('p1'),
  async saveProfile(store) {
    await store.saveProfile('p1', { nickname: Buffer.alloc(1) }, at(1));
    await store.saveProfile('p1', { avatar }, at(1));
  },
  commit: (store) => store.commit(firstCommit(caseRow())),
  append: (store) =>
    store.append({ kind: 'refused', caseId: 'c1', number: 1, entry: entryOf('{}'), tags: undefined }),
  appendService: (store) => store.appendService({ number: 1, entry: entryOf('{}'), tags: undefined }),
  findServiceHead: (store) => store.findServiceHead(),
  readServiceEntries: (store) => store.readServiceEntries(),
  readLog: (store) => store.readLog(0, 10),
  findLogSize: (store) => store.findLogSize(),
  findLogIndex: (store) => store.findLogIndex('c1', 'accepted', 1),
  findCase: (store) => store.findCase('c1', caseRow()),
  findLeaves: (store) => store.findLeaves('c1'),
  findKey: (store) => store.findKey('s', 'k'),
  searchCases: (store) => store.searchCases({ limit: 1 }),
  listMachines: (store) => store.listMachines(),
  readEntries: (store) => store.readEntries('c1', 'accepted'),
  readVault: (store) => store.readVault('c1'),
  readLatestVault: (store) => store.readLatestVault('c1'),
  readTasks: (store) => store.readTasks('c1'),
  claimTasks: (store) => store.claimTasks({ now: at(1), owner: 'o', until: at(60), limit: 1 }),
  retryTask: (store) => store.retryTask(1, at(1)),
  finishTask: (store) => store.finishTask(1),
  findNextDue: (store) => store.findNextDue(),
  releaseLeases: (store) => store.releaseLeases(),
  createToken: (store) =>
    store.createToken({ id: 't1', role: 'auditor', name: 't', digest: 'd2', createdAt: at(0) }),
  findToken: (store) => store.findToken('d2'),
  searchRefusals: (store) =>
    store.searchRefusals({
      caseId: 'c1',
      actor: 'p1',
      event: 'e',
      codes: ['c'],
      from: at(0),
      to: at(1),
      limit: 1,
    }),
  searchActs: (store) => store.searchActs({ actor: 't1', limit: 1 }),
  searchVersion: (store) => store.searchVersion({ matter: 'sample', version: '1.0.0', limit: 1 }),
  searchPasses: (store) => store.searchPasses({ trial: 't', failures: 1, limit: 1 }),
  searchWaiting: (store) => store.searchWaiting({ state: 'first', before: at(1), limit: 1 }),
  countRefusals: (store) => store.countRefusals({ limit: 1 }),
  readTags: (store) => store.readTags('c1'),
  readCaseLog: (store) => store.readCaseLog('c1'),
  listUnindexed: (store) => store.listUnindexed(1),
  writeIndex: (store) =>
    store.writeIndex({ caseId: 'c1', entered: { first: at(0) }, tags: [{ index: 0, at: at(0) }] }),
  findPersonsBySubject: (store) => store.findPersonsBySubject('s'),
  readPersonKeys: (store) => store.readPersonKeys('', 1),
  beginEpoch: (store) => store.beginEpoch(1, at(1)),
  rewrapKeys: (store) =>
    store.rewrapKeys([{ id: 'p1', before: session.wrappedKey, after: session.wrappedKey }]),
  erase: (store) => {
    const commits = [nextCommit(caseRow())];
    return store.erase({ personId: 'p1', reason: 'r', at: at(2), commits, digests: ['s'] });
  },
  findErased: (store) => store.findErased(0),
  purge: (store) => store.purge(),
  countOpened: (store) => store.countOpened(period),
  countReached: (store) => store.countReached(period),
  countStanding: (store) => store.countStanding(at(60)),
  countFailures: (store) => store.countFailures(period),
  countWork: (store) => store.countWork(),
  listOldestWork: (store) => store.listOldestWork(1),
  count: (store) => store.count(),
  close: (store) => store.close(),
};

/** Every statement the store has: what it prepares beforehand, and what its methods run. Migrations are over by then. */
export async function listStatements(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'banjian-statements-'));
  try {
    const file = join(folder, 'banjian.db');
    await openStore(file).close();
    return await listStatementsOf(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function listStatementsOf(file: string): Promise<string[]> {
  const found = new Set<string>();
  const undo = watchStatements(
    (name, _params, run) => {
      found.add(name);
      return run();
    },
    (name) => found.add(name),
  );
  try {
    const store = openStore(file);
    for (const call of Object.values(calls)) await call(store);
  } finally {
    undo();
  }
  return [...found].filter((name) => !/^(?:pragma|create) |__drizzle_migrations/.test(name));
}
