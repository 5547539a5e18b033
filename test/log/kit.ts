import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { writeEntry } from '../../src/engine/entry.ts';
import type { JsonObject } from '../../src/engine/types.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../src/log/checkpoint.ts';
import { createDurableFolder, type DurableFolder } from '../../src/log/durable.ts';
import { type LogKeyOptions, type LogKeys, openLogKeys } from '../../src/log/keys.ts';
import { openPublisher, type Publisher } from '../../src/log/publisher.ts';
import { openVerifiers } from '../../src/log/signatures.ts';
import { listTiles, pathOfTile, readBundle } from '../../src/log/tiles.ts';
import { createHandClock, type HandClock } from '../helpers.ts';
import { mth } from './naive-tree.ts';

export const ORIGIN = 'log.example/test';

/** A store in memory with a log in a folder, and hands to make entries with. */
export interface LogKit {
  store: Store;
  clock: HandClock;
  keys: LogKeys;
  key: LogKeyOptions;
  publisher: Publisher;
  folder: string;
  /** What was logged as an error. */
  errors: string[];
  /** Appends so many entries to the service's own chain. */
  add(count: number): Promise<void>;
  /** Appends one. */
  append(type: string, data: JsonObject): Promise<void>;
  /** Another publisher on the same folder, as after a restart. */
  reopen(over?: Partial<{ store: Store; files: DurableFolder; keys: LogKeys }>): Promise<Publisher>;
}

export async function startLog(folder: string, { sm2 = false } = {}): Promise<LogKit> {
  const store = openStore(':memory:');
  const clock = createHandClock();
  const key = { file: join(folder, 'keys', 'log.json'), origin: ORIGIN, sm2 };
  const keys = await openLogKeys(key, false);
  const errors: string[] = [];
  const log = {
    warn: (_fields: unknown, message: string) => void errors.push(message),
    error: ({ fault }: Record<string, string | number>, message: string) =>
      void errors.push(`${message}: ${fault}`),
  };
  const logFolder = join(folder, 'log');
  const reopen: LogKit['reopen'] = (over = {}) =>
    openPublisher({
      source: over.store ?? store,
      folder: over.files ?? createDurableFolder(logFolder),
      origin: ORIGIN,
      keys: over.keys ?? keys,
      clock,
      log,
    });
  return {
    store,
    clock,
    keys,
    key,
    publisher: await reopen(),
    folder: logFolder,
    errors,
    append: (type, data) => appendService(store, type, [data]),
    add: (count) =>
      appendService(
        store,
        'sample',
        Array.from({ length: count }, (_, n) => ({ n })),
      ),
    reopen,
  };
}

/** So many more entries in the chain that belongs to no case, in one transaction. */
async function appendService(store: Store, type: string, datas: JsonObject[]): Promise<void> {
  let { seq, head } = await store.findServiceHead();
  const written = datas.map((data) => {
    seq += 1;
    const entry = writeEntry({
      v: 1,
      kind: 'service',
      seq,
      type,
      at: '2026-11-23T02:00:00.000Z',
      actor: { role: 'operator', id: 'test' },
      data,
      prev: head,
    });
    head = entry.digest;
    return store.appendService({ number: seq, entry, tags: undefined });
  });
  await Promise.all(written);
}

/** Every file of a published folder, by its path; drafts that a crash left are none of it. */
export function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((one) => one.isFile() && !one.name.endsWith('.draft'))
      .map((one) => join(one.parentPath, one.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );
}

/**
 * Reads a published folder as a stranger would: the checkpoint by its keys, every tile and bundle that it needs, the
 * root by the standard's own words.
 * @throws Error where something is missing or wrong.
 */
export async function checkFolder(
  folder: string,
  vkeys: string[],
): Promise<{ checkpoint: SignedCheckpoint; entries: Buffer[] }> {
  const files = filesOf(folder);
  const checkpoint = openCheckpoint(files.get('checkpoint') ?? '', await openVerifiers(vkeys));
  const tiles = [...listTiles(checkpoint.size)];
  const lost = tiles.map(pathOfTile).filter((path) => !files.has(path));
  if (lost.length > 0) throw new Error(`not there: ${lost.join(', ')}`);
  const of = (level: number | 'entries') =>
    tiles
      .filter((tile) => tile.level === level)
      .map((tile) => files.get(pathOfTile(tile)) ?? Buffer.alloc(0));
  const entries = of('entries').flatMap(readBundle);
  const leaves = entries.map((entry) => createHash('sha256').update(Buffer.of(0)).update(entry).digest());
  if (!Buffer.concat(leaves).equals(Buffer.concat(of(0)))) throw new Error('leaves and entries differ');
  if (!mth(entries).equals(checkpoint.root)) throw new Error('the root is not that of the entries');
  return { checkpoint, entries };
}
