import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiskEvent } from './journal.ts';

/**
 * What is left of the changes that nobody synced: `nothing` of them; `some`, in any order, each sector by itself, as a
 * disk may have got to them; or `all`, as after a kill.
 */
export type Survival =
  | { kind: 'nothing' | 'all' }
  | { kind: 'some'; sector: 512 | 4096; share: number; chance: () => number };

type Change = { offset: number; data: Buffer } | { size: number };
interface File {
  kind: 'file';
  bytes: Buffer;
  /** May be less than the buffer, which grows by doubling. */
  size: number;
  pending: Change[];
}
type Names = Map<string, File | Folder>;
interface Folder {
  kind: 'folder';
  /** As the process sees them, and as they are on the platter. */
  now: Names;
  durable: Names;
  pending: ((names: Names) => void)[];
}

/** What a folder's files would be after a power cut: bytes count once their file is synced, names once their folder is. */
export interface Platter {
  replay(event: DiskEvent): void;
  /** Puts into the folder what is left after a cut now, in place of what is there. */
  cut(survival: Survival): void;
}

/** Everything that is in the folder now is taken to be safe. Names beginning with `ignored` are left alone. */
export function createPlatter(root: string, ignored: string): Platter {
  const top = readFolder(root, (name) => !name.startsWith(ignored) && !name.endsWith('-shm'));
  const files = new Map<number, File>();
  const folderAt = (path: string) => getFolder(top, path);

  function change(path: string, apply: (names: Names, name: string) => void): void {
    const folder = folderAt(parentOf(path));
    const name = path.slice(path.lastIndexOf('/') + 1);
    const step = (names: Names) => apply(names, name);
    step(folder.now);
    folder.pending.push(step);
  }

  function open(path: string, isNew: boolean): File {
    if (!isNew) {
      const found = folderAt(parentOf(path)).now.get(path.slice(path.lastIndexOf('/') + 1));
      if (found?.kind !== 'file') throw new Error(`opened, and never seen: ${path}`);
      return found;
    }
    const made: File = { kind: 'file', bytes: Buffer.alloc(0), size: 0, pending: [] };
    change(path, (names, name) => names.set(name, made));
    return made;
  }

  function rename(path: string, to: string): void {
    if (parentOf(path) !== parentOf(to)) throw new Error(`renamed from folder to folder: ${path}`);
    const target = to.slice(to.lastIndexOf('/') + 1);
    const moved = folderAt(parentOf(path)).now.get(path.slice(path.lastIndexOf('/') + 1));
    if (!moved) throw new Error(`renamed, and never seen: ${path}`);
    change(path, (names, name) => {
      names.delete(name);
      names.set(target, moved);
    });
  }

  function getFile(id: number): File {
    const file = files.get(id);
    if (!file) throw new Error(`written, and never opened: ${id}`);
    return file;
  }

  return {
    replay(event) {
      switch (event.kind) {
        case 'open':
          return void files.set(event.file, open(event.path, event.isNew));
        case 'write':
          return void getFile(event.file).pending.push({ offset: event.offset, data: event.data });
        case 'truncate':
          return void getFile(event.file).pending.push({ size: event.size });
        case 'sync':
          return settle(getFile(event.file), getFile(event.file).pending);
        case 'syncFolder':
          return settleNames(folderAt(event.path), Number.POSITIVE_INFINITY);
        case 'rename':
          return rename(event.path, event.to);
        case 'mkdir': {
          const made = emptyFolder();
          return change(event.path, (names, name) => names.set(name, made));
        }
        case 'unlink':
        case 'rmdir':
          return change(event.path, (names, name) => names.delete(name));
      }
    },
    cut(survival) {
      for (const name of readdirSync(root)) {
        if (!name.startsWith(ignored)) rmSync(join(root, name), { recursive: true });
      }
      writeFolder(root, top, survival);
    },
  };
}

function parentOf(path: string): string {
  return path.includes('/') ? dirname(path) : '';
}

function emptyFolder(): Folder {
  return { kind: 'folder', now: new Map(), durable: new Map(), pending: [] };
}

function getFolder(top: Folder, path: string): Folder {
  let folder = top;
  for (const part of path.split('/').filter((each) => each !== '')) {
    const next = folder.now.get(part);
    if (next?.kind !== 'folder') throw new Error(`a folder never seen: ${path}`);
    folder = next;
  }
  return folder;
}

function readFolder(path: string, isOurs: (name: string) => boolean): Folder {
  const folder = emptyFolder();
  for (const entry of readdirSync(path, { withFileTypes: true }).filter(({ name }) => isOurs(name))) {
    const at = join(path, entry.name);
    const node = entry.isDirectory() ? readFolder(at, () => true) : readFile(at);
    folder.now.set(entry.name, node);
    folder.durable.set(entry.name, node);
  }
  return folder;
}

function readFile(path: string): File {
  const bytes = readFileSync(path);
  return { kind: 'file', bytes, size: bytes.length, pending: [] };
}

function writeFolder(path: string, folder: Folder, survival: Survival): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  settleNames(folder, survivingNames(folder, survival));
  for (const [name, node] of folder.durable) {
    const at = join(path, name);
    if (node.kind === 'folder') writeFolder(at, node, survival);
    else {
      settle(node, survivors(node.pending, survival));
      writeFileSync(at, node.bytes.subarray(0, node.size), { mode: 0o600 });
    }
  }
}

/** Names in a folder are changed in order, whatever the disk: a file system keeps a log of them. */
function survivingNames({ pending }: Folder, survival: Survival): number {
  if (survival.kind !== 'some') return survival.kind === 'all' ? pending.length : 0;
  return Math.floor(survival.chance() * (pending.length + 1));
}

function settleNames(folder: Folder, count: number): void {
  for (const step of folder.pending.splice(0, count)) step(folder.durable);
}

function survivors(pending: Change[], survival: Survival): Change[] {
  if (survival.kind !== 'some') return survival.kind === 'all' ? pending : [];
  const survives = () => survival.chance() < survival.share;
  return pending
    .flatMap((change) => ('size' in change ? [change] : sectorsOf(change, survival.sector)))
    .filter(survives);
}

function* pieces(offset: number, length: number, sector: number): Generator<[from: number, to: number]> {
  for (let from = offset; from < offset + length; ) {
    const to = Math.min(offset + length, (Math.floor(from / sector) + 1) * sector);
    yield [from, to];
    from = to;
  }
}

function sectorsOf({ offset, data }: { offset: number; data: Buffer }, sector: number): Change[] {
  return [...pieces(offset, data.length, sector)].map(([from, to]) => ({
    offset: from,
    data: data.subarray(from - offset, to - offset),
  }));
}

function settle(file: File, changes: Change[]): void {
  file.pending = [];
  for (const change of changes) {
    if ('size' in change) resize(file, change.size);
    else {
      resize(file, Math.max(file.size, change.offset + change.data.length));
      change.data.copy(file.bytes, change.offset);
    }
  }
}

function resize(file: File, size: number): void {
  if (size > file.bytes.length) {
    const larger = Buffer.alloc(Math.max(size, file.bytes.length * 2));
    file.bytes.copy(larger, 0, 0, file.size);
    file.bytes = larger;
  }
  if (size < file.size) file.bytes.fill(0, size, file.size);
  file.size = size;
}
