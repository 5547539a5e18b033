import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFrontier,
  emptyRoot,
  type HashReader,
  hashLeaf,
  hashNode,
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/log/tree.ts';
import { mth, path, proof } from './naive-tree.ts';

/** The entries and roots that implementations of Certificate Transparency test themselves with. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Complete subtrees hashed from the entries each time. */
function readerOf(entries: Buffer[]): HashReader {
  return (level, index) => {
    const [leaf] = entries.slice(index);
    if (level === 0 && leaf) return hashLeaf(leaf);
    const read = readerOf(entries);
    return hashNode(read(level - 1, index * 2), read(level - 1, index * 2 + 1));
  };
}

function invent(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));
}

const sized = fc.integer({ min: 1, max: 130 });
const within = fc
  .tuple(sized, sized)
  .map(([one, other]) => ({ small: Math.min(one, other), large: Math.max(one, other) }));

describe('a tree of entries', () => {
  it('has the roots that Certificate Transparency has', () => {
    const frontier = createFrontier();
    const roots = [frontier.root().toString('hex')];
    for (const entry of ENTRIES) {
      frontier.append(hashLeaf(entry));
      roots.push(frontier.root().toString('hex'));
    }
    expect(roots).toEqual(ROOTS);
    expect(emptyRoot().toString('hex')).toBe(ROOTS[0]);
  });

  it('has the root the standard defines, whether it grew or was read', () => {
    fc.assert(
      fc.property(sized, (count) => {
        const entries = invent(count);
        const frontier = createFrontier();
        for (const entry of entries) frontier.append(hashLeaf(entry));
        expect(frontier.root()).toEqual(mth(entries));
        expect(rootOf(count, readerOf(entries))).toEqual(mth(entries));
        expect(frontier.size).toBe(count);
      }),
      { numRuns: 60 },
    );
  });

  it('a text is hashed as its UTF-8 bytes', () => {
    expect(hashLeaf('办件')).toEqual(hashLeaf(Buffer.from('办件')));
  });
});

describe('a proof that an entry is in the tree', () => {
  it('is the one the standard defines, and holds', () => {
    fc.assert(
      fc.property(within, ({ small, large }) => {
        const entries = invent(large);
        const index = small - 1;
        const found = proveInclusion(index, large, readerOf(entries));
        expect(found).toEqual(path(index, entries));
        const head = { size: large, root: mth(entries) };
        expect(verifyInclusion(hashLeaf(`entry ${index}`), index, head, found)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('holds for no other entry, index, size or path', () => {
    fc.assert(
      fc.property(within, fc.nat({ max: 7 }), ({ small, large }, at) => {
        const entries = invent(large);
        const index = small - 1;
        const leaf = hashLeaf(`entry ${index}`);
        const hashes = path(index, entries);
        const head = { size: large, root: mth(entries) };
        expect(verifyInclusion(hashLeaf('another'), index, head, hashes)).toBe(false);
        for (const other of [index - 1, index + 1, index + large, -1, 0.5]) {
          expect(verifyInclusion(leaf, other, head, hashes)).toBe(false);
        }
        expect(verifyInclusion(leaf, index, { ...head, root: hashLeaf('x') }, hashes)).toBe(false);
        expect(verifyInclusion(leaf, index, head, [...hashes, leaf])).toBe(false);
        if (hashes.length > 0) {
          expect(verifyInclusion(leaf, index, head, hashes.slice(1))).toBe(false);
          const bent = hashes.map((hash, n) => (n === at % hashes.length ? hashLeaf('x') : hash));
          expect(verifyInclusion(leaf, index, head, bent)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is refused for an entry that is not there', () => {
    expect(() => proveInclusion(3, 3, readerOf(invent(3)))).toThrow('no leaf 3 in a tree of 3');
  });
});

describe('a proof that a tree has only grown', () => {
  it('is the one the standard defines, and holds', () => {
    fc.assert(
      fc.property(within, ({ small, large }) => {
        const entries = invent(large);
        const found = proveConsistency(small, large, readerOf(entries));
        expect(found).toEqual(proof(small, entries));
        const older = { size: small, root: mth(entries.slice(0, small)) };
        const newer = { size: large, root: mth(entries) };
        expect(verifyConsistency(older, newer, found)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('holds for no other past, no other present and no other proof', () => {
    fc.assert(
      fc.property(within, fc.nat({ max: 7 }), ({ small, large }, at) => {
        const entries = invent(large);
        const hashes = proof(small, entries);
        const older = { size: small, root: mth(entries.slice(0, small)) };
        const newer = { size: large, root: mth(entries) };
        const other = hashLeaf('x');
        expect(verifyConsistency({ ...older, root: other }, newer, hashes)).toBe(false);
        expect(verifyConsistency(older, { ...newer, root: other }, hashes)).toBe(false);
        expect(verifyConsistency(older, newer, [...hashes, other])).toBe(false);
        expect(verifyConsistency({ ...older, size: large + 1 }, newer, hashes)).toBe(false);
        const bent = hashes.map((hash, n) => (n === at % hashes.length ? other : hash));
        if (hashes.length > 0) expect(verifyConsistency(older, newer, bent)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('from nothing needs no proof, and believes no other nothing', () => {
    const newer = { size: 2, root: mth(invent(2)) };
    expect(proveConsistency(0, 2, readerOf(invent(2)))).toEqual([]);
    expect(verifyConsistency({ size: 0, root: emptyRoot() }, newer, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: newer.root }, newer, [])).toBe(false);
  });

  it('a rewritten past has none', () => {
    const before = invent(100);
    const after = invent(200).map((entry, index) => (index === 41 ? Buffer.from('forged') : entry));
    const hashes = proveConsistency(100, 200, readerOf(after));
    const older = { size: 100, root: mth(before) };
    expect(verifyConsistency(older, { size: 200, root: mth(after) }, hashes)).toBe(false);
  });
});
