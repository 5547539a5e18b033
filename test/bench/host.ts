import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

/** What the figures were measured on. */
export interface Host {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  filesystem: string;
  /** How busy the machine was with other things, before. */
  loadBefore: number;
  /** One page written and synced, as a commit does, in the folder the databases are in. */
  fsyncMs: { p50: number; p99: number };
}

export function describeHost(folder: string): Host {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    filesystem: filesystemOf(folder),
    loadBefore: round(loadavg()[0] ?? 0),
    fsyncMs: measureFsync(folder),
  };
}

function filesystemOf(folder: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, place = '']) => place !== '' && `${resolve(folder)}/`.startsWith(place.replace(/\/?$/, '/')))
    .toSorted(([, a = ''], [, b = '']) => b.length - a.length);
  return mounts[0]?.[2] ?? 'unknown';
}

const PAGE_BYTES = 4096;
const SYNCS = 300;

function measureFsync(folder: string): Host['fsyncMs'] {
  const file = join(folder, 'fsync-probe');
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(PAGE_BYTES, 1);
  const times = Float64Array.from({ length: SYNCS }, () => {
    const began = performance.now();
    writeSync(handle, page);
    fdatasyncSync(handle);
    return performance.now() - began;
  }).sort();
  closeSync(handle);
  rmSync(file);
  return { p50: round(times[SYNCS / 2] ?? 0), p99: round(times[Math.floor(SYNCS * 0.99)] ?? 0) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
