import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
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

/** The secrets of one server. They live in a file of their own, never in the database. */
export interface Keys {
  /** Wraps the keys of persons. */
  wrapping: { id: string; key: KeyObject };
  /** 32 bytes for one purpose: indexes, codes, simulators… */
  derive(purpose: string): Buffer;
}

/**
 * Reads the key file, or makes it at the first start (mode 0600).
 * @throws Error when others may read the file, or when it is not ours.
 */
export function loadKeys(path: string): Keys {
  if (!existsSync(path)) writeKeyFile(path);
  refuseIfOpenToOthers(path);
  const file = readKeyFile(path);
  const root = decode(file.root, path);
  return {
    wrapping: { id: file.wrapping.id, key: createSecretKey(decode(file.wrapping.key, path)) },
    derive: (purpose) => Buffer.from(hkdfSync('sha256', root, '', `banjian:${purpose}`, 32)),
  };
}

type KeyFile = z.infer<typeof keyFile>;
const keyFile = z.object({
  v: z.literal(1, 'not a key file of a version known here'),
  wrapping: z.object({ id: z.string(), key: z.string() }),
  root: z.string(),
});

function readKeyFile(path: string): KeyFile {
  try {
    return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : 'not JSON';
    throw new Error(`${path}: this is no whole key file (${why}); restore it from its copy`);
  }
}

/** Whole or not at all: a power cut must not leave half a key beside a database that needs it. */
function writeKeyFile(path: string): void {
  const file: KeyFile = {
    v: 1,
    wrapping: { id: 'w1', key: randomBytes(32).toString('base64url') },
    root: randomBytes(32).toString('base64url'),
  };
  const folder = dirname(path);
  const draft = `${path}.draft`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(draft, { force: true });
  syncAndClose(openSync(draft, 'wx', 0o600), `${JSON.stringify(file)}\n`);
  renameSync(draft, path);
  syncAndClose(openSync(folder, 'r'));
}

function syncAndClose(handle: number, text?: string): void {
  if (text !== undefined) writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
}

function refuseIfOpenToOthers(path: string): void {
  const mode = statSync(path).mode & 0o077;
  if (mode !== 0 && process.platform !== 'win32') {
    throw new Error(`${path}: other users may read this key file; run: chmod 600 ${path}`);
  }
}

function decode(text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32) throw new Error(`${path}: a key is not 32 bytes long`);
  return bytes;
}
