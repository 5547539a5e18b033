import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '../engine/ids.ts';
import type { PersonKey, Vault } from './vault.ts';

/** Files of persons, each sealed under its person's key and found by the digest of what is in it. */
export interface FileStore {
  /** On disk when it answers. The same file twice is one file. */
  put(person: PersonKey, bytes: Buffer): Promise<{ digest: string; size: number }>;
  /** Undefined when the person has no such file. @throws Error when it was changed on disk. */
  get(person: PersonKey, digest: string): Promise<Buffer | undefined>;
  /** All that a person has, gone from the disk when it answers. False when there was nothing. */
  removeAll(personId: string): Promise<boolean>;
}

export function createFileStore(dir: string, vault: Pick<Vault, 'sealBytes' | 'openBytes'>): FileStore {
  makeFolder(dir);
  return {
    async put(person, bytes) {
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      const folder = join(dir, person.personId);
      const file = join(folder, hexOf(digest));
      if (!(await exists(file))) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeDurably(folder, file, vault.sealBytes(person, placeOf(digest), bytes));
      }
      // Also for a file that was there: whoever put it may not have come so far.
      await syncFolder(folder);
      await syncFolder(dir);
      return { digest, size: bytes.length };
    },
    async get(person, digest) {
      const sealed = await readIfThere(join(dir, person.personId, hexOf(digest)));
      return sealed && vault.openBytes(person, placeOf(digest), sealed);
    },
    async removeAll(personId) {
      const folder = join(dir, nameOf(personId));
      if (!(await exists(folder))) return false;
      await rm(folder, { recursive: true, force: true });
      await syncFolder(dir);
      return true;
    },
  };
}

function placeOf(digest: string): string {
  return `file|${digest}`;
}

/** Only a digest becomes part of a path. */
function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) throw new TypeError('not a SHA-256 digest');
  return hex;
}

/** Only an id of ours becomes part of a path. */
function nameOf(personId: string): string {
  if (!/^[\w-]{1,64}$/.test(personId)) throw new TypeError('not the id of a person');
  return personId;
}

/** Under another name first, so that a crash never leaves half a file under a digest. */
async function writeDurably(folder: string, file: string, bytes: Buffer): Promise<void> {
  const draft = join(folder, `.${newId()}`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw error;
  }
}

/** The first file ever must not be lost with the folder of all files. */
function makeFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const parent = openSync(dirname(dir), 'r');
  fsyncSync(parent);
  closeSync(parent);
}

/** A new name in a folder is only safe once the folder is; Windows cannot open one. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
