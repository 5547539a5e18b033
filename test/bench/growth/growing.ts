import type { Measured } from '../servers/measured.ts';
import { startMeasured } from '../servers/start.ts';
import { type Grown, type GrowthOptions, type GrowthTable, measureGrowth } from './contest.ts';
import type { Filled } from './fill.ts';

/** Limits an address are not what is measured here. */
const NO_LIMITS = { BANJIAN_RATE_PER_MINUTE: '1000000', BANJIAN_IDENTITY_PER_HOUR: '1000000' };
const NONE_HOT = { BANJIAN_HOT_CASES: '0' };

/** One event of any case at random, on databases of all sizes by turns; then whole walks of newcomers. */
export async function measureSizes(
  options: GrowthOptions,
  sized: Filled[],
  keptHot = true,
): Promise<GrowthTable[]> {
  const env = keptHot ? {} : NONE_HOT;
  const servers: Measured[] = [];
  try {
    for (const filled of sized) servers.push(await startOn(filled, env));
    const grown = (play: (filled: Filled) => Grown['play']) =>
      sized.flatMap((filled, at): Grown[] => {
        const server = servers[at];
        return server ? [{ label: `${inWords(filled.cases)} cases`, server, play: play(filled) }] : [];
      });
    const atRandom = await measureGrowth(
      `one event of any case at random${keptHot ? '' : ', no case kept hot'}`,
      grown(({ from, cases }) => ({ dialect: 'acknowledge', from, people: cases })),
      options,
    );
    // Newcomers walk but once.
    if (!keptHot) return atRandom;
    const newcomers = await measureGrowth(
      'whole walks of newcomers',
      grown(({ from }) => ({ dialect: 'cases', people: from - 1 })),
      options,
    );
    return [...atRandom, ...newcomers];
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** The same server, the same event, on cases with a short and with a long history by turns. */
export async function measureLength(options: GrowthOptions, filled: Filled): Promise<GrowthTable[]> {
  const { from, cases, entries, long } = filled;
  const server = await startOn(filled, {});
  const grown = (length: number, place: { from: number; people: number }): Grown => ({
    label: `entry ${inWords(length)} of a case`,
    server,
    play: { dialect: 'acknowledge', ...place },
  });
  try {
    return await measureGrowth(
      'one event of a case, after so many entries of it',
      [grown(entries, { from, people: cases }), grown(long.entries, { from: long.from, people: long.cases })],
      options,
    );
  } finally {
    await server.stop();
  }
}

function startOn({ folder, from }: Filled, env: Record<string, string>): Promise<Measured> {
  const people = from - 1;
  return startMeasured({
    name: 'banjian',
    folder,
    dataFolder: folder,
    people,
    env: { ...NO_LIMITS, ...env },
  });
}

function inWords(n: number): string {
  return n.toLocaleString('en');
}
