import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSnapshot, openStore } from '../../src/db/open.ts';
import { findIndexBreak, type IndexBreak, indexOldCases } from '../../src/engine/index-of.ts';
import { findMatter } from '../../src/engine/runtime.ts';
import type { MachineStamp } from '../../src/engine/types.ts';
import { verifyCases } from '../../src/verify/cases.ts';
import { turn } from '../helpers.ts';
import { readAll } from './naive.ts';
import { startWorld, type World } from './world.ts';

let folder: string;
let world: World;
/** Another hand in the same file. */
let raw: Database.Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  world = await startWorld(18, { folder });
  raw = new Database(join(folder, 'banjian.db'));
});
afterAll(async () => {
  raw.close();
  await world.kit.close();
  rmSync(folder, { recursive: true });
});

const matterOf = (machine: MachineStamp) => findMatter(world.kit.runtime, { matter: machine.id, machine });

/** The first difference of every case, and of the service. */
async function findBreaks(): Promise<IndexBreak[]> {
  const { store } = world.kit.runtime;
  const ids = new Set((await readAll(store)).map(({ caseId }) => caseId));
  const rows = [undefined, ...(await Promise.all([...ids].map((id) => store.findCase(id))))];
  const found = await Promise.all(rows.map((row) => findIndexBreak(store, row, matterOf)));
  return found.filter((each) => each !== undefined);
}

/** Changes the database, looks, and puts it back. Reads of one turn are of one moment, so what another hand did is seen in the next. */
async function lookWhile(statement: string): Promise<IndexBreak[]> {
  const tables = ['tags', 'cases'].map((name) =>
    raw.prepare<[], Record<string, unknown>>(`SELECT * FROM ${name}`).all(),
  );
  raw.exec(statement);
  await turn();
  const found = await findBreaks();
  raw.exec('PRAGMA foreign_keys = OFF; DELETE FROM tags');
  for (const row of tables[0] ?? []) {
    const names = Object.keys(row);
    raw
      .prepare(
        `INSERT INTO tags (${names.map((name) => `"${name}"`).join()}) VALUES (${names.map(() => '?').join()})`,
      )
      .run(...Object.values(row));
  }
  for (const { no, entered, entered_at } of tables[1] ?? [])
    raw.prepare('UPDATE cases SET entered = ?, entered_at = ? WHERE no = ?').run(entered, entered_at, no);
  await turn();
  return found;
}

describe('what questions look at follows from the entries', () => {
  it('of every case, reckoned anew', async () => {
    expect(raw.prepare('SELECT count(*) FROM tags').pluck().get()).toBeGreaterThan(20);
    expect(await findBreaks()).toEqual([]);
  });

  it.each([
    ['a tag is gone', 'DELETE FROM tags WHERE id = (SELECT max(id) FROM tags)', 'tags'],
    [
      'a code is another',
      `UPDATE tags SET code = 'forbidden' WHERE id = (SELECT max(id) FROM tags WHERE code IS NOT NULL)`,
      'tags',
    ],
    [
      'a failure is not counted',
      'UPDATE tags SET failures = failures + 1 WHERE id = (SELECT max(id) FROM tags WHERE failures IS NOT NULL)',
      'tags',
    ],
    [
      'a refusal is somebody else’s',
      `UPDATE tags SET actor = 'x' WHERE id = (SELECT max(id) FROM tags WHERE actor IS NOT NULL)`,
      'tags',
    ],
    [
      'an entry is tagged that should not be',
      `INSERT INTO tags (id, case_no, at) SELECT id, case_no, '2026' FROM entries WHERE kind = 'accepted' AND seq = 1 LIMIT 1`,
      'tags',
    ],
    [
      'a case seems to wait for less',
      `UPDATE cases SET entered = replace(entered, '2026', '2027') WHERE no = 3`,
      'entered',
    ],
  ] as const)('%s: the first difference is named', async (_what, statement, what) => {
    const found = await lookWhile(statement);
    expect(found).toHaveLength(1);
    expect(found[0]?.what).toBe(what);
    expect(found[0]?.expected).not.toBe(found[0]?.found);
    expect(await findBreaks()).toEqual([]);
  });

  it('and banjian verify looks at it', async () => {
    const look = async () => {
      const snapshot = openSnapshot(join(folder, 'banjian.db'));
      const { matters, vault } = world.kit.runtime;
      const { finding } = await verifyCases(snapshot, { matters, vault }, () => {});
      snapshot.close();
      return finding;
    };
    expect(await look()).toBeUndefined();
    const last = raw.prepare('SELECT max(id) FROM tags').pluck().get();
    raw.exec(`UPDATE tags SET at = replace(at, '2026', '2025') WHERE id = ${Number(last)}`);
    expect(await look()).toMatchObject({ check: 'index', what: 'tags', index: Number(last) - 1 });
    raw.exec(`UPDATE tags SET at = replace(at, '2025', '2026') WHERE id = ${Number(last)}`);
    raw.exec(`UPDATE cases SET entered = replace(entered, '2026', '2025') WHERE no = 4`);
    expect(await look()).toMatchObject({ check: 'index', what: 'entered', place: { kind: 'accepted' } });
    raw.exec(`UPDATE cases SET entered = replace(entered, '2025', '2026') WHERE no = 4`);
    expect(await look()).toBeUndefined();
  });

  it('so that a database from before there was an index gets one, the same', async () => {
    const dump = () => [
      raw.prepare('SELECT * FROM tags ORDER BY id').all(),
      raw.prepare('SELECT no, entered, entered_at FROM cases ORDER BY no').all(),
    ];
    const before = dump();
    raw.exec(`DELETE FROM tags; UPDATE cases SET entered = '', entered_at = ''`);
    await turn();
    expect(dump()).not.toEqual(before);
    const { store } = world.kit.runtime;
    expect(await indexOldCases(store, matterOf)).toBe(18);
    expect(dump()).toEqual(before);
    expect(await indexOldCases(store, matterOf)).toBe(0);
  });
});

describe('no question looks at every entry', () => {
  /** How SQLite goes about each statement that a call makes. */
  async function explain(ask: (store: ReturnType<typeof openStore>) => Promise<unknown>): Promise<string[]> {
    const store = openStore(':memory:');
    const prepare = vi.spyOn(Database.prototype, 'prepare');
    await ask(store);
    const asked = prepare.mock.calls.map(([statement]) => statement);
    const [client] = prepare.mock.contexts;
    prepare.mockRestore();
    const plans = asked.flatMap((statement) =>
      (client as Database.Database)
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all(...Array.from({ length: statement.split('?').length - 1 }, () => 1)),
    );
    await store.close();
    return plans.map((row) => String((row as { detail: string }).detail));
  }
  const paged = { limit: 50, cursor: Buffer.from('2026-07-01T00:00:00.000Z 7').toString('base64url') };
  const span = { from: '2026', to: '2027' };

  it.each<[string, (store: ReturnType<typeof openStore>) => Promise<unknown>, RegExp]>([
    [
      'skips',
      (store) => store.searchRefusals({ codes: ['a', 'b'], ...paged }),
      /SEARCH tags USING INDEX tags_refused/,
    ],
    [
      'skips from and to',
      (store) => store.searchRefusals({ codes: ['a', 'b'], ...span, limit: 50 }),
      /tags_refused/,
    ],
    [
      'skips of an event',
      (store) => store.searchRefusals({ event: 'e', limit: 50 }),
      /tags USING INDEX tags_refused/,
    ],
    ['skips of a person', (store) => store.searchRefusals({ actor: 'p', ...paged }), /tags_actor/],
    ['skips of a case', (store) => store.searchRefusals({ caseId: 'c', ...paged }), /entries_place/],
    ['acts of staff', (store) => store.searchActs({ actor: 'p', ...span, ...paged }), /tags_actor/],
    ['passes', (store) => store.searchPasses({ trial: 'face', failures: 2, limit: 50 }), /tags_passed/],
    ['versions', (store) => store.searchVersion({ matter: 'm', version: '1', limit: 50 }), /cases_version/],
    ['cases of an ID number', (store) => store.searchCases({ subject: 's', limit: 50 }), /subjects/],
    ['cases of a person', (store) => store.searchCases({ owner: 'p', limit: 50 }), /cases_owner/],
    [
      'refusals by hour',
      (store) => store.countRefusals({ ...span, limit: 50 }),
      /COVERING INDEX tags_refused/,
    ],
    [
      'cases without an index',
      (store) => store.listUnindexed(9),
      /SCAN cases USING COVERING INDEX cases_unindexed|INDEX cases_unindexed/,
    ],
    ['the index of a case', (store) => store.readTags('c'), /entries_place/],
  ])('%s', async (_name, ask, wanted) => {
    const plan = await explain(ask);
    expect(plan.join('\n')).toMatch(wanted);
    expect(
      plan.filter((step) => /^SCAN (?:entries|cases$|cases USING INDEX cases_opened|tags$)/.test(step)),
    ).toEqual([]);
  });

  it('waiting, whose statements are prepared beforehand', () => {
    const plan = (statement: string) =>
      raw
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map((row) => String((row as { detail: string }).detail));
    expect(plan(`SELECT min(leaves) FROM cases WHERE leaves > ''`)).toEqual([
      'SEARCH cases USING COVERING INDEX cases_waiting (leaves>?)',
    ]);
    expect(
      plan(
        `SELECT no, entered_at, entered, matter FROM cases WHERE leaves = '' AND entered_at <= '' AND (entered_at, no) > ('', 0) ORDER BY entered_at, no`,
      ),
    ).toEqual([
      'SEARCH cases USING INDEX cases_waiting (leaves=? AND entered_at>? AND entered_at<?)',
      // Only those of the same millisecond.
      'USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
    ]);
  });

  it('and a look at every row would be seen', async () => {
    const plan = await explain((store) => store.searchCases({ state: 'first', limit: 1 }));
    expect(plan).toEqual(['SCAN cases USING INDEX cases_opened']);
  });
});
