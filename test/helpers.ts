import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { openStore } from '../src/db/open.ts';
import { createBus } from '../src/engine/bus.ts';
import { createHotCases } from '../src/engine/hot.ts';
import { newId, newToken } from '../src/engine/ids.ts';
import type { Clock, Runtime } from '../src/engine/runtime.ts';
import { createTurns } from '../src/engine/turns.ts';
import type { Matter, Role } from '../src/engine/types.ts';
import { createWorker, type Worker } from '../src/engine/worker.ts';
import { buildApp } from '../src/http/app.ts';
import { digestToken } from '../src/http/auth.ts';
import { openLog } from '../src/log/open.ts';
import type { Publisher } from '../src/log/publisher.ts';
import { loadMatters } from '../src/machines/index.ts';
import { createSimulator, type Simulator } from '../src/providers/simulator/index.ts';
import type { PersonSample } from '../src/providers/simulator/people-samples.ts';
import { createFileStore } from '../src/vault/files.ts';
import { loadKeys } from '../src/vault/keys.ts';
import { createVault } from '../src/vault/vault.ts';

/** Monday, 23 November 2026, 10:00 in China. */
const START = '2026-11-23T02:00:00.000Z';

export interface HandClock extends Clock {
  /** Moves time; what was asked for meanwhile is called at its own moment, in order. */
  move(ms: number): void;
}

export function createHandClock(start = START): HandClock {
  let now = Date.parse(start);
  const waiting = new Set<{ at: number; callback: () => void }>();
  const nextUntil = (end: number) =>
    [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, callback) {
      // No time needs to pass: it comes round by itself, as setTimeout(0) does.
      if (ms <= 0) {
        const soon = setImmediate(callback);
        return () => clearImmediate(soon);
      }
      const one = { at: now + ms, callback };
      waiting.add(one);
      return () => waiting.delete(one);
    },
    move(ms) {
      const end = now + ms;
      for (let next = nextUntil(end); next; next = nextUntil(end)) {
        waiting.delete(next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
  };
}

export interface TestAppOptions {
  /** The real ones when left out. */
  matters?: Matter[];
  clock?: HandClock;
  /** Keeps database, simulator, key and files there, for a restart or a look at the bytes; in memory when left out. */
  folder?: string;
  /** Who lives in the simulators' world; the samples when left out. */
  people?: readonly PersonSample[];
  hotCases?: number;
  maxAtOnce?: number;
  ratePerMinute?: number;
  identityPerHour?: number;
  smsPerHour?: number;
  logLevel?: string;
  /** The folder of the built pages; none are served when left out. */
  pages?: string;
}

export interface TestApp {
  app: FastifyInstance;
  runtime: Runtime;
  worker: Worker;
  clock: HandClock;
  simulator: Simulator;
  /** It publishes when it is asked to, as for a receipt. */
  publisher: Publisher;
  /** Where the key and the files are, and the databases when a folder was asked for. */
  folder: string;
  /** What was logged, line by line. */
  log: string[];
  /** Moves time and does what is due then, until nothing more is, or what runs waits for time itself. */
  advance(ms: number): Promise<void>;
  /** Lets what is under way go on until this holds; time stands still. */
  until(holds: () => unknown): Promise<void>;
  /** A bearer token of staff. */
  staff(role: Role): Promise<TestClient>;
  /** A fresh session; with a profile unless told otherwise. */
  person(options?: { profile?: boolean }): Promise<TestClient>;
  /** Nobody in particular: no token. */
  anyone: TestClient;
  /** Ends it as a stopped server does; a folder that was given stays. */
  close(): Promise<void>;
}

/** Lets everything run that waits for nothing outside: promises, the in-memory providers. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The whole service without a port: calls go through `inject`, time is moved by hand. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = options.clock ?? createHandClock();
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'banjian-'));
  const fileOf = (name: string) => (options.folder === undefined ? ':memory:' : join(folder, name));
  const keys = loadKeys(join(folder, 'banjian.key'), () => clock.now());
  const vault = createVault(keys);
  const store = openStore(fileOf('banjian.db'));
  const simulator = createSimulator({
    file: fileOf('simulator.db'),
    key: keys.derive('simulator'),
    clock,
    delay: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    baseUrl: 'http://127.0.0.1:3000',
    people: options.people,
  });
  const log: string[] = [];
  const runtime: Runtime = {
    store,
    vault,
    matters: await mattersOf(options, simulator),
    clock,
    bus: createBus(),
    hot: createHotCases(options.hotCases ?? 1_000),
    turns: createTurns(),
    waiting: { count: 0 },
    owner: newId(),
    log: { warn: () => {}, error: () => {} },
    startTasks: (tasks) => worker.run(tasks),
  };
  const worker = createWorker(runtime);
  const files = createFileStore(join(folder, 'files'), vault);
  const publisher = await openLog({
    folder: join(folder, 'log'),
    source: store,
    clock,
    log: { warn: () => {}, error: () => {} },
    key: { file: join(folder, 'keys', 'log.json'), origin: 'banjian.local/log', sm2: false },
  });
  const app = await buildApp(
    { runtime, files, publisher, simulator: simulator.control, pages: options.pages },
    {
      log: { level: options.logLevel ?? 'info', stream: { write: (line) => void log.push(line) } },
      trustProxy: false,
      ratePerMinute: options.ratePerMinute ?? 1_000_000,
      maxAtOnce: options.maxAtOnce ?? 512,
    },
  );
  runtime.log = app.log;
  await store.releaseLeases();

  return {
    app,
    runtime,
    worker,
    clock,
    simulator,
    publisher,
    folder,
    log,
    anyone: clientOf(app, undefined),
    async advance(ms) {
      clock.move(ms);
      await orUntilItWaits(worker.idle());
      while (((await orUntilItWaits(worker.tick())) ?? 0) > 0);
    },
    async until(holds) {
      for (let turn = 0; turn < 10_000; turn++) {
        if (await holds()) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error('it never came to that');
    },
    async staff(role) {
      const token = newToken();
      const createdAt = new Date(clock.now()).toISOString();
      await store.createToken({ id: newId(), role, name: role, digest: digestToken(token), createdAt });
      return clientOf(app, token);
    },
    async person({ profile = true } = {}) {
      const answer = await clientOf(app, undefined).post('/v1/sessions', { channel: 'web' });
      const client = clientOf(app, answer.json<{ token: string }>().token);
      if (profile) await makeProfile(client);
      return client;
    },
    async close() {
      await app.close();
      const stopping = worker.stop(0);
      clock.move(0);
      await stopping;
      await publisher.stop();
      simulator.close();
      await store.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Undefined when the work does not end by itself: then it waits for time to be moved, and so would we. */
async function orUntilItWaits<T>(work: Promise<T>): Promise<T | undefined> {
  let done: { value: T } | undefined;
  const ending = work.then((value) => {
    done = { value };
  });
  for (let turn = 0; turn < 1_000 && !done; turn++) {
    await Promise.race([ending, new Promise((resolve) => setImmediate(resolve))]);
  }
  return done?.value;
}

async function mattersOf({ matters, identityPerHour, smsPerHour }: TestAppOptions, { providers }: Simulator) {
  if (matters) return new Map(matters.map((matter) => [matter.id, matter]));
  return loadMatters(providers, {
    identityPerHour: identityPerHour ?? 10_000,
    smsPerHour: smsPerHour ?? 10_000,
  });
}

async function makeProfile(client: TestClient): Promise<void> {
  await client.put('/v1/me/profile', { nickname: '小林' });
  await client.upload('PUT', '/v1/me/avatar', {}, { name: 'avatar.png', bytes: png() });
}

type Headers = Record<string, string>;

export interface TestClient {
  token: string | undefined;
  get(path: string, headers?: Headers): Promise<LightMyRequestResponse>;
  post(path: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  put(path: string, body?: unknown, headers?: Headers): Promise<LightMyRequestResponse>;
  delete(path: string, headers?: Headers): Promise<LightMyRequestResponse>;
  upload(
    method: 'POST' | 'PUT',
    path: string,
    fields: Record<string, string>,
    file?: { name: string; bytes: Buffer; type?: string },
    headers?: Headers,
  ): Promise<LightMyRequestResponse>;
}

export function clientOf(app: FastifyInstance, token: string | undefined): TestClient {
  const own = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    headers: Headers = {},
    body?: unknown,
  ) =>
    app.inject({
      method,
      url,
      headers: {
        ...own,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    token,
    get: (path, headers) => send('GET', path, headers),
    post: (path, body, headers) => send('POST', path, headers, body),
    put: (path, body, headers) => send('PUT', path, headers, body),
    delete: (path, headers) => send('DELETE', path, headers),
    upload: (method, url, fields, file, headers) => {
      const { payload, type } = multipart(fields, file);
      return app.inject({ method, url, payload, headers: { ...own, 'content-type': type, ...headers } });
    },
  };
}

/** A multipart body, fields first. */
function multipart(
  fields: Record<string, string>,
  file?: { name: string; bytes: Buffer; type?: string },
): { payload: Buffer; type: string } {
  const boundary = '----banjian';
  const part = (head: string, body: Buffer) =>
    Buffer.concat([Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), body, Buffer.from('\r\n')]);
  const parts = Object.entries(fields).map(([name, value]) =>
    part(`Content-Disposition: form-data; name="${name}"`, Buffer.from(value)),
  );
  if (file) {
    const disposition = `Content-Disposition: form-data; name="file"; filename="${file.name}"`;
    parts.push(part(`${disposition}\r\nContent-Type: ${file.type ?? 'image/png'}`, file.bytes));
  }
  const payload = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { payload, type: `multipart/form-data; boundary=${boundary}` };
}

/** The smallest picture there is. */
export function png(): Buffer {
  return Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
}
