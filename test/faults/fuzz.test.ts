import { expect, it } from 'vitest';
import { PLANTED, plantAll, plants } from './fuzz/plants.ts';
import { fuzzRound, gather } from './fuzz/round.ts';
import { isFull, report, sized } from './scale.ts';

/** `FUZZ_SEED=… FAULTS=full vitest run test/faults/fuzz.test.ts` asks what was asked then. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const ROUNDS = sized(2, 40);
/** Cases wear out: each round begins with fresh ones. */
const A_ROUND = sized(750, 500);

it('whatever is asked, the answer is one that the document describes: no fault, no other status, shape or code, and no name in clear', {
  timeout: 900_000,
}, async () => {
  console.log(`fuzzing with FUZZ_SEED=${SEED}`);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await fuzzRound({ seed: SEED + round, count: A_ROUND }));
  }
  const { asked, breaches, routes, reached, byStatus } = gather(rounds);
  const counts = [...byStatus].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  report(`${asked} requests, ${reached.size} of ${routes.size} routes reached; ${counts.join(', ')}`);
  expect(Object.fromEntries(breaches)).toEqual({});
  expect(asked).toBe(ROUNDS * A_ROUND);
  // Too busy to say anything: allowed, but not for long.
  expect(byStatus.get(503) ?? 0).toBeLessThan(asked / 4);
  // A fuzzer that gets past no door finds nothing: most routes must have done what they are for.
  expect(reached.size / routes.size).toBeGreaterThan(isFull ? 0.95 : 0.75);
});

it('and it would notice: every fault that is planted is found', { timeout: 60_000 }, async () => {
  const { breaches } = await fuzzRound({ seed: 1, count: 900, plant: plantAll, only: PLANTED });
  const missed = Object.entries(plants).filter(
    ([, { found }]) => ![...breaches.keys()].some((each) => found.test(each)),
  );
  expect(missed.map(([name]) => name)).toEqual([]);
});
