import { hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** The secrets of one server. They live in a file of their own, never in the database. */
export interface Keys {
  /** Wraps the keys of persons. */
  wrapping: { id: string; key: Buffer };
  /** 32 bytes for one purpose: indexes, codes, simulators… */
  derive(purpose: string): Buffer;
}

interface KeyFile {
  v: 1;
  wrapping: { id: string; key: string };
  root: string;
}

/**
 * Reads the key file, or makes it at the first start (mode 0600).
 * @throws Error when others may read the file, or when it is not ours.
 */
export function loadKeys(path: string): Keys {
  if (!existsSync(path)) writeKeyFile(path);
  refuseIfOpenToOthers(path);
  const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
  if (file.v !== 1) throw new Error(`${path}: not a key file of a version known here`);
  const root = decode(file.root, path);
  return {
    wrapping: { id: file.wrapping.id, key: decode(file.wrapping.key, path) },
    derive: (purpose) => Buffer.from(hkdfSync('sha256', root, '', `banjian:${purpose}`, 32)),
  };
}

function writeKeyFile(path: string): void {
  const file: KeyFile = {
    v: 1,
    wrapping: { id: 'w1', key: randomBytes(32).toString('base64url') },
    root: randomBytes(32).toString('base64url'),
  };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const handle = openSync(path, 'wx', 0o600);
  writeSync(handle, `${JSON.stringify(file)}\n`);
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
