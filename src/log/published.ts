import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { DurableFolder } from './durable.ts';
import type { Generation, LogKeys } from './keys.ts';
import { LogError, rolledBack } from './log-error.ts';
import { Misfit } from './misfit.ts';
import { writeNote } from './note.ts';
import { openVerifiers } from './signatures.ts';
import { signCheckpoint } from './signing.ts';
import type { LogSource } from './source.ts';
import {
  type Edge,
  EMPTY_EDGE,
  hashesOf,
  pathOfTile,
  readEdge,
  readOpen,
  TILE_WIDTH,
  type Tile,
  tileOfSize,
} from './tiles.ts';
import { HASH_BYTES, hashLeaf, rootOf } from './tree.ts';

/** What a log goes on from. */
export interface LogPlace {
  source: LogSource;
  /** The static folder. */
  folder: DurableFolder;
  origin: string;
  keys: LogKeys;
}

/** A checkpoint, with what is needed to make the next one. */
export interface Published {
  checkpoint: SignedCheckpoint;
  edge: Edge;
  /** Which keys signed it last. */
  generation: number;
}

/** @throws LogError when the database, the keys or the tiles do not go with the checkpoint on disk. */
export async function findPublished(place: LogPlace): Promise<Published | undefined> {
  const { source, folder, keys } = place;
  const bytes = await folder.find('checkpoint');
  if (!bytes) return undefined;
  const generations = keys.generations();
  const checkpoint = await explain(async () =>
    openCheckpoint(bytes, await openVerifiers(generations.flatMap(({ vkeys }) => vkeys))),
  );
  const edge = await explain(() => fetchEdge(folder, checkpoint));
  const size = await source.findLogSize();
  if (size < edge.size) throw rolledBack(edge.size, size);
  await explain(() => refuseFork(place, edge.size));
  return { checkpoint, edge, generation: lastSigner(generations, checkpoint) };
}

/** What does not fit the checkpoint on disk, in words of somebody who starts a server. */
async function explain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new LogError(
      `已公布的日志与密钥或文件不符,未启动。 The published log does not fit its keys or files; nothing was started: ${error.message}`,
    );
  }
}

async function fetchEdge(folder: DurableFolder, { size, root }: SignedCheckpoint): Promise<Edge> {
  const tiles = new Map<string, Buffer>();
  const needed: Tile[] = [];
  readEdge(size, (tile) => {
    needed.push(tile);
    return Buffer.alloc(tile.width * HASH_BYTES);
  });
  for (const tile of needed) tiles.set(pathOfTile(tile), await getTile(folder, tile));
  const edge = readEdge(size, (tile) => tiles.get(pathOfTile(tile)) ?? Buffer.alloc(0));
  const found = rootOf(size, readOpen(edge));
  if (!found.equals(root)) throw new Misfit('tile', 'the tiles do not lead to the root of the checkpoint');
  return edge;
}

/** A partial tile may have been taken away for the full one, which begins with it. */
export async function getTile(folder: DurableFolder, tile: Tile): Promise<Buffer> {
  const full = pathOfTile({ ...tile, width: TILE_WIDTH });
  const bytes = (await folder.find(pathOfTile(tile))) ?? (await folder.find(full));
  if (!bytes) throw new Misfit('tile', `${pathOfTile(tile)} is not there`);
  return bytes.subarray(0, tile.width * HASH_BYTES);
}

/** A database that was rolled back and has grown again holds other entries at the end of what is published. */
async function refuseFork({ source, folder }: LogPlace, size: number): Promise<void> {
  const last = tileOfSize(0, Math.floor(Math.max(0, size - 1) / TILE_WIDTH), size);
  if (!last) return;
  const start = last.index * TILE_WIDTH;
  const leaves = hashesOf(await getTile(folder, last), last.width);
  const rows = await source.readLog(start, last.width);
  const at = leaves.findIndex((leaf, n) => !hashLeaf(rows[n]?.bytes ?? '').equals(leaf));
  if (at < 0) return;
  throw new LogError(
    `数据库第 ${start + at} 条与已公布的不同:日志已分叉,未启动。 Entry ${start + at} of the database is not the one that was published: the log has forked; nothing was started.`,
  );
}

/** The newest keys that signed: the next checkpoint is theirs. */
function lastSigner(generations: Generation[], { signatures }: SignedCheckpoint): number {
  const signed = (vkey: string) => signatures.some(({ name, id }) => vkey.startsWith(`${name}+${id}+`));
  return generations.findLastIndex(({ vkeys }) => vkeys.some(signed));
}

/** A log begins with a checkpoint over nothing. */
export async function publishNothing(options: LogPlace): Promise<Published> {
  const first = { edge: EMPTY_EDGE, generation: 0, last: 0 };
  const checkpoint = await signCheckpoint(options, first);
  await options.folder.write([['checkpoint', writeNote(checkpoint.note)]]);
  return { checkpoint, edge: EMPTY_EDGE, generation: 0 };
}
