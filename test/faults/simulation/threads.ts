import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Break } from './world.ts';

/** Every `stride`-th seed. */
export interface Portion {
  from: number;
  to: number;
  stride: number;
}

export interface Report {
  seeds: number;
  steps: number;
  seconds: number;
  /** What it cost, however many others wanted the processor at the time. */
  cpuSeconds: number;
  /** How often what happened. */
  counts: Map<string, number>;
  /** What each seed came to. */
  digests: [seed: number, digest: string][];
  broken: (Break & { seed: number; digest: string })[];
}

/** So many seeds from the first, shared between threads. */
export async function runSeeds(first: number, count: number, threads: number): Promise<Report> {
  const portions = Array.from({ length: threads }, (_, at) => ({
    from: first + at,
    to: first + count,
    stride: threads,
  }));
  return (await Promise.all(portions.map(runPortion))).reduce(add);
}

async function runPortion(portion: Portion): Promise<Report> {
  // The tests' own loaders stay out: Node runs these files as they are.
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: portion, execArgv: [] });
  try {
    const [report] = (await once(worker, 'message')) as [Report];
    return report;
  } finally {
    await worker.terminate();
  }
}

function add(one: Report, other: Report): Report {
  const counts = new Map(one.counts);
  for (const [what, times] of other.counts) counts.set(what, (counts.get(what) ?? 0) + times);
  return {
    seeds: one.seeds + other.seeds,
    steps: one.steps + other.steps,
    seconds: Math.max(one.seconds, other.seconds),
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    counts,
    digests: [...one.digests, ...other.digests],
    broken: [...one.broken, ...other.broken].toSorted((a, b) => a.step - b.step),
  };
}
