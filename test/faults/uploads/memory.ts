import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Call, type Connection, connect } from '../../load/connection.ts';
import { must } from '../../load/walker.ts';
import { withServer } from '../server.ts';
import { pngOfSize } from './images.ts';
import { writeForm } from './sender.ts';

const KEEPING = fileURLToPath(new URL('./keeping-main.ts', import.meta.url));
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
  const main = options.isKeeping ? { main: KEEPING } : {};
  const raw = writeForm([{ disposition: 'name="file"; filename="a.png"', content: pngOfSize(options.size) }]);
  return withServer(main, async ({ url, pid }) => {
    const connections = Array.from({ length: AT_ONCE }, () => connect(url));
    const call: Call = { method: 'PUT', path: '/v1/me/avatar', token: await newToken(url), raw };
    const afterMb: number[] = [];
    for (let round = 0; round < WARM_UP + options.rounds; round++) {
      await Promise.all(connections.map((connection) => sendUntilTaken(connection, call)));
      afterMb.push(readMemory(pid, 'VmRSS'));
    }
    for (const connection of connections) connection.close();
    const [before = 0, ...later] = afterMb.slice(WARM_UP - 1);
    return { afterMb, growthMb: Math.min(...later.slice(-2)) - before, peakMb: readMemory(pid, 'VmHWM') };
  });
}

/** As a client should: who is told to come again does, when it is told to. */
async function sendUntilTaken(connection: Connection, call: Call): Promise<void> {
  for (;;) {
    const reply = await connection.call(call);
    if (reply.status === 200) return;
    if (reply.status !== 503) throw new Error(`${reply.status}: ${reply.text}`);
    await pause(Number(reply.headers['retry-after']) * 1_000);
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
