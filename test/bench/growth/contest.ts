import type { Row, Shown } from '../figures.ts';
import { rowsOf } from '../figures.ts';
import { type Load, type Play, startLoad } from '../load/process.ts';
import type { Measured } from '../servers/measured.ts';
import { measureSlice, rotated } from '../slice.ts';

/** The same load on something small and on something large. */
export interface Grown {
  label: string;
  server: Measured;
  play: Pick<Play, 'dialect' | 'people' | 'from'>;
}

export interface GrowthOptions {
  rounds: number;
  seconds: number;
}

export interface GrowthTable {
  title: string;
  connections: number;
  rows: Row[];
}

const WARM_UP_SECONDS = 2;
const CONNECTIONS = [32, 1];

/** By turns, with many connections and with one. */
export async function measureGrowth(
  title: string,
  grown: Grown[],
  { rounds, seconds }: GrowthOptions,
): Promise<GrowthTable[]> {
  const load = startLoad();
  const tables: GrowthTable[] = [];
  try {
    for (const connections of CONNECTIONS) {
      const shown = grown.map(({ label }): Shown => {
        return { contestant: { label, title: label }, slices: [], memoryMiB: 0 };
      });
      for (const each of grown) await playOn(load, each, connections, WARM_UP_SECONDS);
      for (let round = 0; round < rounds; round++) {
        for (const at of rotated([...grown.keys()], round)) {
          const one = grown[at];
          if (one) shown[at]?.slices.push(await playOn(load, one, connections, seconds));
        }
      }
      for (const [at, { server }] of grown.entries())
        Object.assign(shown[at] ?? {}, { memoryMiB: server.memoryMiB() });
      tables.push({ title, connections, rows: rowsOf(shown) });
    }
  } finally {
    await load.stop();
  }
  return tables;
}

function playOn(load: Load, { server, play }: Grown, connections: number, seconds: number) {
  return measureSlice(load, server, { ...play, connections, seconds });
}
