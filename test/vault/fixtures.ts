import { createHash, createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keys } from '../../src/vault/keys.ts';
import { createVault, type PersonKey, type Vault } from '../../src/vault/vault.ts';

/** The same keys every time for the same name, so that a test says the same every time. */
export function keysNamed(name: string): Keys {
  return {
    wrapping: () => [
      { epoch: 1, key: createSecretKey(sha256(`wrapping ${name}`)), madeAt: '2026-11-23T02:00:00.000Z' },
    ],
    reload: () => {},
    derive: (purpose) => sha256(`${purpose} ${name}`),
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A vault and a person of it. */
export function openVault(name = 'one'): { vault: Vault; person: PersonKey } {
  const vault = createVault(keysNamed(name));
  return { vault, person: newPerson(vault) };
}

export function newPerson(vault: Vault): PersonKey {
  const { id, wrappedKey } = vault.newPerson();
  return vault.openPerson(id, wrappedKey);
}

/** A folder for one test, and the way to be rid of it. */
export async function newFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'banjian-vault-'));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
