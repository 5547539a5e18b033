import { parentPort, workerData } from 'node:worker_threads';
import { choicesOf } from './choices.ts';
import { createStage } from './outside.ts';
import { simulate } from './run.ts';
import type { Portion, Report } from './threads.ts';

/** Runs its portion of the seeds, one after the other, and says what came of it. */
const { from, to, stride } = workerData as Portion;
const stage = await createStage();
const report: Report = {
  seeds: 0,
  steps: 0,
  seconds: 0,
  cpuSeconds: 0,
  counts: new Map(),
  digests: [],
  broken: [],
};
for (let seed = from; seed < to; seed += stride) {
  const { broken, steps, digest, counts } = await simulate(stage, choicesOf(seed % 2 ** 32));
  report.seeds++;
  report.digests.push([seed, digest]);
  report.steps += steps;
  for (const [what, times] of counts) report.counts.set(what, (report.counts.get(what) ?? 0) + times);
  if (broken) report.broken.push({ seed, digest, ...broken });
}
report.seconds = performance.now() / 1000;
const { user, system } = process.threadCpuUsage();
report.cpuSeconds = (user + system) / 1_000_000;
parentPort?.postMessage(report);
