import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '../../load/connection.ts';
import { must } from '../../load/walker.ts';
import { startServerProcess } from '../server.ts';
import { pngOfSize } from './images.ts';
import { writeForm } from './sender.ts';

const KEEPING = new URL('./keeping-main.ts', import.meta.url);
const AT_ONCE = 20;
/** What a process needs once it has been at work for a while, it keeps. */
const WARM_UP = 2;

export interface Memory {
  /** Resident after each round, in MB. */
  afterMb: number[];
  /** What the rounds after the warm-up added. */
  growthMb: number;
  peakMb: number;
}

/** Rounds of files sent at once to a server of their own, and what it holds after each. */
export async function measureMemory(options: {
  size: number;
  rounds: number;
  isKeeping?: boolean;
}): Promise<Memory> {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  const main = options.isKeeping ? { main: fileURLToPath(KEEPING) } : {};
  const server = await startServerProcess({ folder, ...main });
  const connections = Array.from({ length: AT_ONCE }, () => connect(server.url));
  const raw = writeForm([{ disposition: 'name="file"; filename="a.png"', content: pngOfSize(options.size) }]);
  const afterMb: number[] = [];
  try {
    const token = await newToken(server.url);
    for (let round = 0; round < WARM_UP + options.rounds; round++) {
      const call = { method: 'PUT' as const, path: '/v1/me/avatar', token, raw };
      await Promise.all(connections.map((connection) => must(connection.call(call))));
      afterMb.push(readMemory(server.pid, 'VmRSS'));
    }
    const [before = 0, ...later] = afterMb.slice(WARM_UP - 1);
    return {
      afterMb,
      growthMb: Math.min(...later.slice(-2)) - before,
      peakMb: readMemory(server.pid, 'VmHWM'),
    };
  } finally {
    for (const connection of connections) connection.close();
    await server.kill('SIGTERM');
    rmSync(folder, { recursive: true });
  }
}

async function newToken(url: string): Promise<string> {
  const connection = connect(url);
  const reply = await must(
    connection.call({ method: 'POST', path: '/v1/sessions', body: { channel: 'web' } }),
  );
  connection.close();
  return reply.body.token;
}

/** As Linux tells it. */
function readMemory(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const [, kb] = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}
