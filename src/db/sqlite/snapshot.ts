import type Database from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Snapshot, Stray } from '../snapshot.ts';
import { createSqliteStore } from './store.ts';

const PAGE = 1_000;

/** Takes the connection for itself: one read transaction, as long as the snapshot is open. */
export function createSnapshot(client: Database.Database, db: BetterSQLite3Database): Snapshot {
  client.exec('BEGIN');
  // A transaction sees what was there at its first read, not at its beginning.
  client.prepare('SELECT count(*) FROM sqlite_master').get();
  return {
    store: createSqliteStore(client, db),
    caseIds: () => caseIds(client),
    findStray: () =>
      STRAYS.map((stray) => client.prepare<[], Stray>(stray).get()).find((row) => row !== undefined),
    close: () => void client.close(),
  };
}

function* caseIds(client: Database.Database): Generator<string> {
  const page = client.prepare<[number, number], { no: number; id: string }>(
    'SELECT no, id FROM cases WHERE no > ? ORDER BY no LIMIT ?',
  );
  for (let last: number | undefined = 0; last !== undefined; ) {
    const rows = page.all(last, PAGE);
    for (const { id } of rows) yield id;
    last = rows.at(-1)?.no;
  }
}

/**
 * Written out, for they ask what no other statement asks. Work that nobody took up yet waits for its time and for nothing
 * else; a right goes with the case that holds it; a key was used for the entry that has it.
 */
const STRAYS = [
  `SELECT 'tasks' AS "table", cases.id AS caseId, cases.seq AS seq,
          tasks.ref || ' ' || tasks.due_at AS expected, tasks.ref || ' ' || tasks.claimable_at AS found
     FROM tasks JOIN cases ON cases.no = tasks.case_no
    WHERE tasks.attempts = 0 AND (tasks.owner IS NOT NULL OR tasks.claimable_at <> tasks.due_at)
    ORDER BY tasks.id LIMIT 1`,
  `SELECT 'claims' AS "table", cases.id AS caseId, cases.seq AS seq, 'no right of a case that is done' AS expected, claims.scope AS found
     FROM claims JOIN cases ON cases.no = claims.case_no
    WHERE json_extract(cases.state, '$.status') = 'done'
    ORDER BY cases.no LIMIT 1`,
  `SELECT 'keys' AS "table", cases.id AS caseId, keys.seq AS seq,
          coalesce(json_extract(entries.bytes, '$.key'), 'none') AS expected, keys.key AS found
     FROM keys JOIN cases ON cases.no = keys.case_no
     LEFT JOIN entries ON entries.case_no = keys.case_no AND entries.kind = 'accepted' AND entries.seq = keys.seq
    WHERE json_extract(entries.bytes, '$.key') IS NOT keys.key
       OR keys.event NOT IN (json_extract(entries.bytes, '$.type'), 'open:' || cases.matter)
    ORDER BY cases.no, keys.seq LIMIT 1`,
  `SELECT 'none' AS "table", '' AS caseId, 0 AS seq, 'a case' AS expected, "table" || ' without a case' AS found
     FROM pragma_foreign_key_check() WHERE parent = 'cases' LIMIT 1`,
];
