import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '../engine/runtime.ts';
import { openCheckpoint, type SignedCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createDurableFolder, type DurableFolder } from './durable.ts';
import type { Generation, LogKeys } from './keys.ts';
import { Misfit } from './misfit.ts';
import { type Signature, signNote, writeNote } from './note.ts';
import type { Proof } from './proof.ts';
import { ed25519Of, ROTATION, readRotation } from './rotation.ts';
import { openSigners, openVerifiers } from './signatures.ts';
import {
  type Edge,
  EMPTY_EDGE,
  growEdge,
  openTiles,
  pathOfTile,
  readEdge,
  readOpen,
  readTiles,
  TILE_WIDTH,
  type Tile,
  tilesFor,
  writeBundle,
} from './tiles.ts';
import { type HashReader, hashLeaf, proveConsistency, proveInclusion, rootOf } from './tree.ts';

/** Half of the second in which an entry must be under a checkpoint: the other half is for writing it. */
const PERIOD_MS = 500;
/** So many bundles come under one checkpoint at most: after a long silence progress is on disk now and then. */
const BUNDLES_A_CHECKPOINT = 64;

/** What is published: the store's part of it. */
export interface LogSource {
  findLogSize(): Promise<number>;
  readLog(fromIndex: number, limit: number): Promise<LogRow[]>;
}
interface LogRow {
  kind: string;
  seq: number;
  bytes: string;
}

export interface PublisherOptions {
  source: LogSource;
  /** Where the static folder is. */
  folder: string;
  origin: string;
  keys: LogKeys;
  clock: Clock;
  log: Log;
}

/** Keeps the public folder of the log: tiles, bundles of entries, and a signed checkpoint over them. */
export interface Publisher {
  /** Brings everything that is in the database under a checkpoint. Those who ask meanwhile share the next one. */
  publish(): Promise<void>;
  /** The newest checkpoint, as it is on disk. */
  checkpoint(): SignedCheckpoint;
  /** Adds signatures of others to the checkpoint of that text, if it is still the newest. */
  cosign(text: string, signatures: readonly Signature[]): Promise<void>;
  /** Proves that a leaf is under the newest checkpoint, which is made if it is not. @throws RangeError for no such leaf. */
  prove(index: number): Promise<Omit<Proof, 'extra'>>;
  /** Proves that a tree has only grown since it had this size. */
  proveSince(size: number, checkpoint: SignedCheckpoint): Promise<Buffer[]>;
  /** The bytes of a file of the folder by its path; undefined where there is none. */
  findFile(path: string): Promise<Buffer | undefined>;
  vkeys(): string[];
  /** Publishes what is new, twice a second at most. `published` is called after each new checkpoint. */
  start(published?: () => void): void;
  stop(): Promise<void>;
}

/** A checkpoint, with what is needed to make the next one. */
interface Published {
  checkpoint: SignedCheckpoint;
  edge: Edge;
  /** Which keys signed it last. */
  generation: number;
}

/**
 * Goes on from the checkpoint that is on disk; makes an empty one where there is none.
 * @throws Error when the database, the keys or the tiles do not go with that checkpoint: nothing is published then.
 */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { source, keys, clock, log } = options;
  const folder = createDurableFolder(options.folder);
  let state = (await findPublished(options, folder)) ?? (await publishNothing(options, folder));
  await retireBefore(keys, state.generation);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let cancelWake: () => void = () => {};
  let stopped = true;
  let lastFault = '';

  async function run(): Promise<void> {
    for (;;) {
      const size = await source.findLogSize();
      if (size < state.edge.size) throw rolledBack(state.edge.size, size);
      if (size === state.edge.size) return;
      const { published, full } = await publishSome(options, folder, state);
      state = published;
      await retireBefore(keys, state.generation);
      await removePartials(options.folder, full);
    }
  }

  function publish(): Promise<void> {
    if (!running) {
      running = run().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return publish();
      });
    return next;
  }

  /** A full disk is tried again as long as it takes, and said once. */
  async function wake(published: () => void): Promise<void> {
    const { size } = state.edge;
    const fault = await publish().then(() => '', faultOf);
    if (fault !== '' && fault !== lastFault) log.error({ fault }, 'the log is not published');
    if (fault === '' && lastFault !== '') log.warn({ size: state.edge.size }, 'the log is published again');
    lastFault = fault;
    if (state.edge.size > size) published();
    if (!stopped) cancelWake = clock.after(PERIOD_MS, () => void wake(published));
  }

  async function fetchTiles(size: number, reading: (read: HashReader) => unknown): Promise<HashReader> {
    const tiles = new Map<string, Buffer>();
    for (const tile of tilesFor(size, reading)) tiles.set(pathOfTile(tile), await getTile(folder, tile));
    return readTiles(size, (tile) => tiles.get(pathOfTile(tile)) ?? Buffer.alloc(0));
  }

  return {
    publish,
    checkpoint: () => state.checkpoint,
    async cosign(text, signatures) {
      while (running) await running.catch(() => {});
      if (state.checkpoint.note.text !== text) return;
      const known = new Set(signatures.map(({ name, id }) => `${name}+${id}`));
      const kept = state.checkpoint.note.signatures.filter(({ name, id }) => !known.has(`${name}+${id}`));
      const note = { text, signatures: [...kept, ...signatures] };
      state = { ...state, checkpoint: { ...state.checkpoint, note } };
      running = folder.write([['checkpoint', writeNote(note)]]).finally(() => {
        running = undefined;
      });
      await running;
    },
    async prove(index) {
      if (index >= state.edge.size) await publish();
      const { size, note } = state.checkpoint;
      const reading = (read: HashReader) => proveInclusion(index, size, read);
      return { index, path: reading(await fetchTiles(size, reading)), checkpoint: writeNote(note) };
    },
    async proveSince(size, checkpoint) {
      const reading = (read: HashReader) => proveConsistency(size, checkpoint.size, read);
      return reading(await fetchTiles(checkpoint.size, reading));
    },
    findFile: (path) => folder.find(path),
    vkeys: () => keys.generations().flatMap(({ vkeys }) => vkeys),
    start(published = () => {}) {
      stopped = false;
      cancelWake = clock.after(PERIOD_MS, () => void wake(published));
    },
    async stop() {
      stopped = true;
      cancelWake();
      await running?.catch(() => {});
      await next?.catch(() => {});
    },
  };
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'LogError' || error instanceof Misfit) return error.message;
  return 'code' in error ? String(error.code) : error.name;
}

/** The log and what it is made from do not go together: a person must look. */
class LogError extends Error {
  override name = 'LogError';
}

function rolledBack(published: number, found: number): LogError {
  return new LogError(
    `数据库只有 ${found} 条记录,而已公布的检查点有 ${published} 条:数据库被回退。不再公布。 The database holds ${found} entries and a checkpoint over ${published} is published: the database was rolled back. Nothing is published. Restore the database, or keep the log folder as evidence and begin a new log under another origin.`,
  );
}

// ── going on ────────────────────────────────────────────────────────────────

async function findPublished(
  { source, keys }: PublisherOptions,
  folder: DurableFolder,
): Promise<Published | undefined> {
  const bytes = await folder.find('checkpoint');
  if (!bytes) return undefined;
  const generations = keys.generations();
  const checkpoint = await explain(async () =>
    openCheckpoint(bytes, await openVerifiers(generations.flatMap(({ vkeys }) => vkeys))),
  );
  const edge = await explain(() => fetchEdge(folder, checkpoint));
  const size = await source.findLogSize();
  if (size < edge.size) throw rolledBack(edge.size, size);
  await refuseFork(source, edge);
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
    return Buffer.alloc(tile.width * 32);
  });
  for (const tile of needed) tiles.set(pathOfTile(tile), await getTile(folder, tile));
  const edge = readEdge(size, (tile) => tiles.get(pathOfTile(tile)) ?? Buffer.alloc(0));
  const found = rootOf(size, readOpen(edge));
  if (!found.equals(root)) throw new Misfit('tile', 'the tiles do not lead to the root of the checkpoint');
  return edge;
}

/** A partial tile may have been taken away for the full one, which begins with it. */
async function getTile(folder: DurableFolder, tile: Tile): Promise<Buffer> {
  const full = pathOfTile({ ...tile, width: TILE_WIDTH });
  const bytes = (await folder.find(pathOfTile(tile))) ?? (await folder.find(full));
  if (!bytes) throw new Misfit('tile', `${pathOfTile(tile)} is not there`);
  return bytes.subarray(0, tile.width * 32);
}

/** A database that was rolled back and has grown again holds other entries at the end of what is published. */
async function refuseFork(source: LogSource, { size, open }: Edge): Promise<void> {
  const leaves = open[0] ?? [];
  const rows = await source.readLog(size - leaves.length, leaves.length);
  const at = leaves.findIndex((leaf, n) => !hashLeaf(rows[n]?.bytes ?? '').equals(leaf));
  if (at < 0) return;
  throw new LogError(
    `数据库第 ${size - leaves.length + at} 条与已公布的不同:日志已分叉,未启动。 Entry ${size - leaves.length + at} of the database is not the one that was published: the log has forked; nothing was started.`,
  );
}

/** The newest keys that signed: the next checkpoint is theirs. */
function lastSigner(generations: Generation[], { signatures }: SignedCheckpoint): number {
  const signed = (vkey: string) => signatures.some(({ name, id }) => vkey.startsWith(`${name}+${id}+`));
  return generations.findLastIndex(({ vkeys }) => vkeys.some(signed));
}

async function publishNothing(options: PublisherOptions, folder: DurableFolder): Promise<Published> {
  const first = { edge: EMPTY_EDGE, generation: 0, last: 0 };
  const checkpoint = await signCheckpoint(options, first);
  await folder.write([['checkpoint', writeNote(checkpoint.note)]]);
  return { checkpoint, edge: EMPTY_EDGE, generation: 0 };
}

// ── one checkpoint ──────────────────────────────────────────────────────────

/** Tiles and bundles are on disk before the checkpoint that needs them; what an older one needs stays. */
async function publishSome(
  options: PublisherOptions,
  folder: DurableFolder,
  before: Published,
): Promise<{ published: Published; full: Tile[] }> {
  let { edge, generation: last } = before;
  const full: Tile[] = [];
  const size = await options.source.findLogSize();
  for (let bundles = 0; edge.size < size && bundles < BUNDLES_A_CHECKPOINT; bundles++) {
    const start = edge.size - (edge.size % TILE_WIDTH);
    const rows = await options.source.readLog(start, Math.min(TILE_WIDTH, size - start));
    const added = rows.slice(edge.size - start);
    const entries = rows.map(({ bytes }) => Buffer.from(bytes));
    const grown = growEdge(edge, entries.slice(edge.size - start).map(hashLeaf));
    const bundle: Tile = { level: 'entries', index: start / TILE_WIDTH, width: rows.length };
    const files = [...grown.full, [bundle, writeBundle(entries)] as const];
    await folder.write(files.map(([tile, bytes]) => [pathOfTile(tile), bytes]));
    full.push(...files.map(([tile]) => tile).filter(({ width }) => width === TILE_WIDTH));
    for (const row of added) last = followRotation(options.keys, row, last);
    edge = grown.edge;
  }
  await folder.write(openTiles(edge).map(([tile, bytes]) => [pathOfTile(tile), bytes]));
  const checkpoint = await signCheckpoint(options, { edge, generation: before.generation, last });
  await folder.write([['checkpoint', writeNote(checkpoint.note)]]);
  return { published: { checkpoint, edge, generation: last }, full };
}

/** An entry that hands the log over makes the keys it names the log's. @throws LogError when they are not in the key file. */
function followRotation(keys: LogKeys, { kind, seq, bytes }: LogRow, current: number): number {
  if (kind !== 'service') return current;
  const { type, data } = JSON.parse(bytes) as { type?: unknown; data?: unknown };
  if (type !== ROTATION) return current;
  const key = ed25519Of(readRotation(data, seq).to);
  const found = keys.generations().findIndex(({ vkeys }) => vkeys.includes(key));
  if (found > current) return found;
  throw new LogError(
    `第 ${seq} 条服务记录把日志交给密钥 ${key},而密钥文件中没有它。 Service entry ${seq} hands the log over to the key ${key}, which the key file does not hold.`,
  );
}

/** By the keys of before and, where they were handed over, by those of after as well. */
async function signCheckpoint(
  { keys, origin }: PublisherOptions,
  { edge, generation, last }: { edge: Edge; generation: number; last: number },
): Promise<SignedCheckpoint> {
  const generations = keys.generations().slice(generation, last + 1);
  if (generations.at(-1)?.skeys.length === 0) {
    throw new LogError(
      '签名私钥已销毁,无法公布;如日志文件夹被移除,请从备份恢复。 The private key that must sign was destroyed: nothing can be published. If the log folder was removed, restore it from its copy.',
    );
  }
  const signers = await openSigners(generations.flatMap(({ skeys }) => skeys));
  const root = rootOf(edge.size, readOpen(edge));
  const note = signNote(writeCheckpoint({ origin, size: edge.size, root }), signers);
  return { origin, size: edge.size, root, note, signatures: note.signatures };
}

async function retireBefore(keys: LogKeys, generation: number): Promise<void> {
  const isLeft = keys.generations().some(({ skeys }, at) => at < generation && skeys.length > 0);
  if (isLeft) await keys.retire(generation);
}

/** Best effort: what is left over is only room on the disk. */
async function removePartials(folder: string, full: readonly Tile[]): Promise<void> {
  for (const tile of full) {
    await rm(join(folder, `${pathOfTile(tile)}.p`), { recursive: true, force: true }).catch(() => {});
  }
}
