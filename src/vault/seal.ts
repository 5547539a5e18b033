import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { takeRandom } from './random.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM: iv, tag, ciphertext in one blob. `place` says where the value belongs; elsewhere it does not open. */
export function seal(key: KeyObject, plain: Buffer, place: string): Buffer {
  const iv = takeRandom(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** @throws Error when the blob was changed, moved to another place, or sealed under another key. */
export function unseal(key: KeyObject, blob: Buffer, place: string): Buffer {
  const iv = blob.subarray(0, IV_BYTES);
  const tag = blob.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  // Without the length Node takes shorter tags, which are easier to forge.
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
  return Buffer.concat([decipher.update(blob.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
