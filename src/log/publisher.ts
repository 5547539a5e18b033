import { setImmediate } from 'node:timers/promises';
import type { Clock, Log } from '../engine/runtime.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { DurableFolder } from './durable.ts';
import type { LogKeys } from './keys.ts';
import { LogError, rolledBack } from './log-error.ts';
import { Misfit } from './misfit.ts';
import { type Signature, writeNote } from './note.ts';
import type { Proof } from './proof.ts';
import { findPublished, getTile, type LogPlace, type Published, publishNothing } from './published.ts';
import { followRotation, signCheckpoint } from './signing.ts';
import {
  growEdge,
  openTiles,
  pathOfTile,
  readTiles,
  TILE_WIDTH,
  type Tile,
  tilesFor,
  writeBundle,
} from './tiles.ts';
import { type HashReader, hashLeaf, proveConsistency, proveInclusion } from './tree.ts';

/** Half of the second in which an entry must be under a checkpoint: the other half is for writing it. */
const PERIOD_MS = 500;
/** So many bundles come under one checkpoint at most, some 16 MB in memory: after a long silence progress is on disk now and then. */
const BUNDLES_A_CHECKPOINT = 64;

export interface PublisherOptions extends LogPlace {
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
  /** Publishes what is left, if it was started; answers when nothing is written any more. */
  stop(): Promise<void>;
}

/**
 * Goes on from the checkpoint that is on disk; makes an empty one where there is none.
 * @throws Error when the database, the keys or the tiles do not go with that checkpoint: nothing is published then.
 */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { source, folder, keys, clock, log } = options;
  let state = (await findPublished(options)) ?? (await publishNothing(options));
  await retireBefore(keys, state.generation);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let cancelWake: () => void = () => {};
  let stopped = true;
  let closing = false;
  let lastFault = '';
  /** Up to where `published` was told. */
  let told = state.edge.size;

  async function run(): Promise<void> {
    for (;;) {
      const size = await source.findLogSize();
      if (size < state.edge.size) throw rolledBack(state.edge.size, size);
      if (size === state.edge.size) return;
      const { published, full } = await publishSome(options, state);
      state = published;
      await retireBefore(keys, state.generation);
      await removePartials(folder, full);
      // The rest of a long backlog can wait for the next start.
      if (closing) return;
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
    const fault = await publish().then(() => '', faultOf);
    if (fault !== '' && fault !== lastFault) log.error({ fault }, 'the log is not published');
    if (fault === '' && lastFault !== '') log.warn({ size: state.edge.size }, 'the log is published again');
    lastFault = fault;
    if (state.edge.size > told) published();
    told = state.edge.size;
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
      const wasStarted = !stopped;
      stopped = true;
      closing = true;
      cancelWake();
      if (wasStarted) await publish().catch(() => {});
      while (running ?? next) await (running ?? next)?.catch(() => {});
    },
  };
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof LogError || error instanceof Misfit) return error.message;
  return 'code' in error ? String(error.code) : error.name;
}

/** Tiles and bundles are on disk before the checkpoint that needs them; what an older one needs stays. */
async function publishSome(
  options: PublisherOptions,
  before: Published,
): Promise<{ published: Published; full: Tile[] }> {
  const { folder } = options;
  let { edge, generation: last } = before;
  const files: [Tile, Buffer][] = [];
  const size = await options.source.findLogSize();
  for (let bundles = 0; edge.size < size && bundles < BUNDLES_A_CHECKPOINT; bundles++) {
    const start = edge.size - (edge.size % TILE_WIDTH);
    const rows = await options.source.readLog(start, Math.min(TILE_WIDTH, size - start));
    const added = rows.slice(edge.size - start);
    const entries = rows.map(({ bytes }) => Buffer.from(bytes));
    const grown = growEdge(edge, entries.slice(edge.size - start).map(hashLeaf));
    const bundle: Tile = { level: 'entries', index: start / TILE_WIDTH, width: rows.length };
    files.push(...grown.full, [bundle, writeBundle(entries)]);
    for (const row of added) last = followRotation(options.keys, row, last);
    edge = grown.edge;
    // The store answers at once: whoever waits for the event loop comes in here.
    await setImmediate();
  }
  files.push(...openTiles(edge));
  // All at once, so that each folder is synced once.
  await folder.write(files.map(([tile, bytes]) => [pathOfTile(tile), bytes]));
  const checkpoint = await signCheckpoint(options, { edge, generation: before.generation, last });
  await folder.write([['checkpoint', writeNote(checkpoint.note)]]);
  const full = files.map(([tile]) => tile).filter(({ width }) => width === TILE_WIDTH);
  return { published: { checkpoint, edge, generation: last }, full };
}

async function retireBefore(keys: LogKeys, generation: number): Promise<void> {
  const isLeft = keys.generations().some(({ skeys }, at) => at < generation && skeys.length > 0);
  if (isLeft) await keys.retire(generation);
}

/** Best effort: what is left over is only room on the disk. */
async function removePartials(folder: DurableFolder, full: readonly Tile[]): Promise<void> {
  for (const tile of full) await folder.remove(`${pathOfTile(tile)}.p`).catch(() => {});
}
