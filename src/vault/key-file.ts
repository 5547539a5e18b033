import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** One wrapping key, base64url. Epochs count from 1. */
const epochKey = z.object({ epoch: z.int().min(1), key: z.string(), madeAt: z.iso.datetime() });
const current = z.object({ v: z.literal(2), wrapping: z.array(epochKey).min(1).max(2), root: z.string() });
/** As it was before keys were renewed. */
const first = z.object({
  v: z.literal(1),
  wrapping: z.object({ id: z.string(), key: z.string() }),
  root: z.string(),
});
const keyFile = z.discriminatedUnion('v', [first, current], {
  error: 'not a key file of a version known here',
});

export type KeyFile = z.infer<typeof current>;

/** @throws Error when others may read the file, or when it is not ours. */
export function readKeyFile(path: string): KeyFile {
  refuseIfOpenToOthers(path);
  const file = parseKeyFile(path);
  if (file.v === 2) return file;
  // It says nothing of its age: it was written once, at the first start.
  const madeAt = statSync(path).mtime.toISOString();
  return { v: 2, wrapping: [{ epoch: 1, key: file.wrapping.key, madeAt }], root: file.root };
}

function parseKeyFile(path: string) {
  try {
    return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : 'not JSON';
    throw new Error(`${path}: this is no whole key file (${why}); restore it from its copy`);
  }
}

export function makeKeyFile(path: string, madeAt: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeKeyFile(path, { v: 2, wrapping: [{ epoch: 1, key: newKey(), madeAt }], root: newKey() });
}

export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Whole or not at all: a power cut must not leave half a key beside a database that needs it. */
export function writeKeyFile(path: string, file: KeyFile): void {
  const draft = `${path}.draft`;
  rmSync(draft, { force: true });
  syncAndClose(openSync(draft, 'wx', 0o600), `${JSON.stringify(file)}\n`);
  const before = existsSync(path) ? openSync(path, 'r+') : undefined;
  renameSync(draft, path);
  syncAndClose(openSync(dirname(path), 'r'));
  if (before !== undefined) syncAndClose(before, ' '.repeat(fstatSync(before).size));
}

function syncAndClose(handle: number, text?: string): void {
  if (text !== undefined) writeSync(handle, text, 0);
  fsyncSync(handle);
  closeSync(handle);
}

function refuseIfOpenToOthers(path: string): void {
  const mode = statSync(path).mode & 0o077;
  if (mode !== 0 && process.platform !== 'win32') {
    throw new Error(`${path}: other users may read this key file; run: chmod 600 ${path}`);
  }
}
