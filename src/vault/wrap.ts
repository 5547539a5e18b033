import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Keys, WrappingKey } from './keys.ts';
import { seal, unseal } from './seal.ts';

const EPOCH_BYTES = 4;
/** 12 of iv, 16 of tag, 32 of key: how it was written before it said its epoch. */
const BARE_BYTES = 60;

/** A person's key for the database: the epoch, then the key sealed under that epoch's wrapping key. */
export function wrapKey(personId: string, key: Buffer, { epoch, key: wrapping }: WrappingKey): Buffer {
  const head = Buffer.alloc(EPOCH_BYTES);
  head.writeUInt32BE(epoch);
  return Buffer.concat([head, seal(wrapping, key, placeOf(personId))]);
}

/** @throws Error when the key file does not hold its epoch, or it was changed, or it is another person's. */
export function unwrapKey(personId: string, wrapped: Buffer, keys: Keys): KeyObject {
  const { epoch, sealed } = readWrapped(wrapped);
  return createSecretKey(unseal(findKey(keys, epoch), sealed, placeOf(personId)));
}

export function epochOf(wrapped: Buffer): number {
  return readWrapped(wrapped).epoch;
}

/** The key that wraps from now on. */
export function newestOf(keys: Keys): WrappingKey {
  const newest = keys.wrapping().at(-1);
  if (!newest) throw new Error('the key file holds no wrapping key');
  return newest;
}

function readWrapped(wrapped: Buffer): { epoch: number; sealed: Buffer } {
  if (wrapped.length <= BARE_BYTES) return { epoch: 1, sealed: wrapped };
  return { epoch: wrapped.readUInt32BE(), sealed: wrapped.subarray(EPOCH_BYTES) };
}

/** An epoch not known here may have begun since the file was read. */
function findKey(keys: Keys, epoch: number): KeyObject {
  const find = () => keys.wrapping().find((each) => each.epoch === epoch)?.key;
  const known = find();
  if (known) return known;
  keys.reload();
  const found = find();
  if (!found) throw new Error(`wrapped under the key of epoch ${epoch}, which the key file does not hold`);
  return found;
}

function placeOf(personId: string): string {
  return `person:${personId}`;
}
