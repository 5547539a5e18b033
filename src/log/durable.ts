import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files that are whole and on disk, or not there: under another name first, synced, renamed, and their folders synced. */
export interface DurableFolder {
  /** On disk, each of them, when it answers; a reader sees a file whole or not at all. */
  write(files: readonly (readonly [path: string, bytes: Uint8Array | string])[]): Promise<void>;
  find(path: string): Promise<Buffer | undefined>;
  /** A file or a folder, if it is there; whether that is on disk matters to nobody. */
  remove(path: string): Promise<void>;
}

/** `isPrivate`: for its owner alone, whatever the umask. */
export function createDurableFolder(root: string, isPrivate = false): DurableFolder {
  return {
    async write(files) {
      const folders = new Set<string>();
      for (const [path, bytes] of files) {
        const file = join(root, path);
        await makeFolder(dirname(file), isPrivate ? 0o700 : 0o777);
        await replaceFile(file, bytes, isPrivate ? 0o600 : 0o666);
        folders.add(dirname(file));
      }
      for (const folder of folders) await syncFolder(folder);
    },
    async find(path) {
      try {
        return await readFile(join(root, path));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: (path) => rm(join(root, path), { recursive: true, force: true }),
  };
}

async function replaceFile(file: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  // One writer at a time, so that one name is enough, and what a crash left is written over.
  const draft = `${file}.draft`;
  const handle = await open(draft, 'w', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** A folder that is new must be on disk in the one it stands in. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Windows cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
