import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type KeyFile, makeKeyFile, newKey, readKeyFile, writeKeyFile } from './key-file.ts';

/** Wraps the keys of persons, for as long as its epoch lasts. */
export interface WrappingKey {
  /** From 1. */
  epoch: number;
  key: KeyObject;
  madeAt: string;
}

/** The secrets of one server. They live in a file of their own, never in the database. */
export interface Keys {
  /** The newest wraps. Two only while a renewal goes on, the older one first. */
  wrapping(): readonly WrappingKey[];
  /** Looks into the file again: the wrapping key may have been renewed beside us. */
  reload(): void;
  /** 32 bytes for one purpose: indexes, codes, simulators… The same in every epoch. */
  derive(purpose: string): Buffer;
}

/**
 * Reads the key file, or makes it at the first start (mode 0600).
 * @throws Error when others may read the file, or when it is not ours.
 */
export function loadKeys(path: string, now: () => number = Date.now): Keys {
  if (!existsSync(path)) makeKeyFile(path, new Date(now()).toISOString());
  const file = readKeyFile(path);
  const root = decode(file.root, path);
  let wrapping = readWrapping(file, path);
  return {
    wrapping: () => wrapping,
    reload: () => {
      wrapping = readWrapping(readKeyFile(path), path);
    },
    derive: (purpose) => Buffer.from(hkdfSync('sha256', root, '', `banjian:${purpose}`, 32)),
  };
}

function readWrapping({ wrapping }: KeyFile, path: string): WrappingKey[] {
  return wrapping.map(({ epoch, key, madeAt }) => ({
    epoch,
    key: createSecretKey(decode(key, path)),
    madeAt,
  }));
}

/** Puts a new wrapping key beside the old one; one that was begun and not ended goes on. Gives its epoch. */
export function beginRenewal(path: string, madeAt: string): number {
  const file = readKeyFile(path);
  const [old, begun] = file.wrapping;
  if (begun) return begun.epoch;
  const epoch = (old?.epoch ?? 0) + 1;
  writeKeyFile(path, { ...file, wrapping: [...file.wrapping, { epoch, key: newKey(), madeAt }] });
  return epoch;
}

/** Destroys the old wrapping key: whatever is still wrapped under it, here or in a backup, is lost for good. */
export function endRenewal(path: string): void {
  const file = readKeyFile(path);
  writeKeyFile(path, { ...file, wrapping: file.wrapping.slice(-1) });
}

function decode(text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32) throw new Error(`${path}: a key is not 32 bytes long`);
  return bytes;
}
