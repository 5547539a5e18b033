import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { openStore } from './db/open.ts';
import { createBus } from './engine/bus.ts';
import { forgetErased } from './engine/forget.ts';
import { createHotCases } from './engine/hot.ts';
import { newId } from './engine/ids.ts';
import { indexOldCases } from './engine/index-of.ts';
import { wordsOnOldKey } from './engine/key-age.ts';
import { type Clock, findMatter, type Runtime } from './engine/runtime.ts';
import { refuseStranded, WAITING } from './engine/stranded.ts';
import { createTurns } from './engine/turns.ts';
import type { Matter } from './engine/types.ts';
import { createWorker } from './engine/worker.ts';
import { buildApp } from './http/app.ts';
import { createLog } from './http/log.ts';
import { lockFolder } from './lock.ts';
import { openLog } from './log/open.ts';
import { openVerifiers } from './log/signatures.ts';
import { createWitnesses, type Witness } from './log/witnesses.ts';
import { loadMatters } from './machines/index.ts';
import { createSimulator } from './providers/simulator/index.ts';
import type { PersonSample } from './providers/simulator/people-samples.ts';
import type { Providers } from './providers/types.ts';
import { createFileStore } from './vault/files.ts';
import { loadKeys } from './vault/keys.ts';
import { createVault } from './vault/vault.ts';

export interface Server {
  /** Where it listens: http://host:port. */
  address: string;
  /** Stops in the reverse order of starting; what is under way is finished. */
  stop(): Promise<void>;
  /** Settles when the disk has failed: the process must end, for only a new start can tell what is on it. */
  failed: Promise<Error>;
}

/** What a test or a measurement stands in for; nothing of it can be set from outside the process. */
export interface StartOptions {
  clock?: Clock;
  /** Instead of those in src/machines/. */
  matters?: Map<string, Matter>;
  /** Instead of the simulators. */
  providers?: Providers;
  /** Who lives in the simulators' world. */
  people?: readonly PersonSample[];
}

/** Where `npm run build` puts them. */
const PAGES = fileURLToPath(new URL('../dist/web', import.meta.url));

/** Work outside may take this long to end while the server stops; what does not is taken up again at the next start. */
const PATIENCE_MS = 5_000;

/** Wiring only: config → keys → store → public log → providers → matters → worker → app → listen. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<Server> {
  const clock = options.clock ?? systemClock;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  try {
    undo.push(lockFolder(config.dataDir));
    const keys = loadKeys(config.keyFile, () => clock.now());
    const vault = createVault(keys);
    const store = openStore(join(config.dataDir, 'banjian.db'));
    undo.push(() => store.close());
    const log = createLog();
    const publisher = await openLog({
      folder: join(config.dataDir, 'log'),
      source: store,
      clock,
      log,
      key: { file: config.logKeyFile, origin: config.logOrigin, sm2: config.logSm2 },
    });
    undo.push(() => publisher.stop());
    const witnesses = createWitnesses({ witnesses: await openWitnesses(config), publisher, clock, log });
    undo.push(() => witnesses.stop());
    let baseUrl = config.publicUrl ?? '';
    const simulator = createSimulator({
      file: join(config.dataDir, 'simulator.db'),
      key: keys.derive('simulator'),
      clock,
      delay: (ms, signal) => delay(ms, undefined, { signal }),
      baseUrl: () => baseUrl,
      people: options.people,
    });
    undo.push(() => simulator.close());
    const { identityPerHour, smsPerHour } = config;
    const limits = { identityPerHour, smsPerHour };
    const matters = options.matters ?? (await loadMatters(options.providers ?? simulator.providers, limits));
    const waiting = await refuseStranded(store, matters);
    const runtime: Runtime = {
      store,
      vault,
      matters,
      clock,
      bus: createBus(),
      hot: createHotCases(config.hotCases),
      turns: createTurns(),
      waiting: { count: 0 },
      owner: newId(),
      log,
      startTasks: (tasks) => worker.run(tasks),
    };
    const worker = createWorker(runtime);
    const files = createFileStore(join(config.dataDir, 'files'), vault);
    const app = await buildApp(
      {
        runtime,
        files,
        publisher,
        simulator: options.providers ? undefined : simulator.control,
        pages: PAGES,
      },
      {
        log: { level: config.logLevel, stream: process.stderr },
        trustProxy: config.trustProxy,
        ratePerMinute: config.ratePerMinute,
        maxAtOnce: config.maxAtOnce,
      },
    );
    log.writeTo(app.log);
    for (const each of waiting) log.warn({ matter: each.matter, version: each.machine.version }, WAITING);
    const oldKey = wordsOnOldKey(vault, clock.now());
    if (oldKey) log.warn({}, oldKey);
    await store.releaseLeases();
    await indexOldCases(store, (machine) => findMatter(runtime, { matter: machine.id, machine }));
    undo.push(forgetErased(runtime));
    undo.push(() => worker.stop(PATIENCE_MS));
    undo.push(() => app.close());
    const address = await app.listen({ host: config.host, port: config.port });
    baseUrl ||= address;
    worker.start();
    publisher.start(() => witnesses.ask());
    return { address, stop, failed: store.failed };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openWitnesses({ logWitnesses }: Config): Promise<Witness[]> {
  const verifiers = await openVerifiers(logWitnesses.map(({ vkey }) => vkey));
  return verifiers.map((verifier, at) => ({ url: logWitnesses[at]?.url ?? '', verifier }));
}
