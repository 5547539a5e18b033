import { Misfit } from '../log/misfit.ts';
import {
  type Edge,
  EMPTY_EDGE,
  growEdge,
  openTiles,
  pathOfTile,
  readOpen,
  TILE_WIDTH,
  type Tile,
  tileOfSize,
} from '../log/tiles.ts';
import { type Head, rootOf } from '../log/tree.ts';
import type { Published } from './published.ts';

/** A head that the log must have had. */
export interface Mark extends Head {
  check: 'checkpoint' | 'keptCheckpoint';
  /** The file it was read from. */
  from: string;
}

export interface TreeBreak {
  check: 'tree' | Mark['check'];
  /** Undefined where no entry can be named. */
  index: number | undefined;
  what: string;
  expected: string;
  found: string;
}

/** A tree that grows with the entries it is fed, held against tiles and heads on the way. */
export interface TreeCheck {
  /** The next leaves, at most a tile's, beginning where a tile does. The first break in them, if there is one. */
  add(leaves: Buffer[], entries: Buffer[]): TreeBreak | undefined;
  /** Heads of a log that is longer than what came. */
  end(): TreeBreak | undefined;
}

/** `published` is compared as far as the size under its checkpoint. Marks stand in the order of their sizes. */
export function createTreeCheck(
  published: Published | undefined,
  publishedSize: number,
  marks: Mark[],
): TreeCheck {
  let edge: Edge = EMPTY_EDGE;
  let agreed = 0;
  const waiting = marks.toSorted((a, b) => a.size - b.size);

  function add(leaves: Buffer[], entries: Buffer[]): TreeBreak | undefined {
    const start = edge.size;
    return (
      compare(findTile(0, start), leaves, 'leaf', hex, (tile) => published?.findHashes(tile)) ??
      compare(findTile('entries', start), entries, 'bytes', text, (tile) => published?.findEntries(tile)) ??
      grow(leaves)
    );
  }

  function findTile(level: 0 | 'entries', start: number): Tile | undefined {
    return published && tileOfSize(level, start / TILE_WIDTH, publishedSize);
  }

  /** Leaf by leaf, or entry by entry: this names the first that is not what was published. */
  function compare(
    tile: Tile | undefined,
    own: Buffer[],
    what: string,
    show: (bytes: Buffer) => string,
    read: (tile: Tile) => Buffer[] | undefined,
  ): TreeBreak | undefined {
    if (!tile) return undefined;
    const start = tile.index * TILE_WIDTH;
    const theirs = tryRead(tile, read);
    if ('check' in theirs) return theirs;
    for (const [at, one] of own.entries()) {
      const other = theirs[at];
      if (other && !other.equals(one)) {
        return { check: 'tree', index: start + at, what, expected: show(other), found: show(one) };
      }
    }
    return undefined;
  }

  /** To each head on the way, and on to the end of these leaves. */
  function grow(leaves: Buffer[]): TreeBreak | undefined {
    const end = edge.size + leaves.length;
    let rest = leaves;
    for (let mark = waiting[0]; mark && mark.size <= end; mark = waiting[0]) {
      const broken = step(rest.slice(0, mark.size - edge.size)) ?? compareHead(mark);
      if (broken) return broken;
      rest = leaves.slice(leaves.length - (end - edge.size));
      waiting.shift();
    }
    return step(rest);
  }

  function step(leaves: Buffer[]): TreeBreak | undefined {
    const grown = growEdge(edge, leaves);
    edge = grown.edge;
    return compareTiles(grown.full);
  }

  function compareHead(mark: Mark): TreeBreak | undefined {
    const root = rootOf(mark.size, readOpen(edge));
    if (!root.equals(mark.root)) {
      // Somewhere since the last head that agreed: a root does not say where.
      const index = mark.check === 'keptCheckpoint' && mark.size > agreed ? agreed : undefined;
      return {
        check: mark.check,
        index,
        what: 'root',
        expected: mark.root.toString('base64'),
        found: root.toString('base64'),
      };
    }
    agreed = mark.size;
    return mark.check === 'checkpoint' ? compareTiles(openTiles(edge)) : undefined;
  }

  /** Above the leaves, which were compared one by one. */
  function compareTiles(tiles: [Tile, Buffer][]): TreeBreak | undefined {
    for (const [tile, own] of tiles) {
      const isThere =
        tile.level !== 0 && tileOfSize(tile.level, tile.index, publishedSize)?.width === tile.width;
      if (!published || !isThere) continue;
      const theirs = tryRead(tile, (each) => published.findHashes(each));
      if ('check' in theirs) return theirs;
      if (!Buffer.concat(theirs).equals(own)) return tileBreak(tile, 'its hashes', 'others');
    }
    return undefined;
  }

  return {
    add,
    end() {
      // A log without entries has a head too.
      const broken = grow([]);
      const [mark] = waiting;
      const [expected, found] = [String(mark?.size), String(edge.size)];
      return broken ?? (mark && { check: mark.check, index: edge.size, what: 'size', expected, found });
    },
  };
}

function tryRead(tile: Tile, read: (tile: Tile) => Buffer[] | undefined): Buffer[] | TreeBreak {
  try {
    const found = read(tile);
    if (found?.length === tile.width) return found;
    return tileBreak(tile, String(tile.width), String(found?.length ?? 'no file'));
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return tileBreak(tile, 'a tile', error.message);
  }
}

function tileBreak(tile: Tile, expected: string, found: string): TreeBreak {
  return { check: 'tree', index: undefined, what: pathOfTile(tile), expected, found };
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}

function text(bytes: Buffer): string {
  return bytes.toString().slice(0, 200);
}
