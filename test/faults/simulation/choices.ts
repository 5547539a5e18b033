/** Where every choice of a run comes from. Its answers are all that one run can differ from another in. */
export interface Choices {
  /** A whole number from 0 to n − 1. 0 is always the plainest choice, so that a run of fewer choices is a plainer run. */
  pick: (n: number) => number;
  /** Whether something that happens in so many of a hundred cases happens now. */
  chance: (percent: number) => boolean;
  oneOf: <T>(list: readonly [T, ...T[]]) => T;
  /** One of several by weight, the plainest first. */
  weigh: <T>(options: readonly (readonly [weight: number, value: T])[]) => T;
  /** What was picked so far: played again, it makes the same run. */
  made: () => number[];
}

/** The choices of a seed: any whole number below 2³². */
export function choicesOf(seed: number): Choices {
  return createChoices(generatorOf(seed));
}

/** Recorded choices again; when they run out, the plainest. */
export function choicesAgain(recorded: readonly number[]): Choices {
  let at = 0;
  return createChoices(() => recorded[at++] ?? 0);
}

function createChoices(next: () => number): Choices {
  const made: number[] = [];
  function pick(n: number): number {
    const value = next() % n;
    made.push(value);
    return value;
  }
  return {
    pick,
    chance: (percent) => percent > 0 && pick(100) >= 100 - percent,
    oneOf: (list) => list[pick(list.length)] ?? list[0],
    weigh(options) {
      let left = pick(options.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of options) {
        if (left < weight) return value;
        left -= weight;
      }
      throw new Error('nothing to choose from');
    },
    made: () => made,
  };
}

/** Mulberry32: one multiplication chain a number, good enough to spread choices, and the same on every machine. */
function generatorOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
