import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStoreToRead } from '../../../src/db/open.ts';
import { type Evidence, verifyCase } from '../../../src/engine/verify.ts';
import type { VaultRow } from '../../../src/vault/vault.ts';
import { type Origin, openVault } from './origin.ts';

/** Everything that is stored of some cases, as an auditor is given it. No server needs to run. */
export async function gatherEvidence(folder: string, caseIds: string[]): Promise<Evidence[]> {
  const store = openStoreToRead(join(folder, 'banjian.db'));
  const { vault, matter } = await openVault(folder);
  const found: Evidence[] = [];
  for (const id of caseIds) {
    const row = await store.findCase(id);
    if (!row) throw new Error(`no case ${id}`);
    const person = vault.openPerson(row.owner, (await store.findPersonKey(row.owner)) ?? Buffer.alloc(0));
    found.push({
      matter,
      row,
      accepted: await store.readEntries(id, 'accepted'),
      refused: await store.readEntries(id, 'refused'),
      read: await store.readEntries(id, 'read'),
      tasks: await store.readTasks(id),
      vault: (await store.readVault(id)).map((value) => ({ ...value, opens: opens(vault, person, value) })),
    });
  }
  await store.close();
  return found;
}

function opens(vault: Origin['vault'], person: ReturnType<Origin['vault']['openPerson']>, value: VaultRow) {
  try {
    return vault.openValues(person, [value])[value.field] !== undefined;
  } catch {
    return false;
  }
}

/** @throws Error for the first that does not hold: figures of a database that is not a real one are worth nothing. */
export async function verifyCases(folder: string, caseIds: string[]): Promise<number> {
  for (const evidence of await gatherEvidence(folder, caseIds)) {
    const { holds, firstBreak } = verifyCase(evidence);
    if (!holds) throw new Error(`a case does not hold: ${JSON.stringify(firstBreak)}`);
  }
  return caseIds.length;
}

const WALKED = 200;

/** Cases that newcomers walked to the end. */
export function findWalked(folder: string): string[] {
  const db = new Database(join(folder, 'banjian.db'), { readonly: true });
  const found = db
    .prepare<[number], { id: string }>(
      `SELECT id FROM cases WHERE leaves LIKE '%awaitingEnterprise%' LIMIT ?`,
    )
    .all(WALKED);
  db.close();
  return found.map(({ id }) => id);
}
