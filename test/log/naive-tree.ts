import { createHash } from 'node:crypto';

/** RFC 6962 §2.1 word by word, on slices: slow, and hard to get wrong. It shares nothing with what it checks. */

type Bytes = Uint8Array;

function sha256(...parts: Bytes[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function split(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

export function mth(d: Bytes[]): Buffer {
  const [only] = d;
  if (only === undefined) return sha256();
  if (d.length === 1) return sha256(Buffer.of(0), only);
  const k = split(d.length);
  return sha256(Buffer.of(1), mth(d.slice(0, k)), mth(d.slice(k)));
}

export function path(m: number, d: Bytes[]): Buffer[] {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k
    ? [...path(m, d.slice(0, k)), mth(d.slice(k))]
    : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}

export function proof(m: number, d: Bytes[]): Buffer[] {
  return subProof(m, d, true);
}

function subProof(m: number, d: Bytes[], b: boolean): Buffer[] {
  if (m === d.length) return b ? [] : [mth(d)];
  const k = split(d.length);
  return m <= k
    ? [...subProof(m, d.slice(0, k), b), mth(d.slice(k))]
    : [...subProof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}
