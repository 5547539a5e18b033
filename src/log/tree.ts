import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962 §2.1 over entries. Sizes and indexes are safe integers, so no bit operators here: those
 * would cut them to 32 bits.
 */

export const HASH_BYTES = 32;

/** Hash of the complete subtree of `2 ** level` leaves that begins at leaf `index * 2 ** level`. */
export type HashReader = (level: number, index: number) => Buffer;

/** SHA-256(00 ‖ entry). */
export function hashLeaf(entry: string | Uint8Array): Buffer {
  const bytes = typeof entry === 'string' ? Buffer.from(entry) : entry;
  return hash('sha256', Buffer.concat([LEAF, bytes]), 'buffer');
}

/** SHA-256(01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return hash('sha256', '', 'buffer');
}

/** The right edge of a tree that grows leaf by leaf: all that is needed for its root, whatever its size. */
export interface Frontier {
  readonly size: number;
  /** Takes the next leaf's hash. */
  append(leaf: Buffer): void;
  root(): Buffer;
}

export function createFrontier(): Frontier {
  let size = 0;
  /** Roots of the complete subtrees that make up the tree, the largest first. */
  const peaks: Buffer[] = [];
  return {
    get size() {
      return size;
    },
    append(leaf) {
      let node = leaf;
      // As many carries as adding one to the size has: each joins two trees of one height.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = hashNode(peaks.pop() ?? node, node);
      peaks.push(node);
      size += 1;
    },
    root: () => peaks.reduceRight<Buffer | undefined>(joinPeak, undefined) ?? emptyRoot(),
  };
}

function joinPeak(right: Buffer | undefined, peak: Buffer): Buffer {
  return right ? hashNode(peak, right) : peak;
}

/** Root of the tree of `size` leaves, from the hashes of its complete subtrees. */
export function rootOf(size: number, read: HashReader): Buffer {
  return size === 0 ? emptyRoot() : rootOfRange(0, size, read);
}

/** MTH(D[start:end]). Wherever the recursion comes to, a range of 2^k leaves begins at a multiple of 2^k. */
function rootOfRange(start: number, end: number, read: HashReader): Buffer {
  const count = end - start;
  const half = splitOf(count);
  if (half * 2 === count || count === 1) return read(Math.log2(count), start / count);
  return hashNode(rootOfRange(start, start + half, read), rootOfRange(start + half, end, read));
}

/** The largest power of two below `count`; 1 for 1. */
function splitOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/**
 * PATH(index, D[size]): from the leaf's sibling up.
 * @throws RangeError when there is no such leaf.
 */
export function proveInclusion(index: number, size: number, read: HashReader): Buffer[] {
  if (!isIndex(index) || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  return pathOf(index, 0, size, read);
}

function pathOf(index: number, start: number, end: number, read: HashReader): Buffer[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...pathOf(index, start, middle, read), rootOfRange(middle, end, read)]
    : [...pathOf(index, middle, end, read), rootOfRange(start, middle, read)];
}

/**
 * PROOF(from, D[to]); nothing where `from` is 0 or `to`.
 * @throws RangeError when `from` is past `to`.
 */
export function proveConsistency(from: number, to: number, read: HashReader): Buffer[] {
  if (!isIndex(from) || from > to) throw new RangeError(`no proof from ${from} to ${to}`);
  return from === 0 ? [] : subProof(from, 0, to, true, read);
}

/** `known`: the old root is what the verifier has already, so it is left out. */
function subProof(from: number, start: number, end: number, known: boolean, read: HashReader): Buffer[] {
  if (from === end) return known ? [] : [rootOfRange(start, end, read)];
  const middle = start + splitOf(end - start);
  return from <= middle
    ? [...subProof(from, start, middle, known, read), rootOfRange(middle, end, read)]
    : [...subProof(from, middle, end, false, read), rootOfRange(start, middle, read)];
}

/** The root that a path leads to from a leaf; undefined when the path is not of that leaf's length. */
export function rootFromPath(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (!isIndex(index) || index >= size) return undefined;
  const sibling = path.at(-1);
  if (size === 1 || !sibling) return size === 1 && !sibling ? leaf : undefined;
  const half = splitOf(size);
  const below = path.slice(0, -1);
  const isLeft = index < half;
  const child = rootFromPath(leaf, isLeft ? index : index - half, isLeft ? half : size - half, below);
  return child && (isLeft ? hashNode(child, sibling) : hashNode(sibling, child));
}

/** Whether the tree of `size` leaves with this root holds that leaf at that index. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  { size, root }: Head,
  path: readonly Buffer[],
): boolean {
  return rootFromPath(leaf, index, size, path)?.equals(root) ?? false;
}

/** A tree by its size and root. */
export interface Head {
  size: number;
  root: Buffer;
}

/** Whether the newer tree begins with the whole of the older one. */
export function verifyConsistency(older: Head, newer: Head, proof: readonly Buffer[]): boolean {
  if (!isIndex(older.size) || older.size > newer.size) return false;
  if (older.size === 0) return proof.length === 0 && older.root.equals(emptyRoot());
  const roots = rootsFromProof(older.size, newer.size, older.root, proof);
  return roots ? roots.older.equals(older.root) && roots.newer.equals(newer.root) : false;
}

/** Both roots that a proof leads to. `known` is the old root while the proof leaves it out. */
function rootsFromProof(
  from: number,
  to: number,
  known: Buffer | undefined,
  proof: readonly Buffer[],
): { older: Buffer; newer: Buffer } | undefined {
  const last = proof.at(-1);
  if (from === to) {
    const root = known && proof.length === 0 ? known : !known && proof.length === 1 ? last : undefined;
    return root && { older: root, newer: root };
  }
  if (!last) return undefined;
  const half = splitOf(to);
  const below = proof.slice(0, -1);
  if (from <= half) {
    const left = rootsFromProof(from, half, known, below);
    return left && { older: left.older, newer: hashNode(left.newer, last) };
  }
  const right = rootsFromProof(from - half, to - half, undefined, below);
  return right && { older: hashNode(last, right.older), newer: hashNode(last, right.newer) };
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
