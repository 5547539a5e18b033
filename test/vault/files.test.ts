import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore, type FileStore } from '../../src/vault/files.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault, type PersonKey, type Vault } from '../../src/vault/vault.ts';

let dir: string;
let vault: Vault;
let files: FileStore;
let person: PersonKey;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'files-'));
  vault = createVault(loadKeys(join(dir, 'key')));
  files = createFileStore(join(dir, 'files'), vault);
  person = newPerson();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function newPerson(): PersonKey {
  const { id, wrappedKey } = vault.newPerson();
  return vault.openPerson(id, wrappedKey);
}

function stored(): string[] {
  return readdirSync(join(dir, 'files', person.personId));
}

it('all of a person’s files go at once, and nobody else’s', async () => {
  const other = newPerson();
  const { digest } = await files.put(person, Buffer.from('mine'));
  const theirs = await files.put(other, Buffer.from('theirs'));
  expect(await files.removeAll(person.personId)).toBe(true);
  expect(await files.get(person, digest)).toBeUndefined();
  expect(await files.get(other, theirs.digest)).toEqual(Buffer.from('theirs'));
  expect(await files.removeAll(person.personId)).toBe(false);
  await expect(files.removeAll('../files')).rejects.toThrow('not the id of a person');
});

describe('files of persons', () => {
  const bytes = Buffer.from('what the canary brought');

  it('come back as they were, under their own digest', async () => {
    const { digest, size } = await files.put(person, bytes);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(size).toBe(bytes.length);
    expect(await files.get(person, digest)).toEqual(bytes);
    expect(stored()).toEqual([digest.slice('sha256:'.length)]);
  });

  it('are one file when they are the same, also at the same moment', async () => {
    const both = await Promise.all([files.put(person, bytes), files.put(person, bytes)]);
    expect(both[0]).toEqual(both[1]);
    expect(await files.put(person, bytes)).toEqual(both[0]);
    expect(stored()).toHaveLength(1);
  });

  it('lie sealed on the disk', async () => {
    const { digest } = await files.put(person, bytes);
    const file = join(dir, 'files', person.personId, digest.slice('sha256:'.length));
    expect(readFileSync(file).includes('canary')).toBe(false);
  });

  it('open for nobody else, and nobody else has them', async () => {
    const { digest } = await files.put(person, bytes);
    expect(await files.get(newPerson(), digest)).toBeUndefined();
  });

  it('that were changed on the disk are refused', async () => {
    const { digest } = await files.put(person, bytes);
    const file = join(dir, 'files', person.personId, digest.slice('sha256:'.length));
    const sealed = readFileSync(file);
    sealed.writeUInt8(sealed.readUInt8(40) ^ 1, 40);
    writeFileSync(file, sealed);
    await expect(files.get(person, digest)).rejects.toThrow(/authenticate/);
  });

  it('are never looked for under anything but a digest', async () => {
    await expect(files.get(person, '../../key')).rejects.toThrow('not a SHA-256 digest');
  });
});
