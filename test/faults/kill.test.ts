import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { must } from '../load/walker.ts';
import {
  askPatiently,
  checkDatabase,
  compareWithHistories,
  findUnverified,
  markOf,
  newAuditor,
  newer,
} from './acknowledged.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { compareWithWorld, isWorkDone } from './kill-world.ts';
import { quantile, report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess, until } from './server.ts';

const EARLY_MAIN = fileURLToPath(new URL('./kill-early-main.ts', import.meta.url));
const CLIENTS = 16;
const CYCLES = sized(2, 60);
const EVENTS = sized(100, 30_500);
/** The promise is two seconds; the short form runs beside everything else. */
const MAX_START_MS = sized(8_000, 2_000);
const PATIENCE_MS = sized(60_000, 40 * 60_000);
/** How long the world takes, so that a kill comes between its doing and our entry now and then. */
const WORK_MS = 20;
const NOTHING = { lost: [], doubled: [], broken: [] };
/** Cases whose whole verification is asked for at the end. */
const SAMPLE = sized(10, 200);

describe('kill -9', () => {
  let folder: string;
  let auditor: string;
  let crowd: Crowd;
  let server: ServerProcess | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'banjian-kill-'));
    auditor = await newAuditor(folder);
    crowd = createCrowd({ people: inventPeople(CLIENTS), auditor });
  });
  afterEach(async () => {
    await server?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Answers also with the time from the start of the process to its first answer. */
  async function start(main?: string): Promise<{ running: ServerProcess; ms: number }> {
    const began = performance.now();
    const options = { folder, people: CLIENTS, ...(main === undefined ? {} : { main }) };
    const running = await startServerProcess(options);
    server = running;
    const connection = connect(running.url);
    await must(connection.call({ method: 'GET', path: '/health/ready' }));
    const ms = performance.now() - began;
    for (const provider of ['faces', 'register']) {
      await must(
        askPatiently(connection, {
          method: 'POST',
          path: '/simulator/faults',
          body: { provider, delayMs: WORK_MS },
        }),
      );
    }
    connection.close();
    return { running, ms };
  }

  /** Kills it at some moment in the middle of work, once so many more events were acknowledged. */
  async function killAmidWork(running: ServerProcess, events: number): Promise<void> {
    const walking = crowd.walk(running.url);
    await Promise.race([crowd.reaches(crowd.claims.said.length + events), walking]);
    await running.kill('SIGKILL');
    await walking;
  }

  it(`takes nothing that was acknowledged and does nothing twice, ${CYCLES} times amid work`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const { claims } = crowd;
    const starts: number[] = [];
    let unanswered = 0;
    let mark = markOf(claims);
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const { running, ms } = await start();
      starts.push(ms);
      expect(await compareWithHistories(running.url, auditor, newer(claims, mark))).toEqual(NOTHING);
      mark = markOf(claims);
      await crowd.catchUp(running.url);
      const left = Math.max(2, (EVENTS - claims.said.length) / (CYCLES - cycle));
      const isLast = cycle === CYCLES - 1;
      await killAmidWork(running, randomInt(Math.ceil(isLast ? left : left / 2), Math.ceil(left * 1.5) + 1));
      unanswered += claims.unanswered().length;
    }
    const { running, ms } = await start();
    starts.push(ms);
    await crowd.catchUp(running.url);
    expect(claims.unanswered()).toEqual([]);
    expect(await compareWithHistories(running.url, auditor, claims)).toEqual(NOTHING);
    const cases = new Set(claims.said.map(({ caseId }) => caseId));
    expect(await findUnverified(running.url, auditor, [...cases].slice(-SAMPLE))).toEqual([]);
    await until(() => isWorkDone(folder, cases));
    await running.kill('SIGTERM');
    const world = await compareWithWorld(folder, cases);
    expect(world.differing).toEqual([]);
    expect(world.cases).toBe(cases.size);
    expect(checkDatabase(folder)).toBe('ok');

    const [median, most] = [quantile(starts, 0.5), quantile(starts, 1)].map(Math.round);
    report(`kill -9: ${CYCLES} times, ${claims.said.length} events acknowledged in ${cases.size} cases`);
    report(
      `  sent again after a kill ${unanswered}, effects ${world.settled}, tried again ${world.repeated}`,
    );
    report(
      `  start to first answer: median ${median} ms, 95 % ${Math.round(quantile(starts, 0.95))} ms, most ${most} ms`,
    );
    expect(claims.said.length).toBeGreaterThanOrEqual(EVENTS);
    expect(unanswered).toBeGreaterThan(0);
    expect(median).toBeLessThanOrEqual(MAX_START_MS);
  });

  it('and a server that acknowledges before it commits is caught', { timeout: 60_000 }, async () => {
    await killAmidWork((await start(EARLY_MAIN)).running, 30);
    const { running } = await start();
    const { lost } = await compareWithHistories(running.url, auditor, crowd.claims);
    report(`acknowledged before the commit: ${crowd.claims.said.length} events, ${lost.length} findings`);
    expect(lost.length).toBeGreaterThan(0);
  });
});
