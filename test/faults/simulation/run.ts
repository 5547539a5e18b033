import { createHash } from 'node:crypto';
import type { Choices } from './choices.ts';
import { nobodyWaits } from './clients.ts';
import { createWorld } from './create-world.ts';
import { bringToAnEnd, takeHeadStart } from './ends.ts';
import { next } from './next.ts';
import type { Stage } from './outside.ts';
import type { Plant } from './plants.ts';
import { startProcess } from './processes.ts';
import { take } from './take.ts';
import { type Break, say, type World } from './world.ts';

/** What a run came to. The same choices come to the same, digest and all. */
export interface Outcome {
  broken: Break | undefined;
  steps: number;
  digest: string;
  trace: string[];
  counts: Map<string, number>;
  choices: number[];
}

/** Longer than this nothing goes wrong; then the end is brought about. */
const STEPS = 450;

/** One run: what happens, in which order and what fails of it is all drawn from these choices. */
export async function simulate(stage: Stage, choices: Choices, plant: Plant = {}): Promise<Outcome> {
  // A test that ran out of time may still be at it.
  if (stage.current) throw new Error('the stage is taken: one run after the other');
  const world = await createWorld(stage, choices, plant);
  stage.current = world;
  try {
    await live(world);
  } finally {
    stage.current = undefined;
    await world.truth.close();
  }
  const trace = world.trace;
  const digest = createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16);
  return {
    broken: world.broken,
    steps: world.step,
    digest,
    trace,
    counts: world.counts,
    choices: choices.made(),
  };
}

async function live(world: World): Promise<void> {
  const { profile } = world;
  say(world, JSON.stringify(profile));
  startProcess(world, 'A');
  if (profile.processes > 1) startProcess(world, 'B');
  if (profile.matters !== 'job') await takeHeadStart(world);
  for (let left = STEPS; left > 0 && !isOver(world); left--) await take(world, next);
  await bringToAnEnd(world);
}

function isOver(world: World): boolean {
  return (
    world.broken !== undefined || (world.requests.length >= world.profile.requests && nobodyWaits(world))
  );
}
