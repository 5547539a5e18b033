import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '../../faults/server.ts';
import { cpuMicrosOf, type Measured, type MeasuredOptions, memoryMiBOf } from './measured.ts';
import { startRestate } from './restate.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** As they are by default: each person has an address of their own. */
const LIMITS = {
  BANJIAN_TRUST_PROXY: '1',
  BANJIAN_RATE_PER_MINUTE: '600',
  BANJIAN_IDENTITY_PER_HOUR: '120',
};

/** A server in a process of its own, with a data folder that goes with it. */
export async function startMeasured(options: MeasuredOptions): Promise<Measured> {
  const { name, folder, people, dataFolder, env } = options;
  if (name === 'restate') return startRestate(options);
  const own = dataFolder ?? (await mkdtemp(join(folder, `bench-${name}-`)));
  const bench = { BENCH_SERVER: name, BENCH_PEOPLE: String(people) };
  const server = await startServerProcess({ folder: own, main: MAIN, env: { ...LIMITS, ...bench, ...env } });
  return {
    url: server.url,
    pid: server.pid,
    cpuMicros: () => cpuMicrosOf(server.pid),
    memoryMiB: () => memoryMiBOf(server.pid),
    async stop() {
      await server.kill('SIGTERM');
      if (dataFolder === undefined) await rm(own, { recursive: true, force: true });
    },
  };
}
