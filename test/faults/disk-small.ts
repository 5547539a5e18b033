import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDiskControl, shimEnvironment } from './shim/shim.ts';

/** A folder on a disk that can be made full, and be given room again, under a server that runs. */
export interface SmallDisk {
  folder: string;
  /** What the server's process needs in its environment. */
  env: Record<string, string>;
  fill(): void;
  makeRoom(): void;
  remove(): void;
}

/** Behind the shim, which counts the bytes in it. */
export function rationDisk(scratch: string, shim: string): SmallDisk {
  const folder = mkdtempSync(join(scratch, 'data-'));
  const file = join(scratch, 'ration');
  const control = createDiskControl(file, folder);
  return {
    folder,
    env: shimEnvironment({ shim, root: folder, control: file }),
    fill: () => control.limitTo(Math.max(1, control.used())),
    makeRoom: () => control.limitTo(0),
    remove() {
      control.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether this process may mount: the quota is tried everywhere, a disk that is really full where it can be. */
export const mayMount =
  process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;

const SIZE_BYTES = 64 * 1024 * 1024;

/** A small disk of the system's, in memory. The simulators' world stands outside: it is somebody else's. */
export function mountDisk(scratch: string): SmallDisk {
  const folder = mkdtempSync(join(scratch, 'mount-'));
  const world = mkdtempSync(join(scratch, 'world-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`could not mount: ${String(stderr)}`);
  const data = join(folder, 'data');
  mkdirSync(data);
  symlinkSync(join(world, 'simulator.db'), join(data, 'simulator.db'));
  const ballast = join(folder, 'ballast');
  return {
    folder: data,
    env: {},
    fill: () => fillWith(ballast),
    makeRoom: () => rmSync(ballast),
    remove() {
      spawnSync('umount', [folder]);
      rmdirSync(folder);
      rmSync(world, { recursive: true });
    },
  };
}

/** The disk decides how much it takes. */
function fillWith(file: string): void {
  for (const size of [1024 * 1024, 4096]) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) writeFileSync(file, piece, { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
