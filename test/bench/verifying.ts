import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill } from './growth/fill.ts';
import { logKeyFileOf } from './growth/publish-all.ts';
import { cpuMicrosOf } from './servers/measured.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const LOOK_MS = 200;

export interface VerifyRun {
  title: string;
  seconds: number;
  cpuSeconds: number;
  /** Of the whole process, at its height. */
  peakMiB: number;
}
export interface VerifyReport {
  cases: number;
  entries: number;
  runs: VerifyRun[];
}

/** `banjian verify` on a database of so many cases of eight entries, all of it published: first without the replay, then with it. */
export async function measureVerify(
  folder: string,
  cases: number,
  progress: (line: string) => void,
): Promise<VerifyReport> {
  const data = join(folder, `verify-${cases}`);
  const { published: entries } = await fill({ folder: data, newcomers: 1, cases }, progress);
  const runs = [
    await run('chains, tree, tiles, signatures', data, ['--chain-only']),
    await run('the same, replay, rows, vault', data, []),
  ];
  return { cases, entries, runs };
}

/** @throws Error when it does not hold: figures of a database that is not a real one are worth nothing. */
async function run(title: string, data: string, flags: string[]): Promise<VerifyRun> {
  const began = performance.now();
  const env = { ...process.env, BANJIAN_LOG_KEY_FILE: logKeyFileOf(data) };
  const args = [CLI, 'verify', data, '--no-progress', ...flags];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const { pid = 0 } = child;
  let cpuMicros = 0;
  let peakMiB = 0;
  const watch = setInterval(() => {
    if (child.exitCode !== null) return;
    cpuMicros = cpuMicrosOf(pid);
    peakMiB = Math.max(peakMiB, peakMiBOf(pid));
  }, LOOK_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`verification ended with ${code}`);
  return { title, seconds: (performance.now() - began) / 1000, cpuSeconds: cpuMicros / 1_000_000, peakMiB };
}

function peakMiBOf(pid: number): number {
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // A process that has just ended has no memory any more.
  return Math.round(Number(kib ?? 0) / 1024);
}
