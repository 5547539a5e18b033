import { Misfit } from './misfit.ts';
import { HASH_BYTES, type HashReader, hashNode } from './tree.ts';

/** C2SP tlog-tiles: the tree and its entries as files that never change. */

export const TILE_WIDTH = 256;
/** Leaves of the complete subtree below one hash of a tile are 256 times those of the level below. */
const TILE_HEIGHT = 8;

/** A file of hashes (`level` 0 holds leaves), or of the entries themselves. `width` is 256 when it is full. */
export interface Tile {
  level: number | 'entries';
  index: number;
  width: number;
}

/** Below the log's folder or address: `tile/0/x001/234/067`, `tile/entries/000.p/17`. */
export function pathOfTile({ level, index, width }: Tile): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const parts = digits.match(/\d{3}/g) ?? [];
  const number = parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const TILE_PATH =
  /^tile\/(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/;

/** What a path names; undefined where it is not written exactly as `pathOfTile` writes it. */
export function findTile(path: string): Tile | undefined {
  const [, level, number = '', width] = TILE_PATH.exec(path) ?? [];
  if (level === undefined) return undefined;
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  return pathOfTile(tile) === path ? tile : undefined;
}

/** A tile of a tree of `size` leaves as wide as it then is; undefined where it has nothing yet. */
export function tileOfSize(level: number | 'entries', index: number, size: number): Tile | undefined {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
  return width > 0 ? { level, index, width } : undefined;
}

/** Every tile of a tree of `size` leaves: bundles of entries first, then level by level from the leaves up. */
export function* listTiles(size: number): Generator<Tile> {
  for (const level of ['entries', ...levelsOf(size)] as const) {
    for (let index = 0; ; index++) {
      const tile = tileOfSize(level, index, size);
      if (!tile) break;
      yield tile;
    }
  }
}

function levelsOf(size: number): number[] {
  const levels: number[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
    levels.push(level);
  }
  return levels;
}

/** Reads hashes of a tree of `size` leaves out of its tiles; levels between those of tiles are hashed again. */
export function readTiles(size: number, bytesOf: (tile: Tile) => Uint8Array): HashReader {
  return (level, index) => {
    const height = level % TILE_HEIGHT;
    const first = index * 2 ** height;
    const place = placeOf((level - height) / TILE_HEIGHT, first, size);
    return hashSlice(bytesOf(place.tile), place.offset, 2 ** height);
  };
}

function placeOf(level: number, hashIndex: number, size: number): { tile: Tile; offset: number } {
  const offset = hashIndex % TILE_WIDTH;
  const tile = tileOfSize(level, (hashIndex - offset) / TILE_WIDTH, size);
  if (!tile) throw new RangeError(`no hash ${hashIndex} of level ${level} in a tree of ${size}`);
  return { tile, offset };
}

function hashSlice(tile: Uint8Array, offset: number, count: number): Buffer {
  if (count === 1) {
    const hash = Buffer.from(tile.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES));
    if (hash.length !== HASH_BYTES) throw new Misfit('tile', `a tile of ${tile.length} bytes is too short`);
    return hash;
  }
  const half = count / 2;
  return hashNode(hashSlice(tile, offset, half), hashSlice(tile, offset + half, half));
}

/** The tiles that a reading of the tree needs: so that they can be fetched first, and the reading itself wait for nothing. */
export function tilesFor(size: number, reading: (read: HashReader) => unknown): Tile[] {
  const needed = new Map<string, Tile>();
  const blank = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  reading(
    readTiles(size, (tile) => {
      needed.set(pathOfTile(tile), tile);
      return blank;
    }),
  );
  return [...needed.values()];
}

/** The tile that is open on each level: all that a tree needs to grow, and to say its root. */
export interface Edge {
  readonly size: number;
  /** Hashes of the open tile, level by level; none where the last one has just become full. */
  readonly open: readonly (readonly Buffer[])[];
}

export const EMPTY_EDGE: Edge = { size: 0, open: [] };

/** The edge after more leaves, with every tile that became full on the way. The edge given is not touched. */
export function growEdge(edge: Edge, leaves: readonly Buffer[]): { edge: Edge; full: [Tile, Buffer][] } {
  const open = edge.open.map((hashes) => [...hashes]);
  const full: [Tile, Buffer][] = [];
  let size = edge.size;
  for (const leaf of leaves) {
    size += 1;
    push(open, 0, leaf, size, full);
  }
  return { edge: { size, open }, full };
}

function push(open: Buffer[][], level: number, hash: Buffer, size: number, full: [Tile, Buffer][]): void {
  const hashes = open[level] ?? [];
  open[level] = hashes;
  hashes.push(hash);
  if (hashes.length < TILE_WIDTH) return;
  const bytes = Buffer.concat(hashes);
  full.push([{ level, index: size / TILE_WIDTH ** (level + 1) - 1, width: TILE_WIDTH }, bytes]);
  open[level] = [];
  push(open, level + 1, hashSlice(bytes, 0, TILE_WIDTH), size, full);
}

/** The open tiles of an edge, as they are written under a checkpoint of its size. */
export function openTiles({ size, open }: Edge): [Tile, Buffer][] {
  return open.flatMap((hashes, level): [Tile, Buffer][] => {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    return hashes.length === 0 ? [] : [[{ level, index, width: hashes.length }, Buffer.concat(hashes)]];
  });
}

/** An edge out of the tiles under a checkpoint of `size`. */
export function readEdge(size: number, bytesOf: (tile: Tile) => Uint8Array): Edge {
  const open = levelsOf(size).map((level) => {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const tile = tileOfSize(level, index, size);
    return tile ? hashesOf(bytesOf(tile), tile.width) : [];
  });
  return { size, open };
}

/** Reads the hashes that an edge holds itself: the root needs no others. */
export function readOpen(edge: Edge): HashReader {
  const tiles = new Map(openTiles(edge).map(([tile, bytes]) => [pathOfTile(tile), bytes]));
  return readTiles(edge.size, (tile) => {
    const bytes = tiles.get(pathOfTile(tile));
    if (!bytes) throw new RangeError(`${pathOfTile(tile)} is not open`);
    return bytes;
  });
}

/** The hashes of a tile. @throws Misfit when it is not of that width. */
export function hashesOf(tile: Uint8Array, width: number): Buffer[] {
  if (tile.length !== width * HASH_BYTES) {
    throw new Misfit('tile', `a tile of ${width} hashes has ${tile.length} bytes`);
  }
  return Array.from({ length: width }, (_, at) => hashSlice(tile, at, 1));
}

const MAX_ENTRY_BYTES = 65_535;

/** Entries one after the other, the length of each before it (16 bits, big-endian). */
export function writeBundle(entries: readonly Uint8Array[]): Buffer {
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`entry of ${entry.length} bytes`);
    const length = Buffer.allocUnsafe(2);
    length.writeUInt16BE(entry.length);
    return [length, entry];
  });
  return Buffer.concat(parts);
}

/** The entries of a bundle, each a view of its bytes. @throws Misfit when it does not end with an entry. */
export function readBundle(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length);
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 2;
    const end = start <= bytes.length ? start + bytes.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw new Misfit('bundle', `entry ${entries.length} of a bundle is cut off`);
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}
