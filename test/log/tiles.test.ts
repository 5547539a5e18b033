import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Edge,
  EMPTY_EDGE,
  findTile,
  growEdge,
  hashesOf,
  listTiles,
  openTiles,
  pathOfTile,
  readBundle,
  readEdge,
  readOpen,
  readTiles,
  type Tile,
  tilesFor,
  writeBundle,
} from '../../src/log/tiles.ts';
import { createFrontier, hashLeaf, proveConsistency, proveInclusion, rootOf } from '../../src/log/tree.ts';
import { path, proof } from './naive-tree.ts';

/** A log's tiles as a folder would hold them, of a tree that grew in these steps. */
function grow(...steps: number[]): { edge: Edge; files: Map<string, Buffer> } {
  const files = new Map<string, Buffer>();
  let edge = EMPTY_EDGE;
  for (const step of steps) {
    const leaves = Array.from({ length: step }, (_, at) => hashLeaf(`entry ${edge.size + at}`));
    const grown = growEdge(edge, leaves);
    edge = grown.edge;
    for (const [tile, bytes] of [...grown.full, ...openTiles(edge)]) files.set(pathOfTile(tile), bytes);
  }
  return { edge, files };
}

function getFile(files: Map<string, Buffer>): (tile: Tile) => Buffer {
  return (tile) => {
    const bytes = files.get(pathOfTile(tile));
    if (!bytes) throw new Error(`no file ${pathOfTile(tile)}`);
    return bytes;
  };
}

function rootAt(size: number): Buffer {
  const frontier = createFrontier();
  for (let index = 0; index < size; index++) frontier.append(hashLeaf(`entry ${index}`));
  return frontier.root();
}

describe('the name of a tile', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 'entries', index: 1_000, width: 255 }, 'tile/entries/x001/000.p/255'],
  ] as const)('of %j is %s, and is read back', (tile, name) => {
    expect(pathOfTile(tile)).toBe(name);
    expect(findTile(name)).toEqual(tile);
  });

  it.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001/x234',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/017',
    'tile/0/../checkpoint',
    'tile/entries/000/',
    'tile/0/x999/x999/x999/x999/x999/999',
    '/tile/0/000',
  ])('is written in one way only: %s is none', (name) => {
    expect(findTile(name)).toBeUndefined();
  });
});

describe('the tiles of a tree', () => {
  it('are those of the example in the specification', () => {
    const tiles = [...listTiles(70_000)];
    const of = (level: Tile['level']) => tiles.filter((tile) => tile.level === level);
    expect([of(0).length, of(0).at(-1)]).toEqual([274, { level: 0, index: 273, width: 112 }]);
    expect(of(1).map(({ width }) => width)).toEqual([256, 17]);
    expect(of(2).map(({ width }) => width)).toEqual([1]);
    expect(of('entries')).toHaveLength(274);
    expect([...listTiles(256)].map(pathOfTile)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect([...listTiles(0)]).toEqual([]);
  });

  it('are the same however the tree came to its size', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(steps, (parts) => {
        const { edge, files } = grow(...parts);
        const size = parts.reduce((sum, part) => sum + part, 0);
        const atOnce = grow(size).files;
        for (const tile of listTiles(size)) {
          if (tile.level === 'entries') continue;
          const name = pathOfTile(tile);
          expect([name, files.get(name)]).toEqual([name, atOnce.get(name)]);
        }
        expect(rootOf(size, readOpen(edge))).toEqual(rootAt(size));
        expect(readEdge(size, getFile(files))).toEqual(edge);
      }),
      { numRuns: 15 },
    );
  });

  it('lead to roots and proofs of every size that is below', () => {
    const { files } = grow(1_300);
    const entries = Array.from({ length: 1_300 }, (_, index) => Buffer.from(`entry ${index}`));
    for (const [older, newer] of [
      [1, 1_300],
      [255, 1_300],
      [256, 1_300],
      [257, 1_300],
      [1_024, 1_300],
    ] as const) {
      const read = readTiles(newer, getFile(files));
      expect(proveConsistency(older, newer, read)).toEqual(proof(older, entries));
      expect(proveInclusion(older, newer, read)).toEqual(path(older, entries));
    }
  });

  it('third level: a tree past 65,536 leaves has its root from three open tiles', () => {
    const { edge, files } = grow(65_536, 300);
    expect(edge.open.map((hashes) => hashes.length)).toEqual([44, 1, 1]);
    expect(rootOf(edge.size, readOpen(edge))).toEqual(rootAt(65_836));
    expect(rootOf(edge.size, readTiles(edge.size, getFile(files)))).toEqual(rootAt(65_836));
  });

  it('a proof says beforehand which of them it needs, and needs no other', () => {
    const size = 65_836;
    const { files } = grow(size);
    const needed = tilesFor(size, (read) => proveInclusion(70, size, read));
    expect(needed.map(pathOfTile).toSorted()).toEqual([
      'tile/0/000',
      'tile/0/257.p/44',
      'tile/1/000',
      'tile/1/001.p/1',
    ]);
    const fetched = new Map(needed.map((tile) => [pathOfTile(tile), getFile(files)(tile)]));
    const read = readTiles(size, getFile(fetched));
    expect(proveInclusion(70, size, read)).toEqual(proveInclusion(70, size, readTiles(size, getFile(files))));
  });

  it('a tile that was cut is noticed', () => {
    expect(() => hashesOf(Buffer.alloc(33), 1)).toThrow('a tile of 1 hashes has 33 bytes');
    expect(() => readTiles(3, () => Buffer.alloc(40))(0, 1)).toThrow('too short');
  });
});

describe('a bundle of entries', () => {
  it('gives back what was put in', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (given) => {
        expect(readBundle(writeBundle(given)).map((entry) => [...entry])).toEqual(given.map((e) => [...e]));
      }),
    );
  });

  it('has the length before each entry, 16 bits, big-endian', () => {
    expect(
      writeBundle([Buffer.from('ab'), Buffer.alloc(258)])
        .subarray(0, 6)
        .toString('hex'),
    ).toBe('000261620102');
  });

  it('is refused when it is cut off, and takes no entry it could not give back', () => {
    const bundle = writeBundle([Buffer.from('abc'), Buffer.from('d')]);
    for (let length = 1; length < bundle.length; length++) {
      if (length === 5) continue;
      expect(() => readBundle(bundle.subarray(0, length))).toThrow('cut off');
    }
    expect(() => writeBundle([Buffer.alloc(65_536)])).toThrow('entry of 65536 bytes');
  });
});
