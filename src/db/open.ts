import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import type { Snapshot } from './snapshot.ts';
import { createSnapshot } from './sqlite/snapshot.ts';
import { createSqliteStore } from './sqlite/store.ts';
import type { Store } from './store.ts';

const MIGRATIONS = fileURLToPath(new URL('./sqlite/migrations', import.meta.url));

/** `journal_mode` of an in-memory database is always `memory`: it has no WAL to be safe with. */
type Pragma = readonly [name: string, value: string, readBack: unknown];
const PRAGMAS: Pragma[] = [
  ['journal_mode', 'WAL', 'wal'],
  // better-sqlite3 builds SQLite with NORMAL for WAL: a power cut then loses acknowledged commits.
  ['synchronous', 'FULL', 2],
  ['secure_delete', 'ON', 1],
  ['busy_timeout', '5000', 5000],
  // Without it INSERT OR REPLACE would delete an entry past the trigger that refuses deletion.
  ['recursive_triggers', 'ON', 1],
  // 32 MB of log between checkpoints: pages written again and again go into the file once.
  ['wal_autocheckpoint', '8000', 8000],
  // In KB: with the default of 2 MB the upper pages of the indexes do not stay in memory.
  ['cache_size', '-65536', -65536],
];

/** A migration that makes a table anew drops one that others point at. */
const WHILE_MIGRATING = ['foreign_keys', 'OFF', 0] as const;
const WHEN_MIGRATED = ['foreign_keys', 'ON', 1] as const;

/** Opens the database, makes it if it is not there, brings its schema up to date. `:memory:` for tests. */
export function openStore(file: string): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const client = new Database(file);
  for (const pragma of [...PRAGMAS, WHILE_MIGRATING]) setPragma(client, pragma, file);
  const db = drizzle({ client });
  migrate(db, { migrationsFolder: MIGRATIONS });
  setPragma(client, WHEN_MIGRATED, file);
  return createSqliteStore(client, db);
}

/** Read only, for auditors' tools beside a running server. */
export function openStoreToRead(file: string): Store {
  const client = new Database(file, { readonly: true, fileMustExist: true });
  return createSqliteStore(client, drizzle({ client }));
}

/** As it stands now, beside a running server too. */
export function openSnapshot(file: string): Snapshot {
  const client = new Database(file, { readonly: true, fileMustExist: true });
  return createSnapshot(client, drizzle({ client }));
}

function setPragma(client: Database.Database, pragma: Pragma, file: string): void {
  const [name, value, expected] = pragma;
  client.pragma(`${name} = ${value}`);
  const found = client.pragma(name, { simple: true });
  if (found !== expected && !(file === ':memory:' && name === 'journal_mode')) {
    throw new Error(`SQLite would not set ${name} to ${value}: it is ${String(found)}`);
  }
}
