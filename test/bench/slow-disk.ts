import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./slow-fsync.c', import.meta.url));

/**
 * What makes a server see a slower disk: a library in front of the system's own, compiled where it is used.
 * @throws Error when nothing is slower by it: its figures would be those of the disk as it is.
 */
export function slowDisk(folder: string, addedMs: number): Record<string, string> {
  const library = join(folder, 'slow-fsync.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
  const env = { LD_PRELOAD: library, SLOW_FSYNC_MS: String(addedMs) };
  const fastest = fastestFsync(folder, env);
  if (fastest < addedMs) throw new Error(`an fsync that should take ${addedMs} ms more took ${fastest} ms`);
  return env;
}

const TIMES = `const { fdatasyncSync, openSync, writeSync } = require('node:fs');
const file = openSync(process.argv[1], 'w');
const times = Array.from({ length: 20 }, () => {
  const began = performance.now();
  writeSync(file, 'x');
  fdatasyncSync(file);
  return performance.now() - began;
});
console.log(Math.min(...times));`;

function fastestFsync(folder: string, env: Record<string, string>): number {
  return Number(execFileSync(process.execPath, ['-e', TIMES, join(folder, 'slow-probe')], { env }));
}
