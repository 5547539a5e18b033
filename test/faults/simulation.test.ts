import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { isFull, sized } from './scale.ts';
import { choicesAgain, choicesOf } from './simulation/choices.ts';
import { createStage, type Stage } from './simulation/outside.ts';
import { type Plant, plants } from './simulation/plants.ts';
import { type Outcome, simulate } from './simulation/run.ts';
import { shrink } from './simulation/shrink.ts';
import { type Report, runSeeds } from './simulation/threads.ts';

/** `SIMULATION_SEED=123 npx vitest run test/faults/simulation.test.ts` makes one run again and prints what happened in it. */
const wanted = process.env.SIMULATION_SEED;

/** Seeds that found something. Whoever changes what a seed decides makes them seeds like any other. */
const SEEDS = [10_501, 11_498, 11_990, 21_745];
const THREADS = 2;
/** On as many cores as there are threads, when nobody else wants them. */
const FULL_MINUTES = 3;
/** A planted fault must show itself in one of the first so many seeds. */
const WITHIN = 60;
/** A machine with much else to do takes its time. */
const patient = { timeout: sized(120_000, 40 * 60_000) };

/** What 10,000 runs come through at least once; a simulation in which nothing happens would break no promise either. */
const EVERYTHING = [
  ...names('commit', ['committed', 'seq-taken', 'key-used', 'claim-taken', 'limited', 'task-gone']),
  ...names('refused:', ['case-not-found', 'event-not-allowed', 'idempotency-mismatch', 'version-conflict']),
  ...names('refused:', ['case-open-already', 'too-many-requests', 'storage-unavailable', 'SqliteError']),
  ...names('entry', ['job.resume', 'snooze.over', 'case.retry', 'registration.submit', 'form.submit']),
  ...names('entry xstate.done.actor.', ['inspect', 'reserve', 'createAccount', 'fileDeregistration']),
  ...names('entry xstate.error.actor.', ['inspect', 'reserve', 'findPerson', 'fileDeregistration']),
  ...names('store:', ['failed', 'done, but failed']),
  ...names('request:', ['lost with its process', 'sent again']),
  ...names('answer:', ['settled', 'under way']),
  ...names('outside:', [
    'failed',
    'failed after',
    'silent',
    'silent after',
    'late',
    'asked again under its key',
  ]),
  ...names('read', ['now', 'as of']),
  ...names('', [
    'refusal',
    'refusal taken',
    'writes together',
    'crash',
    'stop',
    'claiming failed',
    'task failed',
  ]),
];

function names(kind: string, what: string[]): string[] {
  return what.map((each) => (kind === '' || kind.endsWith('.') ? `${kind}${each}` : `${kind} ${each}`));
}

const count = sized(200, 10_000);
const first = randomInt(2 ** 32 - count);

let stage: Stage;
/** Runs of fresh seeds, in threads of their own. */
let fresh: Promise<Report>;
beforeAll(async () => {
  if (wanted === undefined) fresh = runSeeds(first, count, THREADS);
  stage = await createStage();
});

function run(seed: number, plant: Plant = {}): Promise<Outcome> {
  return simulate(stage, choicesOf(seed), plant);
}

/** The first seed that breaks something, with what it broke. */
async function findBreak(plant: Plant): Promise<{ seed: number; outcome: Outcome }> {
  for (let seed = 1; seed <= WITHIN; seed++) {
    const outcome = await run(seed, plant);
    if (outcome.broken) return { seed, outcome };
  }
  throw new Error(`nothing found in ${WITHIN} seeds`);
}

/** What a person needs who is to find out why: the run, as short as it can be made. */
async function tell(seed: number): Promise<string> {
  const outcome = await run(seed);
  const short = outcome.broken ? await shrink(stage, outcome, {}, sized(50, 500)) : outcome;
  const title = `seed ${seed}, ${short.trace.length} of ${outcome.trace.length} lines: ${short.broken?.promise ?? 'holds'}`;
  return [title, ...short.trace, short.broken?.detail ?? ''].join('\n');
}

describe.runIf(wanted !== undefined)('one seed', () => {
  it(`${wanted} breaks no promise`, patient, async () => {
    const outcome = await run(Number(wanted));
    console.log(outcome.trace.join('\n'), '\ndigest', outcome.digest);
    if (outcome.broken) console.log(await tell(Number(wanted)));
    expect(outcome.broken).toBeUndefined();
  });
});

describe.skipIf(wanted !== undefined)(
  'whatever the order of things, and whatever fails between them,',
  () => {
    it('no promise breaks, in runs of fresh seeds', patient, async () => {
      const { broken, seeds, steps, seconds, cpuSeconds, counts } = await fresh;
      const cost = `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time`;
      console.log(`simulation: seeds ${first} to ${first + count - 1}, ${steps} steps, ${cost}`);
      const [worst] = broken;
      if (worst) console.log(await tell(worst.seed));
      expect(broken).toEqual([]);
      expect(seeds).toBe(count);
      if (!isFull) return;
      console.log(describeCounts(counts));
      expect(EVERYTHING.filter((what) => !counts.has(what))).toEqual([]);
      expect(cpuSeconds / THREADS).toBeLessThan(FULL_MINUTES * 60);
    });

    it.each(SEEDS)('nor in seed %i, which found something before', patient, async (seed) => {
      expect((await run(seed)).broken).toBeUndefined();
    });
  },
);

function describeCounts(counts: Map<string, number>): string {
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([what, times]) => `${times} × ${what}`).join('\n');
}

describe.skipIf(wanted !== undefined)('a seed', () => {
  it('makes the same run again, to the last line, in another thread too', patient, async () => {
    const there = new Map((await fresh).digests);
    const seeds = Array.from({ length: sized(10, 200) }, (_, at) => first + at);
    const digests: string[] = [];
    for (const seed of seeds) digests.push((await run(seed)).digest);
    for (const [at, seed] of seeds.entries()) expect((await run(seed)).digest).toBe(digests[at]);
    expect(seeds.map((seed) => there.get(seed))).toEqual(digests);
    expect(new Set(there.values()).size).toBeGreaterThan(0.99 * count);
  });

  it('control: a run in which anything but the seed has a say is told apart', patient, async () => {
    const digests = new Set<string>();
    for (let times = 0; times < 5; times++) {
      digests.add((await run(1, { noise: () => randomInt(2) === 0 })).digest);
    }
    expect(digests.size).toBeGreaterThan(1);
  });

  it('makes its run again from what it chose, and a failing run can be made shorter', patient, async () => {
    const plant = plants['a result that leaves its task behind'] ?? {};
    const { outcome } = await findBreak(plant);
    expect((await simulate(stage, choicesAgain(outcome.choices), plant)).digest).toBe(outcome.digest);
    const short = await shrink(stage, outcome, plant, 40);
    expect(short.broken?.promise).toBe(outcome.broken?.promise);
    expect(short.trace.length).toBeLessThan(outcome.trace.length);
    expect((await simulate(stage, choicesAgain(short.choices), plant)).digest).toBe(short.digest);
  });
});

describe.skipIf(wanted !== undefined)(`control: found within ${WITHIN} seeds is`, () => {
  it.each(Object.entries(plants))('%s', patient, async (_, plant) => {
    const { seed, outcome } = await findBreak(plant);
    expect(plant.breaks).toContain(outcome.broken?.promise);
    const again = await run(seed, plant);
    expect([again.digest, again.broken]).toEqual([outcome.digest, outcome.broken]);
    expect((await run(seed)).broken).toBeUndefined();
  });
});
