import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/db/open.ts';
import type { CaseRow } from '../../src/db/store.ts';
import { createBus } from '../../src/engine/bus.ts';
import { Problem } from '../../src/engine/errors.ts';
import { createHotCases } from '../../src/engine/hot.ts';
import { newId } from '../../src/engine/ids.ts';
import { open } from '../../src/engine/open.ts';
import type { Runtime } from '../../src/engine/runtime.ts';
import { send } from '../../src/engine/send.ts';
import { createTurns } from '../../src/engine/turns.ts';
import type { Caller, JsonObject, Matter } from '../../src/engine/types.ts';
import { createWorker } from '../../src/engine/worker.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { createHandClock, turn } from '../helpers.ts';

/** The engine with a database and a worker, without HTTP. */
export interface Engine {
  runtime: Runtime;
  open: (matter: Matter) => Promise<string>;
  /** The code it was refused with, or undefined. */
  send(caseId: string, type: string, body?: JsonObject): Promise<string | undefined>;
  get: (caseId: string) => Promise<CaseRow>;
  /** Moves time and does what is due then. */
  advance(ms: number): Promise<void>;
  /** Lets what was started go on, until it waits for something. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface Engines {
  /** One with an empty database in memory. */
  start(matters: Matter[]): Promise<Engine>;
  remove(): void;
}

export function createEngines(): Engines {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-engines-'));
  const vault = createVault(loadKeys(join(folder, 'banjian.key')));
  return {
    start: (matters) => startEngine(vault, matters),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startEngine(vault: Runtime['vault'], matters: Matter[]): Promise<Engine> {
  const clock = createHandClock();
  const store = openStore(':memory:');
  const runtime: Runtime = {
    store,
    vault,
    matters: new Map(matters.map((matter) => [matter.id, matter])),
    clock,
    bus: createBus(),
    hot: createHotCases(100),
    turns: createTurns(),
    waiting: { count: 0 },
    owner: newId(),
    log: { warn: () => {}, error: () => {} },
    startTasks: (tasks) => worker.run(tasks),
  };
  const worker = createWorker(runtime);
  await store.releaseLeases();
  const get = async (caseId: string) => {
    const row = await store.findCase(caseId);
    if (!row) throw new Error('no case');
    return row;
  };
  const settle = async () => {
    for (let turns = 0; turns < 6; turns++) await turn();
  };
  return {
    runtime,
    get,
    settle,
    async open(matter) {
      const caller = await newCaller(runtime);
      const claim = { scope: `open:${matter.id}`, subject: caller.id };
      return (await open(runtime, { matter, caller, claim })).standing.id;
    },
    async send(caseId, type, body = {}) {
      const caller = callerOf((await get(caseId)).owner);
      const code = await send(runtime, { caseId, type, body, caller, waitMs: 0 }).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof Problem) return error.spec.code;
          throw error;
        },
      );
      await settle();
      return code;
    },
    async advance(ms) {
      clock.move(ms);
      await settle();
      void worker.tick();
      await settle();
    },
    async close() {
      const stopping = worker.stop(0);
      clock.move(0);
      await stopping;
      await store.close();
    },
  };
}

function callerOf(id: string): Caller {
  return { role: 'applicant', id, address: '', channel: 'web' };
}

async function newCaller({ vault, store, clock }: Runtime): Promise<Caller> {
  const { id, wrappedKey, epoch: keyEpoch } = vault.newPerson();
  const at = new Date(clock.now()).toISOString();
  const session = {
    personId: id,
    wrappedKey,
    keyEpoch,
    digest: newId(),
    channel: 'web',
    createdAt: at,
    expiresAt: at,
  };
  await store.createSession(session);
  return callerOf(id);
}
