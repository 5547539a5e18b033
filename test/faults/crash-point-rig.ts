import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore, openStoreToRead } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { newId, newToken } from '../../src/engine/ids.ts';
import { digestToken } from '../../src/http/auth.ts';
import type { Simulator } from '../../src/providers/simulator/index.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { type Call, type Connection, connect, type Reply } from '../load/connection.ts';
import { CONTROL } from './crash-point-patch.ts';
import type { PlantName } from './crash-point-plants.ts';
import { createMovedClock, inventBoth, openOutside } from './crash-point-world.ts';
import { type ServerProcess, startServerProcess } from './server.ts';

const MAIN = fileURLToPath(new URL('./crash-point-main.ts', import.meta.url));
/** Where Node keeps what it compiled: a start then takes half as long. */
export const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/banjian-faults', import.meta.url));
const PEOPLE = 256;
/** More than any of this takes. */
const PATIENCE_MS = 20_000;

export interface CrashAt {
  point: string;
  nth: number;
}

export interface RigOptions {
  /** A provider's method whose first answer to each key is lost. */
  lose?: string;
  env?: Record<string, string>;
  /** Called with the server dead, before it is started again. */
  onDeath?(): Promise<void>;
}

/** A server that may die at any moment, the world outside that does not, and a way to ask until there is an answer. */
export interface Rig {
  folder: string;
  people: PersonSample[];
  outside: Simulator;
  auditor: string;
  /** The database as it is on disk, for the server or without it. */
  store: Store;
  deaths(): number;
  /** Asks; when the server died over it, starts it again and asks the same once more, and so when it had no time. */
  ask(call: Call): Promise<Reply>;
  arm(at: CrashAt): Promise<void>;
  /** From now on something is wrong with the server, and with those after it, until nothing is. */
  plant(name: PlantName | ''): Promise<void>;
  /** The points passed since this was last asked. */
  takeTrace(): Promise<string[]>;
  /** The points passed until the server listened. */
  startTrace(): Promise<string[]>;
  /** From now on the server's clock, and the world's, is so far ahead of the machine's. */
  setAhead(ms: number): Promise<void>;
  aheadMs(): number;
  /** Waits until this holds, whatever happens to the server meanwhile. */
  until(what: string, holds: () => Promise<boolean> | boolean, patienceMs?: number): Promise<void>;
  /** After its next death it dies again while it starts, at this point. */
  dieAtNextStart(at: CrashAt): void;
  stop(): Promise<void>;
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  const auditor = await createAuditor(folder);
  const people = inventBoth(PEOPLE);
  const clock = createMovedClock(folder);
  const outside = openOutside(folder, clock, people);
  let aheadMs = 0;
  let deaths = 0;
  let nextStart: CrashAt | undefined;
  let reviving: Promise<void> | undefined;
  let server = await start();
  let connections = connectTo(server);
  const store = openStoreToRead(join(folder, 'banjian.db'));

  async function start(at?: CrashAt): Promise<ServerProcess> {
    const env = {
      BANJIAN_SMS_PER_HOUR: '1000000',
      NODE_COMPILE_CACHE: COMPILED,
      ...(options.lose === undefined ? {} : { LOSE: options.lose }),
      ...(at === undefined ? {} : { CRASH_AT: JSON.stringify(at) }),
      ...options.env,
    };
    return startServerProcess({ folder, people: PEOPLE, main: MAIN, env });
  }

  function connectTo({ url }: ServerProcess): { service: Connection; control: Connection } {
    return { service: connect(url), control: connect(readFileSync(join(folder, 'control'), 'utf8')) };
  }

  function disconnect(): void {
    connections.service.close();
    connections.control.close();
  }

  /** @throws Error when it is not dead at all: then what went wrong is something else. */
  async function revive(cause: unknown): Promise<void> {
    const code = await Promise.race([server.exited, patience()]);
    if (code !== null) throw new Error(`not dead of a signal (${code}): ${server.errors()}`, { cause });
    disconnect();
    await noteDeath();
    const dying = nextStart;
    nextStart = undefined;
    if (dying) await dieAtStart(dying);
    server = await start();
    connections = connectTo(server);
  }

  async function noteDeath(): Promise<void> {
    deaths += 1;
    await options.onDeath?.();
  }

  /** Several may be waiting for an answer when it dies: one of them sees to the new start. */
  async function persist<T>(once: () => Promise<T>): Promise<T> {
    for (;;) {
      const asked = server;
      try {
        return await once();
      } catch (error) {
        if (!isCut(error)) throw error;
        if (asked === server) reviving ??= revive(error).finally(() => (reviving = undefined));
        await reviving;
      }
    }
  }

  /** A machine that is busy with other things asks people to come again, and so they do. */
  async function askUntilTaken(call: Call): Promise<Reply> {
    const began = performance.now();
    for (;;) {
      const reply = await connections.service.call(call);
      if (reply.status !== 503 || performance.now() - began > PATIENCE_MS) return reply;
      await delay(200);
    }
  }

  const control = (path: string, body: object) =>
    persist(async () => {
      const call: Call = { method: 'POST', path: `${CONTROL}${path}`, body };
      const reply = await connections.control.call(call);
      if (reply.status !== 200) throw new Error(reply.text);
      return reply.body;
    });

  return {
    folder,
    people,
    outside,
    auditor,
    store,
    deaths: () => deaths,
    aheadMs: () => aheadMs,
    ask: (call) => persist(() => askUntilTaken(call)),
    arm: (at) => control('arm', at),
    plant: (name) => control('plant', { name }),
    takeTrace: () => control('trace', {}),
    startTrace: () => control('start', {}),
    async setAhead(ms) {
      aheadMs = ms;
      clock.setAhead(ms);
      await control('clock', { aheadMs: ms });
    },
    async until(what, holds, patienceMs = PATIENCE_MS) {
      const began = performance.now();
      while (!(await holds())) {
        if (performance.now() - began > patienceMs) throw new Error(`it never came to this: ${what}`);
        await delay(2);
        // Whoever asks finds out whether it lives, and starts it again if not.
        await control('alive', {});
      }
    },
    dieAtNextStart(at) {
      nextStart = at;
    },
    async stop() {
      disconnect();
      await server.kill('SIGTERM');
      await store.close();
      outside.close();
      rmSync(folder, { recursive: true });
    },
  };

  async function dieAtStart(at: CrashAt): Promise<void> {
    const started = await start(at).catch(() => undefined);
    // What is first passed when it already listens kills it a moment later.
    if (started && (await Promise.race([started.exited, patience()])) !== null) {
      await started.kill('SIGKILL');
      throw new Error(`never passed while starting: ${at.point}`);
    }
    await noteDeath();
  }
}

function patience(): Promise<'alive'> {
  return delay(PATIENCE_MS, 'alive', { ref: false });
}

/** The socket's word, not an answer. */
function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ECONN|EPIPE)/.test(String(error.code));
}

async function createAuditor(folder: string): Promise<string> {
  const token = newToken();
  const store = openStore(join(folder, 'banjian.db'));
  const createdAt = new Date().toISOString();
  const digest = digestToken(token);
  await store.createToken({ id: newId(), role: 'auditor', name: 'test', digest, createdAt });
  await store.close();
  return token;
}
