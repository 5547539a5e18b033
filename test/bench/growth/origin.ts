import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Matter } from '../../../src/engine/types.ts';
import { loadMatters } from '../../../src/machines/index.ts';
import { loadKeys } from '../../../src/vault/keys.ts';
import { createVault, type Vault } from '../../../src/vault/vault.ts';
import { noProviders } from '../../machines/no-providers.ts';
import { MATTER } from '../walk.ts';

/** A data folder that no server has, with what opens it. */
export interface Origin {
  db: Database.Database;
  vault: Vault;
  matter: Matter;
}

export async function openOrigin(folder: string): Promise<Origin> {
  const db = new Database(join(folder, 'banjian.db'));
  // Nothing here outlives a crash, and nothing has to.
  for (const pragma of [
    'journal_mode = MEMORY',
    'synchronous = OFF',
    'foreign_keys = OFF',
    'cache_size = -2000000',
  ])
    db.pragma(pragma);
  return { db, ...(await openVault(folder)) };
}

/** What reads a database of this folder. */
export async function openVault(folder: string): Promise<Omit<Origin, 'db'>> {
  const vault = createVault(loadKeys(join(folder, 'banjian.key')));
  const matters = await loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 });
  const matter = matters.get(MATTER);
  if (!matter) throw new Error('the matter is not there');
  return { vault, matter };
}

export function closeOrigin({ db }: Origin): void {
  db.pragma('journal_mode = WAL');
  db.close();
}

/** The triggers keep what is there; here everything is new, and to ask them for each row would take the longest. */
export function writeInBulk({ db }: Origin, write: () => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`)
    .all();
  db.transaction(() => {
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    write();
    for (const { sql } of triggers) db.exec(sql);
  })();
}
