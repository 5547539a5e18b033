import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;
const MAIN = fileURLToPath(new URL('./server-main.ts', import.meta.url));

export interface ServerProcess {
  url: string;
  pid: number;
  /** From the start of the process to the line that says where it listens. */
  startMs: number;
  /** Ends it and waits until it is gone; answers with its exit code, or null when the signal ended it. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  exited: Promise<number | null>;
  /** What it wrote to stderr so far. */
  errors(): string;
}

export interface ServerOptions {
  folder: string;
  people?: number;
  env?: Record<string, string>;
  /** The program to run instead of the server as it is. */
  main?: string;
}

/** A server in a process of its own, on a port that the system chose, with limits on addresses out of the way. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', WITH_PARENT, options.main ?? MAIN], {
    env: environment(options),
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = await listening(child, () => errors);
  return {
    url,
    pid: child.pid ?? 0,
    startMs: performance.now() - began,
    exited,
    errors: () => errors,
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** A server in a folder of its own, for as long as it is used. */
export async function withServer<T>(
  options: Omit<ServerOptions, 'folder'>,
  use: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  const server = await startServerProcess({ folder, ...options });
  try {
    return await use(server);
  } finally {
    await server.kill('SIGTERM');
    rmSync(folder, { recursive: true });
  }
}

function environment({ folder, people, env }: ServerOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'warn',
    BANJIAN_DATA: folder,
    // With the data, so that it goes when that goes.
    BANJIAN_LOG_KEY_FILE: join(folder, 'log.keys'),
    BANJIAN_RATE_PER_MINUTE: '1000000',
    BANJIAN_IDENTITY_PER_HOUR: '1000000',
    ...(people === undefined ? {} : { PEOPLE: String(people) }),
    ...env,
  };
}

function listening(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
      const address = /listening (http:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`did not start (${code}): ${said}${errors()}`)));
  });
}

/** Asks again and again, for what happens in another process cannot tell us. */
export async function until(holds: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it never came to that');
    await pause(20);
  }
}
