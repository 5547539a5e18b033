import { createHash, hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Store } from '../db/store.ts';
import { findMatter } from '../engine/runtime.ts';
import type { MachineStamp, Matter } from '../engine/types.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { readNote } from '../log/note.ts';
import { listTiles, pathOfTile, type Tile } from '../log/tiles.ts';
import { writeLine } from './jsonl.ts';
import { openSource } from './source.ts';
import { SUMS, writeSums } from './sums.ts';

/** Names of what is in an exported folder. */
export const ENTRIES = 'entries.jsonl';
export const CHECKPOINT = 'log/checkpoint';
export const KEYS = 'keys.txt';

/** The file that holds the structure of a machine: its SHA-256 is the `definition` that entries name. */
export function machineFile({ id, version, definition }: MachineStamp): string {
  return `machines/${id}@${version}.${definition.slice('sha256:'.length, 'sha256:'.length + 8)}.json`;
}

export interface FolderInput {
  store: Pick<Store, 'readLog' | 'findLogSize'>;
  matters: Map<string, Matter>;
  /** The signed note under which everything is exported: what came after it is not. */
  checkpoint: Buffer;
  /** The tile as it was published. */
  readTile: (tile: Tile) => Buffer;
  /** The log's own keys, the first one first, as they are published. */
  vkeys: string[];
}

export interface FolderReport {
  entries: number;
  files: number;
  /** Machines that wrote entries and are not loaded: their structure is not in the export. */
  missing: MachineStamp[];
}

/**
 * Everything with which the log can be checked elsewhere, by other tools too: docs/audit.md says how.
 * @throws Error when the folder is there and not empty.
 */
export async function writeFolder(
  out: string,
  input: FolderInput,
  onRead: (read: number) => void = () => {},
): Promise<FolderReport> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new Error(`${out} 不是空文件夹 · is not an empty folder`);
  const sums = new Map<string, string>();
  const write = async (path: string, bytes: string | Buffer) => {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), bytes);
    sums.set(path, hash('sha256', bytes));
  };
  const { size } = readCheckpoint(readNote(input.checkpoint).text);
  const stamps = await writeEntries(join(out, ENTRIES), input, size, sums, onRead);
  await write(CHECKPOINT, input.checkpoint);
  for (const tile of listTiles(size)) await write(`log/${pathOfTile(tile)}`, input.readTile(tile));
  await write(KEYS, input.vkeys.map((vkey) => `${vkey}\n`).join(''));
  const missing: MachineStamp[] = [];
  for (const stamp of stamps) {
    const matter = findMatter(input, { matter: stamp.id, machine: stamp });
    if (matter) await write(machineFile(stamp), JSON.stringify(matter.machine.definition));
    else missing.push(stamp);
  }
  await writeFile(join(out, SUMS), writeSums(sums));
  return { entries: size, files: sums.size + 1, missing };
}

/** Answers which machines wrote them. */
async function writeEntries(
  file: string,
  { store }: FolderInput,
  size: number,
  sums: Map<string, string>,
  onRead: (read: number) => void,
): Promise<MachineStamp[]> {
  const source = await openSource(store, {}, onRead);
  if (source.size < size) throw new Error(`${size} entries are published, ${source.size} are there`);
  const digest = createHash('sha256');
  const stamps = new Map<string, MachineStamp>();
  const lines = async function* () {
    for await (const exported of source.entries()) {
      if (exported.index >= size) return;
      const { entry } = exported;
      if (entry.kind !== 'service') stamps.set(machineFile(entry.machine), entry.machine);
      const line = `${writeLine(exported)}\n`;
      digest.update(line);
      yield line;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
  sums.set(ENTRIES, digest.digest('hex'));
  return [...stamps.values()];
}
