import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStore, openStoreToRead } from '../../src/db/open.ts';
import { at, caseRow, effect, entryOf, firstCommit, keyRow, nextCommit, sealed, timer } from './samples.ts';
import { storeSuite } from './store.suite.ts';

storeSuite('on SQLite in memory', async () => {
  const store = openStore(':memory:');
  return { store, close: () => store.close() };
});

storeSuite('on an SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'banjian-store-'));
  const store = openStore(join(folder, 'banjian.db'));
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('an SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'banjian-sqlite-'));
    file = join(folder, 'data', 'banjian.db');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  test.each([
    ['synchronous', 2],
    ['journal_mode', 'wal'],
    ['foreign_keys', 1],
    ['secure_delete', 1],
    ['busy_timeout', 5000],
    ['recursive_triggers', 1],
  ])('is written over a connection whose %s is %s', async (pragma, value) => {
    const { connection, close } = openWatched(file);
    expect(connection.pragma(pragma, { simple: true })).toBe(value);
    await close();
  });

  test('is not opened when SQLite keeps another synchronous than FULL', () => {
    const spy = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (
      this: Database.Database,
      source,
    ) {
      const statement = this.prepare(`PRAGMA ${source}`);
      if (!statement.reader) return statement.run();
      return source === 'synchronous' ? 1 : statement.pluck().get();
    });
    expect(() => openStore(file)).toThrow('SQLite would not set synchronous to FULL: it is 1');
    connectionOf(spy).close();
  });

  test('keeps everything when it is closed and opened again', async () => {
    const first = openStore(file);
    await fill(first);
    const before = await readBack(first);
    await first.close();

    const again = openStore(file);
    expect(await readBack(again)).toEqual(before);
    expect(await again.commit(nextCommit(caseRow(), {}))).toMatchObject({ kind: 'committed' });
    await again.close();
  });

  test('a commit that is undone leaves no row in any table', async () => {
    const { connection, store, close } = openWatched(file);
    await fill(store);
    const before = dump(connection);
    const commit = nextCommit(caseRow(), {
      cancel: ['check'],
      start: [effect('new'), effect('twice'), effect('twice')],
      vault: [sealed('name', 'x')],
      key: keyRow('case', 'fresh', 'c1'),
      marks: [{ scope: 'sms', subject: 'one' }],
      claim: { scope: 'right', subject: 'two' },
      subject: 'keyed digest of an ID number',
    });
    await expect(store.commit(commit)).rejects.toThrow('UNIQUE');
    expect(dump(connection)).toEqual(before);
    await close();
  });

  test('a commit that is taken writes the index from a subject to its person', async () => {
    const { connection, store, close } = openWatched(file);
    await fill(store);
    await store.commit(nextCommit(caseRow(), { subject: 'digest' }));
    expect(dump(connection)).toMatchObject({
      subjects: [{ subject: 'digest', case_no: 1, person_id: 'p1' }],
    });
    await close();
  });

  test.each([
    ['UPDATE', "UPDATE entries SET bytes = '{}' WHERE seq = 1"],
    ['UPDATE of its digest', "UPDATE entries SET digest = '' WHERE seq = 1"],
    ['UPDATE OR REPLACE', 'UPDATE OR REPLACE entries SET seq = 2 WHERE seq = 1'],
    ['DELETE', 'DELETE FROM entries WHERE seq = 1'],
    ['DELETE of all', 'DELETE FROM entries'],
  ])('an entry stands against %s, over any connection', async (_what, statement) => {
    await fillAndClose(file);
    const raw = new Database(file);
    const before = raw.prepare('SELECT * FROM entries').all();
    expect(() => raw.exec(statement)).toThrow('entries are append-only');
    expect(raw.prepare('SELECT * FROM entries').all()).toEqual(before);
    raw.close();
  });

  test('an entry stands against INSERT OR REPLACE over the connection of the store', async () => {
    const { connection, store, close } = openWatched(file);
    await fill(store);
    for (const statement of replacements) expect(() => connection.exec(statement)).toThrow('append-only');
    await close();
  });

  test('an entry stands against INSERT OR REPLACE over any connection', async () => {
    await fillAndClose(file);
    const raw = new Database(file);
    try {
      for (const statement of replacements) expect(() => raw.exec(statement)).toThrow('append-only');
    } finally {
      raw.close();
    }
  });

  test('what waits together goes in with one commit, and a lone one waits for nobody', async () => {
    const { statement, store, close } = openWatched(file);
    await fill(store);
    const commit = vi.spyOn(statement('commit'), 'run');
    const rows = Array.from({ length: 40 }, (_, i) => caseRow({ id: `many${i}` }));
    await Promise.all(rows.map((row) => store.commit(firstCommit(row))));
    expect(commit).toHaveBeenCalledTimes(1);
    await store.commit(firstCommit(caseRow({ id: 'alone' })));
    expect(commit).toHaveBeenCalledTimes(2);
    await close();
  });

  test('once the disk has failed nothing is acknowledged any more, not even what would succeed', async () => {
    const { statement, store, close } = openWatched(file);
    await fill(store);
    const failing = failOnce(statement('commit'), 'SQLITE_IOERR_FSYNC');
    const outcomes = await Promise.allSettled([
      store.commit(firstCommit(caseRow({ id: 'a' }))),
      store.commit(firstCommit(caseRow({ id: 'b' }))),
    ]);
    failing.mockRestore();
    expect(outcomes.map((each) => (each.status === 'rejected' ? String(each.reason) : each.status))).toEqual([
      'Problem: storage-unavailable',
      'Problem: storage-unavailable',
    ]);
    await expect(store.commit(firstCommit(caseRow({ id: 'c' })))).rejects.toThrow('storage-unavailable');
    expect((await store.failed).message).toBe('SQLITE_IOERR_FSYNC');
    expect((await store.count()).cases).toBe(1);
    await close();
  });

  test('while the disk is full writing is refused with a word for it, and goes on when there is room', async () => {
    const { statement, store, close } = openWatched(file);
    await fill(store);
    const failing = failOnce(statement('insert into "entries"'), 'SQLITE_FULL');
    await expect(store.commit(firstCommit(caseRow({ id: 'a' })))).rejects.toThrow('storage-unavailable');
    failing.mockRestore();
    expect(await store.commit(firstCommit(caseRow({ id: 'b' })))).toMatchObject({ kind: 'committed' });
    expect((await store.count()).cases).toBe(2);
    await close();
  });

  test('an auditor reads it beside a running server, and cannot write', async () => {
    const server = openStore(file);
    await fill(server);
    const reader = openStoreToRead(file);
    expect(await readBack(reader)).toEqual(await readBack(server));
    await expect(reader.commit(nextCommit(caseRow(), {}))).rejects.toThrow('readonly');
    await reader.close();
    await server.close();
  });

  test('an auditor does not make one that is not there', () => {
    expect(() => openStoreToRead(join(folder, 'banjian.db'))).toThrow('unable to open');
  });

  test('the folder it lies in, made for it, is nobody else’s to read', async () => {
    await openStore(file).close();
    expect((await stat(join(folder, 'data'))).mode & 0o077).toBe(0);
  });
});

/** In the place of another entry, and under its row's number. */
const replacements = [
  "INSERT OR REPLACE INTO entries (case_no, kind, seq, bytes, digest) VALUES (1, 'accepted', 1, '{}', '')",
  "INSERT OR REPLACE INTO entries (id, case_no, kind, seq, bytes, digest) VALUES (1, 1, 'accepted', 9, '{}', '')",
];

type OpenStore = ReturnType<typeof openStore>;

/** A store and the very connection it writes over: another connection to the file has pragmas of its own. */
function openWatched(file: string) {
  const spy = vi.spyOn(Database.prototype, 'pragma');
  const preparing = vi.spyOn(Database.prototype, 'prepare');
  const store = openStore(file);
  const connection = connectionOf(spy);
  const prepared = preparing.mock.results.map(({ value }) => value as Database.Statement);
  spy.mockRestore();
  preparing.mockRestore();
  const statement = (sql: string) => prepared.find(({ source }) => source.startsWith(sql)) ?? raise(sql);
  return { store, connection, statement, close: () => store.close() };
}

function raise(sql: string): never {
  throw new Error(`nothing was prepared that begins with: ${sql}`);
}

/** As the disk would make it fail. */
function failOnce(statement: Database.Statement, code: string) {
  return vi.spyOn(statement, 'run').mockImplementation(() => {
    throw new Database.SqliteError(code, code);
  });
}

function connectionOf(spy: { mock: { contexts: unknown[] } }): Database.Database {
  const [connection] = spy.mock.contexts;
  if (!(connection instanceof Database)) throw new Error('no connection was opened');
  return connection;
}

/** One of everything. */
async function fill(store: OpenStore): Promise<void> {
  const wrappedKey = Buffer.from('wrapped');
  const session = {
    digest: 's1',
    personId: 'p1',
    channel: 'web',
    wrappedKey,
    keyEpoch: 1,
    createdAt: at(0),
    expiresAt: at(9),
  };
  await store.createSession(session);
  await store.createToken({ digest: 't1', id: 'o1', role: 'auditor', name: 'Audit', createdAt: at(0) });
  await store.saveProfile('p1', { nickname: Buffer.from('sealed') }, at(1));
  const commit = firstCommit(caseRow(), {
    start: [effect('check'), timer('expiry', at(90))],
    vault: [sealed('name', 'sealed')],
    key: keyRow('case', 'used', 'c1'),
    marks: [{ scope: 'sms', subject: 'one' }],
    claim: { scope: 'right', subject: 'one' },
  });
  expect(await store.commit(commit)).toMatchObject({ kind: 'committed' });
  await store.append({
    kind: 'refused',
    caseId: 'c1',
    number: 1,
    entry: entryOf('{"refused":1}'),
    tags: undefined,
  });
}

async function fillAndClose(file: string): Promise<void> {
  const store = openStore(file);
  await fill(store);
  await store.close();
}

async function readBack(store: OpenStore) {
  return {
    row: await store.findCase('c1'),
    accepted: await store.readEntries('c1', 'accepted'),
    refused: await store.readEntries('c1', 'refused'),
    vault: await store.readVault('c1'),
    tasks: await store.readTasks('c1'),
    key: await store.findKey('case', 'used'),
    session: await store.findSession('s1'),
    token: await store.findToken('t1'),
    personKey: await store.findPersonKey('p1'),
    profile: await store.findProfile('p1'),
    nextDue: await store.findNextDue(),
    found: await store.searchCases({ limit: 10 }),
    count: await store.count(),
  };
}

/** Every row of every table of ours. */
function dump(connection: Database.Database): Record<string, unknown[]> {
  const names = connection
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'")
    .pluck()
    .all() as string[];
  return Object.fromEntries(
    names
      .filter((name) => !name.startsWith('sqlite_'))
      .map((name) => [name, connection.prepare(`SELECT * FROM "${name}"`).all()]),
  );
}
