import { createBus } from '../../../src/engine/bus.ts';
import { createHotCases } from '../../../src/engine/hot.ts';
import type { Log, Runtime } from '../../../src/engine/runtime.ts';
import { createTurns } from '../../../src/engine/turns.ts';
import { createWorker } from '../../../src/engine/worker.ts';
import { faultyStore } from './faulty-store.ts';
import { mattersOf } from './outside.ts';
import { loseRequests } from './requests.ts';
import { blame, count, type Process, say, type World } from './world.ts';

/** As `main.ts` waits for work outside when it stops. */
const PATIENCE_MS = 5_000;

/** Faults that were made, and what the engine itself calls a fault of a provider. */
const EXPECTED = new Set(['SqliteError', 'Problem', 'ProviderDown', 'TimeoutError']);

/** A process over the same database, as `main.ts` puts one together: leases first, then its worker. */
export function startProcess(world: World, place: string): void {
  const name = `${place}${1 + (world.counts.get(`starts ${place}`) ?? 0)}`;
  count(world, `starts ${place}`);
  say(world, `${name} starts`);
  const ahead = place === 'A' ? 0 : world.profile.aheadMs;
  const store = faultyStore(world, name);
  const runtime = createRuntime(world, {
    store: world.plant.belief?.(store) ?? store,
    matters: mattersOf(world, name),
    clock: world.time.clockOf(name, ahead),
    hot: createHotCases(world.profile.hotCases),
    owner: name,
    log: logOf(world, name),
    startTasks: (tasks) => worker.run(tasks),
  });
  const worker = createWorker(runtime);
  const process: Process = { name, place, runtime, worker, listens: false };
  world.processes.set(place, process);
  runtime.store.releaseLeases().then(
    () => {
      worker.start();
      process.listens = true;
    },
    // A server that cannot do this does not start.
    () => crash(world, process),
  );
}

type Own = Pick<Runtime, 'store' | 'matters' | 'clock' | 'hot' | 'owner' | 'log' | 'startTasks'>;

function createRuntime({ vault }: Pick<World, 'vault'>, own: Own): Runtime {
  return { ...own, vault, bus: createBus(), turns: createTurns(), waiting: { count: 0 } };
}

export function createObserver(given: Pick<World, 'vault' | 'truth' | 'matters' | 'time'>): Runtime {
  const quiet = () => {};
  return createRuntime(given, {
    store: given.truth,
    matters: given.matters,
    clock: given.time.clockOf('observer', 0),
    hot: createHotCases(0),
    owner: 'observer',
    log: { warn: quiet, error: quiet },
    startTasks: quiet,
  });
}

/** Everything in flight is gone, answers with it; what the database took stands. */
export function crash(world: World, process: Process): void {
  say(world, `${process.name} is gone`);
  count(world, 'crash');
  process.listens = false;
  world.schedule.forget(process.name);
  world.time.forget(process.name);
  loseRequests(world, process.name);
  world.processes.set(process.place, undefined);
}

/** As on a signal: no more requests, a while for what runs, then the end. */
export function stop(world: World, process: Process): void {
  say(world, `${process.name} stops`);
  count(world, 'stop');
  process.listens = false;
  void process.worker.stop(PATIENCE_MS).then(() => crash(world, process));
}

function logOf(world: World, process: string): Log {
  const write = (level: 'warn' | 'error') => (fields: Record<string, string | number>, message: string) => {
    say(world, `${process} ${message}: ${fields.task ?? ''} ${fields.fault}`);
    count(world, message);
    if (!EXPECTED.has(String(fields.fault))) {
      blame(world, 'nothing fails but what was made to fail', `${level} ${message}: ${fields.fault}`);
    }
  };
  return { warn: write('warn'), error: write('error') };
}
