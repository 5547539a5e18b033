import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { at, effect, entryOf, nextCommit, stateOf } from './samples.ts';

const MIGRATIONS = fileURLToPath(new URL('../../src/db/sqlite/migrations', import.meta.url));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-migrate-'));
  file = join(folder, 'banjian.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database as an earlier version left it: with its first `count` migrations only. */
function openEarlier(count: number): Database.Database {
  const migrations = join(folder, 'migrations');
  cpSync(MIGRATIONS, migrations, { recursive: true });
  const journal = join(migrations, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: object[] };
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
  const db = new Database(file);
  migrate(drizzle({ client: db }), { migrationsFolder: migrations });
  return db;
}

const CASE = { id: 'c9', entry: entryOf('{"case":"c9","seq":1}'), refusal: entryOf('{"refused":1}') };

/** Cases that named each other by their text ids. */
function fillAsFirst(db: Database.Database): void {
  const values = (...list: (string | number | Buffer | null)[]) => list;
  const insert = (table: string, row: (string | number | Buffer | null)[]) =>
    db.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(row);
  insert('persons', values('p1', Buffer.from('wrapped'), null, null, null, at(0), at(0)));
  const state = JSON.stringify(stateOf('first'));
  for (const [id, openedAt] of [
    ['c9', at(0)],
    ['c1', at(5)],
  ] as const) {
    const heads = [1, CASE.entry.digest, 1, CASE.refusal.digest];
    insert('cases', [
      id,
      'sample',
      'sample',
      '1.0.0',
      'sha256:00',
      'p1',
      state,
      ' first ',
      ...heads,
      openedAt,
      openedAt,
    ]);
  }
  insert('entries', values(1, 'c9', 'accepted', 1, CASE.entry.bytes, CASE.entry.digest));
  insert('entries', values(2, 'c9', 'refused', 1, CASE.refusal.bytes, CASE.refusal.digest));
  insert('vault', values(1, 'c9', 1, 'name', 'digest', Buffer.from('sealed')));
  insert('tasks', values(7, 'c9', 'effect', 'check', 'check', 'k', 'null', at(1), 0, null, at(1)));
  insert('keys', values('scope', 'key', 'c9', 'e', '{}', 1, 0));
  insert('claims', values('right', 'one', 'c9'));
  insert('subjects', values('subject', 'c9', 'p1'));
}

test('a database of the first version is taken over: every row, every byte, every place', async () => {
  const before = openEarlier(2);
  fillAsFirst(before);
  before.close();

  const store = openStore(file);
  const row = await store.findCase('c9');
  expect(row).toMatchObject({
    id: 'c9',
    owner: 'p1',
    seq: 1,
    refusals: 1,
    reads: 0,
    readHead: '',
    openedAt: at(0),
  });
  expect(await store.readEntries('c9', 'accepted')).toEqual([CASE.entry]);
  expect(await store.readLog(0, 9)).toMatchObject([
    { index: 0, caseId: 'c9', kind: 'accepted', ...CASE.entry },
    { index: 1, caseId: 'c9', kind: 'refused', ...CASE.refusal },
  ]);
  expect(await store.readVault('c9')).toMatchObject([{ caseId: 'c9', seq: 1, field: 'name' }]);
  expect(await store.readTasks('c9')).toMatchObject([{ id: 7, caseId: 'c9', ref: 'check' }]);
  expect(await store.findKey('scope', 'key')).toMatchObject({ caseId: 'c9', seq: 1 });
  expect((await store.searchCases({ limit: 9 })).rows.map(({ id }) => id)).toEqual(['c1', 'c9']);

  if (!row) throw new Error('no case');
  const commit = nextCommit(row, { start: [effect('more')], claim: { scope: 'right', subject: 'one' } });
  expect(await store.commit(commit)).toMatchObject({ kind: 'committed' });
  await store.close();
});

test('its entries are guarded as before, and everything points where it should', () => {
  const before = openEarlier(2);
  fillAsFirst(before);
  before.close();
  void openStore(file).close();
  const raw = new Database(file);
  expect(raw.pragma('foreign_key_check')).toEqual([]);
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
  for (const change of ['DELETE FROM entries', "UPDATE entries SET bytes = ''"])
    expect(() => raw.exec(change)).toThrow('append-only');
  expect(() => raw.exec("INSERT INTO vault VALUES (9, 99, 1, 'f', 'd', x'00')")).toThrow('FOREIGN KEY');
  raw.close();
});
