import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface Disk {
  cases: number;
  entries: number;
  bytesPerCase: number;
  /** Of the tables and indexes that entries are in. */
  bytesPerEntry: number;
  /** Bytes a case by table, its indexes with it. */
  tables: Record<string, number>;
}

/** What is on disk, page by page. Persons and sessions are counted with their cases. */
export function measureDisk(folder: string): Disk {
  const file = join(folder, 'banjian.db');
  const db = new Database(file, { readonly: true });
  const count = (table: string) =>
    db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
  const [cases, entries] = [count('cases'), count('entries')];
  const sizes = db
    .prepare<[], { name: string; bytes: number }>(
      `SELECT tbl_name AS name, sum(pgsize) AS bytes FROM dbstat('main', 1) JOIN sqlite_master USING (name)
       GROUP BY tbl_name ORDER BY bytes DESC`,
    )
    .all();
  db.close();
  const tables = Object.fromEntries(sizes.map(({ name, bytes }) => [name, bytes / cases]));
  return {
    cases,
    entries,
    bytesPerCase: statSync(file).size / cases,
    bytesPerEntry: ((tables.entries ?? 0) * cases) / entries,
    tables,
  };
}
