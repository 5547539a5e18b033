import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Misfit } from '../log/misfit.ts';
import { hashesOf, pathOfTile, readBundle, TILE_WIDTH, type Tile, writeBundle } from '../log/tiles.ts';
import { HASH_BYTES } from '../log/tree.ts';

/** A log as it was published. */
export interface Published {
  /** Undefined when there is none, or not that wide. @throws Misfit when it is no tile. */
  findHashes(tile: Tile): Buffer[] | undefined;
  findEntries(tile: Tile): Buffer[] | undefined;
}

/** A tile as it is written under a checkpoint that needs it that wide. @throws Misfit when it is not there. */
export function getTileBytes(published: Published, tile: Tile): Buffer {
  const parts = tile.level === 'entries' ? published.findEntries(tile) : published.findHashes(tile);
  if (!parts) throw new Misfit('tile', `${pathOfTile(tile)} is not there`);
  return tile.level === 'entries' ? writeBundle(parts) : Buffer.concat(parts);
}

/** A folder of tiles, read as they are asked for. */
export function openPublished(folder: string): Published {
  const find = (tile: Tile) =>
    // A partial tile may be gone once the full one is there.
    readIfThere(join(folder, pathOfTile(tile))) ??
    readIfThere(join(folder, pathOfTile({ ...tile, width: TILE_WIDTH })));
  return {
    findHashes(tile) {
      const bytes = find(tile);
      return bytes && hashesOf(bytes.subarray(0, tile.width * HASH_BYTES), tile.width);
    },
    findEntries(tile) {
      const bytes = find(tile);
      return bytes && readBundle(bytes).slice(0, tile.width);
    },
  };
}

export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
