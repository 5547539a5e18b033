import { startServerProcess } from '../../faults/server.ts';
import { median } from '../figures.ts';
import { caseIdOf, tokenOf } from '../walk.ts';
import type { Filled } from './fill.ts';

export interface StartUp {
  cases: number;
  /** From the start of the process until it says that it is ready, and until it has answered with a case. */
  readyMs: number;
  caseMs: number;
}

const STARTS = 5;

/** The program's own start on a database that is full. The files may be in the system's memory, as after a restart of the program. */
export async function measureStartUp({ folder, from, cases }: Filled): Promise<StartUp> {
  const times: { readyMs: number; caseMs: number }[] = [];
  for (let start = 0; start < STARTS; start++) {
    const began = performance.now();
    const server = await startServerProcess({ folder, people: 1 });
    try {
      await get(`${server.url}/health/ready`);
      const readyMs = performance.now() - began;
      const index = from + Math.floor((cases * (start + 0.5)) / STARTS);
      await get(`${server.url}/v1/cases/${caseIdOf(index)}`, tokenOf(index));
      times.push({ readyMs, caseMs: performance.now() - began });
    } finally {
      await server.kill('SIGTERM');
    }
  }
  return {
    cases,
    readyMs: median(times.map(({ readyMs }) => readyMs)),
    caseMs: median(times.map(({ caseMs }) => caseMs)),
  };
}

async function get(url: string, token?: string): Promise<void> {
  const answer = await fetch(url, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  await answer.text();
}
