import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { openStore, openStoreToRead } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { newId, newToken } from '../../src/engine/ids.ts';
import { digestToken } from '../../src/http/auth.ts';
import { loadMatters } from '../../src/machines/index.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault, type Vault } from '../../src/vault/vault.ts';
import { startTestApp, turn } from '../helpers.ts';
import type { Connection } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { MATTER } from '../load/walker.ts';
import { noProviders } from '../machines/no-providers.ts';
import type { Evidence } from './checker.ts';
import type { Operation } from './checker-record.ts';
import type { History } from './checker-truth.ts';
import { type Load, putLoad } from './concurrency-load.ts';
import { createRandom, type Random } from './concurrency-moves.ts';
import { startServerProcess } from './server.ts';

/** Fewer than there are, so that some have to be read again. */
const HOT_CASES = 3;

export type LoadSize = Pick<Load, 'cases' | 'operations' | 'seed' | 'waitSeconds'>;

/** A fault put around the product: between it and its store, or between it and its clients. */
export interface Plant {
  store?: (store: Store) => Store;
  connection?: () => (connection: Connection) => Connection;
}

/** A run against a server in this process, so that faults can be planted; answers still come through sockets. */
export async function runInProcess(size: LoadSize, plant: Plant = {}, folder?: string): Promise<Evidence> {
  const clock = { ...systemClock, move: () => {} };
  const kit = await startTestApp({
    clock,
    people: inventPeople(size.cases),
    hotCases: HOT_CASES,
    ...(folder ? { folder } : {}),
  });
  try {
    const { runtime } = kit;
    runtime.store = lettingOthersIn(plant.store?.(runtime.store) ?? runtime.store, createRandom(size.seed));
    const auditor = (await kit.staff('auditor')).token ?? '';
    const url = await kit.app.listen({ host: '127.0.0.1', port: 0 });
    const operations = await putLoad({ ...size, url, auditor, wrap: plant.connection?.() });
    await kit.worker.idle();
    return await gather(operations, runtime.store, runtime.vault);
  } finally {
    await kit.close();
  }
}

/** Lets others in before and after each call, as a store does that waits for a disk or a network. */
function lettingOthersIn(store: Store, random: Random): Store {
  const pause = async () => {
    for (let turns = random.below(4); turns > 0; turns--) await turn();
  };
  const slow =
    (call: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      await pause();
      const result = await call(...args);
      await pause();
      return result;
    };
  const parts = Object.entries(store).map(([name, part]) => [
    name,
    typeof part === 'function' ? slow(part) : part,
  ]);
  return Object.fromEntries(parts);
}

/** A run against a server of its own, which is then killed: what stands is read from its file. */
export async function runOnServer(size: LoadSize): Promise<Evidence> {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-concurrency-'));
  try {
    const auditor = await createAuditor(join(folder, 'banjian.db'));
    const operations = await loadServer(folder, size, auditor);
    return await gatherFrom(folder, operations);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadServer(folder: string, size: LoadSize, auditor: string): Promise<Operation[]> {
  const env = { BANJIAN_SMS_PER_HOUR: '1000000' };
  const server = await startServerProcess({ folder, people: size.cases, env });
  try {
    return await putLoad({ ...size, url: server.url, auditor });
  } finally {
    await server.kill('SIGKILL');
  }
}

async function gatherFrom(folder: string, operations: Operation[]): Promise<Evidence> {
  const store = openStoreToRead(join(folder, 'banjian.db'));
  try {
    return await gather(operations, store, createVault(loadKeys(join(folder, 'banjian.key'))));
  } finally {
    await store.close();
  }
}

async function createAuditor(file: string): Promise<string> {
  const store = openStore(file);
  const token = newToken();
  const createdAt = new Date().toISOString();
  await store.createToken({
    id: newId(),
    role: 'auditor',
    name: 'checker',
    digest: digestToken(token),
    createdAt,
  });
  await store.close();
  return token;
}

/** What was asked and answered, and what stands: nothing else goes into the judgement. */
export async function gather(operations: Operation[], store: Store, vault: Vault): Promise<Evidence> {
  const matters = await loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 });
  const matter = matters.get(MATTER);
  if (!matter) throw new Error(`no ${MATTER}`);
  const ids = new Set(operations.map(({ caseId }) => caseId).filter((id) => id !== ''));
  const histories = await Promise.all([...ids].map((caseId) => readHistory(store, caseId)));
  return {
    operations,
    histories: histories.filter(({ entries, row }) => row !== undefined || entries.length > 0),
    matter,
    digestKey: (scope, key) => vault.digestOf('idempotency', `${scope}\0${key}`),
  };
}

async function readHistory(store: Store, caseId: string): Promise<History> {
  return { caseId, entries: await store.readEntries(caseId, 'accepted'), row: await store.findCase(caseId) };
}
