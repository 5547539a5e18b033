import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

export interface Sealer {
  /** Keyed digest, hex: finds a row without saying what it is about. */
  lookup(kind: string, naturalKey: string): string;
  seal(kind: string, lookup: string, value: unknown): Buffer;
  unseal(kind: string, lookup: string, sealed: Buffer): string;
}

export function createSealer(key: Uint8Array): Sealer {
  if (key.length !== 32) throw new Error(`The simulator's key must be 32 bytes, not ${key.length}`);
  const lookupKey = deriveKey(key, 'lookup');
  const sealKey = deriveKey(key, 'seal');
  return {
    lookup: (kind, naturalKey) =>
      createHmac('sha256', lookupKey).update(`${kind}\n${naturalKey}`, 'utf8').digest('hex'),
    seal: (kind, lookup, value) => encrypt(sealKey, `${kind}\n${lookup}`, JSON.stringify(value)),
    unseal: (kind, lookup, sealed) => decrypt(sealKey, `${kind}\n${lookup}`, sealed),
  };
}

function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `banjian simulator ${purpose}`, 32));
}

/** The row's own place is authenticated with it: a sealed value moved to another row does not open. */
function encrypt(key: Buffer, place: string, text: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, place: string, sealed: Buffer): string {
  const iv = sealed.subarray(0, ivBytes);
  // Without authTagLength, Node takes a tag cut down to 4 bytes.
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const body = sealed.subarray(ivBytes + tagBytes);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
