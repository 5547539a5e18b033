import type { Choices } from './choices.ts';

/**
 * What may happen in a run. Not everything in each: a run without crashes gets further, one without failing stores shows
 * what only lost answers do.
 */
export interface Profile {
  processes: 1 | 2;
  people: number;
  /** Which matters people open: the one made for this, the real one, or both. */
  matters: 'job' | 'real' | 'both';
  /** Requests that people make, repeats not counted. */
  requests: number;
  /** Events of the real matter's plain way that are done before anything goes wrong. */
  headStart: number;
  /** How often something else than the oldest thing under way comes first, of a hundred. */
  shuffled: number;
  /** Requests that may be under way at once. */
  atOnce: number;
  /** Cases a process keeps in memory. */
  hotCases: number;
  /** How often an answer of the store, or of a provider, comes some time after the work was done. */
  slow: number;
  /** How often the store fails, before the work or after it. */
  storeFails: number;
  providerFails: number;
  providerSilent: number;
  /** Weights among what may happen next. */
  crashes: number;
  stops: number;
  timeMoves: number;
  /** How often a request comes twice, of a hundred. */
  repeats: number;
  /** How often somebody tries what is not theirs to try. */
  mischief: number;
  /** How far the second process's clock is ahead of the first's. */
  aheadMs: number;
}

export function drawProfile({ pick, chance, oneOf }: Choices): Profile {
  const sometimes = <const T extends number>(value: T) => (chance(50) ? value : 0);
  return {
    processes: chance(40) ? 2 : 1,
    people: oneOf([1, 1, 2, 3]),
    matters: oneOf(['job', 'job', 'real', 'both']),
    requests: 4 + pick(8),
    headStart: oneOf([0, 0, 0, 5, 10, 16]),
    shuffled: oneOf([0, 15, 50, 100]),
    hotCases: oneOf([1_000, 1, 0]),
    atOnce: oneOf([2, 3, 5]),
    slow: oneOf([0, 10, 40]),
    storeFails: oneOf([0, 0, 3, 12]),
    providerFails: oneOf([0, 10, 50, 90]),
    providerSilent: sometimes(10),
    crashes: oneOf([0, 0, 1, 3]),
    stops: chance(25) ? 1 : 0,
    timeMoves: oneOf([2, 6, 14]),
    repeats: oneOf([0, 15, 40]),
    mischief: sometimes(15),
    aheadMs: oneOf([0, 0, -20_000, 90_000]),
  };
}
