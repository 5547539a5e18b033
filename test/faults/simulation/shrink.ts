import { choicesAgain } from './choices.ts';
import type { Stage } from './outside.ts';
import type { Plant } from './plants.ts';
import { type Outcome, simulate } from './run.ts';

/** Looks for a shorter run that breaks the same promise: choices left out, then made plain. */
export async function shrink(stage: Stage, found: Outcome, plant: Plant, tries: number): Promise<Outcome> {
  let best = found;
  let left = tries;

  async function attempt(choices: number[]): Promise<boolean> {
    left--;
    const outcome = await simulate(stage, choicesAgain(choices), plant);
    const better = outcome.broken?.promise === found.broken?.promise && isSmaller(outcome, best);
    if (better) best = outcome;
    return better;
  }

  for (let size = best.choices.length >> 1; size > 0 && left > 0; size >>= 1) {
    for (let at = 0; at < best.choices.length && left > 0; ) {
      const { choices } = best;
      const without = choices.toSpliced(at, size);
      const plain = choices.with(at, 0);
      const done = (await attempt(without)) || (size === 1 && choices[at] !== 0 && (await attempt(plain)));
      if (!done) at += size;
    }
  }
  return best;
}

function isSmaller(one: Outcome, other: Outcome): boolean {
  if (one.trace.length !== other.trace.length) return one.trace.length < other.trace.length;
  return sum(one.choices) < sum(other.choices);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
