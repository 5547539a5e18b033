import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./disk.c', import.meta.url));

/** Why no disk can be played here; undefined when it can. */
export const noShim =
  process.platform !== 'linux'
    ? 'not on Linux'
    : spawnSync('cc', ['--version']).status !== 0
      ? 'no C compiler (cc) here'
      : undefined;

/** Compiles the shim into a folder. */
export function buildShim(folder: string): string {
  const file = join(folder, 'disk.so');
  const flags = ['-shared', '-fPIC', '-O2', '-o', file, SOURCE, '-ldl', '-lpthread'];
  const { status, stderr } = spawnSync('cc', flags, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the shim did not compile: ${stderr}`);
  return file;
}

export interface ShimOptions {
  shim: string;
  /** The folder it stands before. */
  root: string;
  log?: string;
  control?: string;
}

/** What a process needs in its environment to have that folder on a played disk. The simulator's world is left out. */
export function shimEnvironment({ shim, root, log, control }: ShimOptions): Record<string, string> {
  return {
    LD_PRELOAD: shim,
    DISK_ROOT: root,
    DISK_IGNORE: 'simulator.db',
    ...(log === undefined ? {} : { DISK_LOG: log }),
    ...(control === undefined ? {} : { DISK_CONTROL: control }),
  };
}

/** The switches of a played disk, while its process runs. */
export interface DiskControl {
  /** Bytes there may be from now on; 0 for no limit. */
  limitTo(bytes: number): void;
  used(): number;
  failSyncs(fails: boolean): void;
  syncs(): number;
  close(): void;
}

/** Makes the control file of the shim, knowing what is in the folder already. */
export function createDiskControl(file: string, root: string): DiskControl {
  const handle = openSync(file, 'w+', 0o600);
  const put = (index: number, value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    writeSync(handle, bytes, 0, 8, index * 8);
  };
  const get = (index: number) => {
    const bytes = Buffer.alloc(8);
    readSync(handle, bytes, 0, 8, index * 8);
    return Number(bytes.readBigInt64LE());
  };
  for (const [index, value] of [0, sizeOf(root), 0, 0].entries()) put(index, value);
  return {
    limitTo: (bytes) => put(0, bytes),
    used: () => get(1),
    failSyncs: (fails) => put(2, fails ? 1 : 0),
    syncs: () => get(3),
    close: () => closeSync(handle),
  };
}

function sizeOf(root: string): number {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('simulator.db'))
    .map((name) => statSync(join(root, name)))
    .reduce((sum, status) => sum + (status.isFile() ? status.size : 0), 0);
}
