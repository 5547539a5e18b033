import { join } from 'node:path';
import { caseIdOf } from '../walk.ts';
import type { GrowthOptions, GrowthTable } from './contest.ts';
import { type Disk, measureDisk } from './disk.ts';
import { findWalked, verifyCases } from './evidence.ts';
import { type Filled, fill } from './fill.ts';
import { measureLength, measureSizes } from './growing.ts';
import { measureReplays, type ReplayRow } from './replays.ts';
import { measureStartUp, type StartUp } from './start-up.ts';

export interface GrowthReport {
  tables: GrowthTable[];
  startUp: StartUp[];
  disk: Disk[];
  replays: ReplayRow[];
  /** How many of the cases that were written were held against their histories, and held. */
  verified: number;
}

export interface Growth extends GrowthOptions {
  folder: string;
  sizes: number[];
  progress: (line: string) => void;
}

const WALKS_A_SECOND = 400;
const WARM_UP_SECONDS = 4;
const LONG = { cases: 64, entries: 10_000 };
const SHORT_CASES = 1_000;
const SAMPLES = 5;

/** Whether an event costs more when there is more: more cases, and more entries of one case. */
export async function runGrowth(growth: Growth): Promise<GrowthReport> {
  const sized = await fillSizes(growth);
  const long = await fillLong(growth);
  const verified = await verifySamples(sized, long);
  growth.progress(`${verified} of the cases that were written verify as walked ones do`);
  const startUp: StartUp[] = [];
  for (const filled of sized) startUp.push(await measureStartUp(filled));
  const disk = sized.map(({ folder }) => measureDisk(folder));
  const tables = [
    ...(await measureSizes(growth, sized)),
    ...(await measureSizes(growth, sized, false)),
    ...(await measureLength(growth, long)),
  ];
  return { tables, startUp, disk, replays: await replaysOf(sized, long), verified };
}

async function fillSizes({ folder, sizes, rounds, seconds, progress }: Growth): Promise<Filled[]> {
  const newcomers = Math.ceil((rounds * seconds + WARM_UP_SECONDS) * 2 * WALKS_A_SECOND);
  const filled: Filled[] = [];
  for (const cases of sizes) {
    filled.push(await fill({ folder: join(folder, `cases-${cases}`), newcomers, cases }, progress));
  }
  return filled;
}

async function fillLong({ folder, progress }: Growth): Promise<Filled> {
  return fill({ folder: join(folder, 'long'), newcomers: 1, cases: SHORT_CASES, long: LONG }, progress);
}

async function verifySamples(sized: Filled[], { folder, from, long }: Filled): Promise<number> {
  const ends = [from, long.from, long.from + long.cases - 1];
  let verified = await verifyCases(folder, ends.map(caseIdOf));
  for (const filled of sized) {
    const samples = Array.from({ length: SAMPLES }, (_, at) => Math.floor((filled.cases * at) / SAMPLES));
    verified += await verifyCases(
      filled.folder,
      samples.map((at) => caseIdOf(filled.from + at)),
    );
  }
  return verified;
}

async function replaysOf([smallest]: Filled[], { folder, long }: Filled): Promise<ReplayRow[]> {
  if (!smallest) return [];
  return [
    await measureReplays('walked to the end', smallest.folder, findWalked(smallest.folder)),
    await measureReplays('one long history', folder, [caseIdOf(long.from)]),
  ];
}
