import { type Play, startLoad } from './load/process.ts';
import { SERVERS, type ServerName } from './servers/list.ts';
import type { Measured } from './servers/measured.ts';
import { startMeasured } from './servers/start.ts';
import { measureSlice, rotated, type Slice } from './slice.ts';

/** One server in one variant: the same server may stand twice, with different settings. */
export interface Contestant {
  label: string;
  title: string;
  server: ServerName;
  /** Where it is spoken to otherwise than its server is. */
  dialect?: Play['dialect'];
  env?: Record<string, string>;
}

export interface Contest {
  contestants: Contestant[];
  connections: number;
  rounds: number;
  seconds: number;
  folder: string;
  env: Record<string, string>;
}

/** A contestant that is running, and what it has shown so far. */
export interface Entrant {
  contestant: Contestant;
  server: Measured;
  slices: Slice[];
  memoryMiB: number;
}

export interface Outcome {
  entrants: Entrant[];
  /** Who could not be started, or gave an answer that was not to be expected: its figures would be worth nothing. */
  missing: { contestant: Contestant; why: string }[];
}

/** More than any of them can walk through, which is cheaper than to find out. */
const WALKS_A_SECOND = 700;
/** V8 has seen a program's code so often before the clock starts, however few the connections then are. */
const WARM_UP = { connections: 32, events: 3_000, seconds: 10 };

/** Short slices by turns, so that what disturbs the machine disturbs all of them. */
export async function runContest(contest: Contest, progress: (line: string) => void): Promise<Outcome> {
  const { rounds, seconds, connections } = contest;
  const people = peopleFor(contest);
  const outcome = await startAll(contest, people);
  const started = outcome.entrants;
  const load = startLoad();
  const play = async (
    { contestant, server }: Entrant,
    how: Pick<Play, 'connections' | 'events' | 'seconds'>,
  ) =>
    measureSlice(load, server, { ...dialectOf(contestant), people, ...how }).catch((error: Error) => {
      outcome.entrants = outcome.entrants.filter((each) => each.server !== server);
      outcome.missing.push({ contestant, why: error.message });
    });
  try {
    for (const entrant of started) await play(entrant, WARM_UP);
    for (let round = 0; round < rounds; round++) {
      for (const entrant of rotated(outcome.entrants, round)) {
        const slice = await play(entrant, { connections, seconds });
        if (slice) entrant.slices.push(slice);
      }
      progress(`round ${round + 1} of ${rounds}: ${outcome.entrants.map(lastOf).join(', ')}`);
    }
    for (const entrant of outcome.entrants) entrant.memoryMiB = entrant.server.memoryMiB();
  } finally {
    await load.stop();
    for (const { server } of started) await server.stop();
  }
  return outcome;
}

export function peopleFor({ rounds, seconds, connections }: Contest): number {
  return Math.ceil(rounds * seconds * WALKS_A_SECOND) + WARM_UP.events + connections;
}

export function dialectOf({ server, dialect = SERVERS[server].dialect }: Contestant) {
  return { dialect };
}

/** Who cannot be started is missing, and the others are measured all the same. */
export async function startAll(
  { contestants, folder, env }: Pick<Contest, 'contestants' | 'folder' | 'env'>,
  people: number,
): Promise<Outcome> {
  const outcome: Outcome = { entrants: [], missing: [] };
  for (const contestant of contestants) {
    const { server: name, env: own } = contestant;
    try {
      const server = await startMeasured({ name, folder, people, env: { ...env, ...own } });
      outcome.entrants.push({ contestant, server, slices: [], memoryMiB: 0 });
    } catch (error) {
      outcome.missing.push({ contestant, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return outcome;
}

function lastOf({ contestant, slices }: Entrant): string {
  return `${contestant.label} ${Math.round(slices.at(-1)?.eventsPerSecond ?? 0)}/s`;
}
