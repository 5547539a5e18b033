import Database from 'better-sqlite3';
import { createSealer, type Sealer } from './sealing.ts';

export interface RecordsOptions {
  file: string;
  /** 32 bytes. */
  key: Uint8Array;
  clock: Clock;
}
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Sealed rows by kind and natural key. `Kinds` says what each kind holds. */
export interface Records<Kinds> {
  /** The newest. */
  find<K extends keyof Kinds & string>(kind: K, key: string): Kinds[K] | undefined;
  /** Newest first; all of the kind when no key is given. */
  list<K extends keyof Kinds & string>(kind: K, key?: string): Kinds[K][];
  append<K extends keyof Kinds & string>(kind: K, key: string, value: Kinds[K]): void;
  /** Changes what stands under the key, or puts it there. */
  replace<K extends keyof Kinds & string>(kind: K, key: string, value: Kinds[K]): void;
  remove<K extends keyof Kinds & string>(kind: K, key: string): void;
  /** All of it or, when `work` throws, nothing. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface Row {
  lookup: string;
  sealed: Buffer;
}

export function openRecords<Kinds>({ file, key, clock }: RecordsOptions): Records<Kinds> {
  const sealer = createSealer(key);
  const db = openDatabase(file);
  const sql = prepare(db);
  const place = <K extends string>(kind: K, naturalKey: string) =>
    [kind, sealer.lookup(kind, naturalKey)] as const;
  const append: Records<Kinds>['append'] = (kind, naturalKey, value) => {
    const at = place(kind, naturalKey);
    sql.insert.run(...at, sealer.seal(...at, value), clock.now());
  };
  return {
    find: (kind, naturalKey) => {
      const row = sql.byLookup.get(...place(kind, naturalKey));
      return row && read(sealer, kind, row);
    },
    list: (kind, naturalKey) => {
      const rows =
        naturalKey === undefined ? sql.byKind.all(kind) : sql.byLookup.all(...place(kind, naturalKey));
      return rows.map((row) => read(sealer, kind, row));
    },
    append,
    replace: (kind, naturalKey, value) => {
      const at = place(kind, naturalKey);
      const { changes } = sql.update.run(sealer.seal(...at, value), clock.now(), ...at);
      if (changes === 0) append(kind, naturalKey, value);
    },
    remove: (kind, naturalKey) => void sql.remove.run(...place(kind, naturalKey)),
    transaction: (work) => db.transaction(work).immediate(),
    close: () => void db.close(),
  };
}

function read(sealer: Sealer, kind: string, row: Row) {
  return JSON.parse(sealer.unseal(kind, row.lookup, row.sealed));
}

function openDatabase(file: string): Database.Database {
  const db = new Database(file, { timeout: 5000 });
  db.pragma('journal_mode = WAL');
  // NORMAL keeps every commit through kill -9 and may lose the last ones in a power cut: enough for a stand-in.
  db.pragma('synchronous = NORMAL');
  db.exec(`
    CREATE TABLE IF NOT EXISTS records (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      lookup TEXT NOT NULL,
      sealed BLOB NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS records_by_lookup ON records (kind, lookup, id);
  `);
  return db;
}

function prepare(db: Database.Database) {
  return {
    insert: db.prepare<[string, string, Buffer, number]>(
      'INSERT INTO records (kind, lookup, sealed, at) VALUES (?, ?, ?, ?)',
    ),
    update: db.prepare<[Buffer, number, string, string]>(
      'UPDATE records SET sealed = ?, at = ? WHERE kind = ? AND lookup = ?',
    ),
    remove: db.prepare<[string, string]>('DELETE FROM records WHERE kind = ? AND lookup = ?'),
    byLookup: db.prepare<[string, string], Row>(
      'SELECT lookup, sealed FROM records WHERE kind = ? AND lookup = ? ORDER BY id DESC',
    ),
    byKind: db.prepare<[string], Row>('SELECT lookup, sealed FROM records WHERE kind = ? ORDER BY id DESC'),
  };
}
