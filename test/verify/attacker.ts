import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ChainKind } from '../../src/db/store.ts';
import { digestState, leavesOf, stateText, writeEntry } from '../../src/engine/entry.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Entry, Matter, ServiceEntry } from '../../src/engine/types.ts';

/** An entry in an attacker's hands, still to be made consistent. */
export interface Forged {
  caseNo: number | null;
  kind: ChainKind;
  entry: Entry | ServiceEntry;
}

/** Somebody who has the database file, knows how all of it is made, and has neither the log's key nor the key file. */
export interface Attacker {
  db: Database.Database;
  /** The log as it stands, to be changed at will. */
  log: Forged[];
  noOf: (caseId: string) => number;
  /** Where an entry stands in the log. */
  indexOf: (caseId: string, seq: number, kind?: ChainKind) => number;
  /**
   * Writes the log again so that everything in the database fits it: places, chains and digests, states run again through
   * the machine, current rows, open tasks.
   */
  rewrite: (by?: Matter) => void;
}

export function attack(folder: string, matter: Matter, work: (attacker: Attacker) => void): void {
  const db = new Database(join(folder, 'banjian.db'));
  db.pragma('foreign_keys = OFF');
  db.pragma('synchronous = OFF');
  const triggers = db.prepare<[], { name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`,
  );
  const kept = triggers.all();
  for (const { name } of kept) db.exec(`DROP TRIGGER ${name}`);
  const log = readLog(db);
  work({
    db,
    log,
    noOf: (caseId) => noOf(db, caseId),
    indexOf(caseId, seq, kind = 'accepted') {
      const index = log.findIndex(
        (one) =>
          one.kind === kind && one.entry.seq === seq && 'case' in one.entry && one.entry.case === caseId,
      );
      if (index < 0) throw new Error('no such entry');
      return index;
    },
    rewrite: (by = matter) => db.transaction(() => rewriteLog(db, by, log))(),
  });
  for (const { sql } of kept) db.exec(sql);
  db.close();
}

function readLog(db: Database.Database): Forged[] {
  return db
    .prepare<[], { caseNo: number | null; kind: ChainKind; bytes: string }>(
      'SELECT case_no AS caseNo, kind, bytes FROM entries ORDER BY id',
    )
    .all()
    .map(({ caseNo, kind, bytes }) => ({ caseNo, kind, entry: JSON.parse(bytes) }));
}

function noOf(db: Database.Database, caseId: string): number {
  const found = db.prepare<[string], { no: number }>('SELECT no FROM cases WHERE id = ?').get(caseId);
  if (!found) throw new Error('no such case');
  return found.no;
}

function rewriteLog(db: Database.Database, matter: Matter, log: Forged[]): void {
  const chains = Map.groupBy(log, ({ caseNo, kind }) => `${caseNo} ${kind}`);
  for (const chain of chains.values()) number(chain);
  for (const chain of chains.values()) if (chain[0]?.kind === 'accepted') runAgain(db, matter, chain);
  const insert = db.prepare(
    'INSERT INTO entries (id, case_no, kind, seq, bytes, digest) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const heads = new Map<string, string>();
  db.exec('DELETE FROM entries');
  for (const [index, { caseNo, kind, entry }] of log.entries()) {
    const chain = `${caseNo} ${kind}`;
    const { bytes, digest } = writeEntry({ ...entry, prev: heads.get(chain) ?? '' });
    heads.set(chain, digest);
    insert.run(index + 1, caseNo, kind, entry.seq, bytes, digest);
  }
  for (const [chain, entries] of chains) setHead(db, chain, entries.length, heads.get(chain) ?? '');
}

function number(chain: Forged[]): void {
  for (const [at, one] of chain.entries()) one.entry = { ...one.entry, seq: at + 1 };
}

/** Every state of a history, and the row and the open work that its last one asks for. */
function runAgain(db: Database.Database, matter: Matter, chain: Forged[]): void {
  const entries = chain.map(({ entry }) => writeEntry(entry));
  const steps = [...replay(matter, entries)];
  for (const [at, { state }] of steps.entries()) {
    const one = chain[at];
    if (one) Object.assign(one.entry, { state: { value: state.value, digest: digestState(state) } });
  }
  const last = steps.at(-1);
  const caseNo = chain[0]?.caseNo;
  if (!last || !caseNo) throw new Error('a history without entries');
  db.prepare('UPDATE cases SET state = ?, leaves = ?, updated_at = ? WHERE no = ?').run(
    stateText(last.state),
    ` ${leavesOf(last.state.value).join(' ')} `,
    last.entry.at,
    caseNo,
  );
  setTasks(db, caseNo, last.state);
}

function setTasks(
  db: Database.Database,
  caseNo: number,
  { timers, children }: { timers: object; children: object },
): void {
  db.prepare(`DELETE FROM tasks WHERE case_no = ? AND kind <> 'action'`).run(caseNo);
  const insert = db.prepare(
    `INSERT INTO tasks (case_no, kind, ref, name, key, input, due_at, attempts, claimable_at)
     VALUES (@caseNo, @kind, @ref, @name, @key, 'null', @dueAt, 0, @dueAt)`,
  );
  for (const [ref, { dueAt }] of Object.entries(timers))
    insert.run({ caseNo, kind: 'timer', ref, name: ref, key: ref, dueAt });
  for (const [ref, { src, key }] of Object.entries(children)) {
    insert.run({ caseNo, kind: 'effect', ref, name: src, key, dueAt: '2026-01-01T00:00:00.000Z' });
  }
}

const HEADS: Partial<Record<string, [count: string, head: string]>> = {
  accepted: ['seq', 'head'],
  refused: ['refusals', 'refusal_head'],
  read: ['reads', 'read_head'],
};

function setHead(db: Database.Database, chain: string, length: number, digest: string): void {
  const [caseNo = '', kind = ''] = chain.split(' ');
  const [count, head] = HEADS[kind] ?? [];
  if (count)
    db.prepare(`UPDATE cases SET ${count} = ?, ${head} = ? WHERE no = ?`).run(length, digest, Number(caseNo));
}
