import { type Contest, dialectOf, type Entrant, type Outcome, peopleFor, startAll } from './compare.ts';
import { median } from './figures.ts';
import { startLoad } from './load/process.ts';
import { measureSlice, rotated } from './slice.ts';

const NEWCOMERS = 256;
/** Into a slice by this much, the load is at its height. */
const LOAD_RUNS_MS = 1_000;

/** Long enough for any of them: the load goes on until all newcomers are answered. */
const PATIENCE_SECONDS = 60;
/** Most need far less: people are made ready for this much. */
const SECONDS_AT_MOST = 12;

export interface ConnectingRow {
  label: string;
  title: string;
  halfMs: number;
  allMs: number;
}

/** How long new connections wait for their first answer while others keep the server busy. */
export async function measureConnecting(
  contest: Contest,
): Promise<{ rows: ConnectingRow[]; missing: Outcome['missing'] }> {
  const people = peopleFor({ ...contest, seconds: SECONDS_AT_MOST });
  const { entrants, missing } = await startAll(contest, people);
  const [load, newcomers] = [startLoad(), startLoad()];
  let found = entrants.map((entrant) => ({ entrant, half: [] as number[], all: [] as number[] }));
  const measure = async ({ contestant, server }: Entrant) => {
    const play = { ...dialectOf(contestant), connections: contest.connections, people };
    const playing = measureSlice(load, server, { ...play, seconds: PATIENCE_SECONDS });
    await new Promise((resolve) => setTimeout(resolve, LOAD_RUNS_MS));
    const connecting = newcomers.connect({ kind: 'connect', url: server.url, connections: NEWCOMERS });
    const [result] = await Promise.all([connecting.finally(() => load.halt()), playing]);
    return result;
  };
  try {
    for (let round = 0; round < contest.rounds; round++) {
      for (const one of rotated(found, round)) {
        const { entrant, half, all } = one;
        try {
          const { halfMs, allMs } = await measure(entrant);
          half.push(halfMs);
          all.push(allMs);
        } catch (error) {
          found = found.filter((each) => each !== one);
          missing.push({ contestant: entrant.contestant, why: String(error) });
        }
      }
    }
  } finally {
    await Promise.all([load.stop(), newcomers.stop()]);
    for (const { server } of entrants) await server.stop();
  }
  const rows = found.map(({ entrant: { contestant }, half, all }) => {
    const { label, title } = contestant;
    return { label, title, halfMs: median(half), allMs: median(all) };
  });
  return { rows, missing };
}
