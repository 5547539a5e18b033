import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pictureOf } from '../applicant.ts';
import { type Call, connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { must, newWalker, openCase, pictureForm } from '../load/walker.ts';
import { checkDatabase, compareWithHistories, findUnverified, newAuditor } from './acknowledged.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { mayMount, mountDisk, rationDisk, type SmallDisk } from './disk-small.ts';
import { isFull, quantile, report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess, until } from './server.ts';
import { readJournal } from './shim/journal.ts';
import { createPlatter } from './shim/platter.ts';
import { buildShim, createDiskControl, noShim, shimEnvironment } from './shim/shim.ts';

const DEAF_MAIN = fileURLToPath(new URL('./disk-deaf-main.ts', import.meta.url));
const CLIENTS = 8;
const ROUNDS = sized(1, 5);
/** Acknowledged before the disk is full. */
const EVENTS = sized(30, 200);
const REFUSALS = sized(16, 100);
const MAX_ANSWER_MS = 1_000;
/** Each client: the event that was under way, and what comes after the work it set off. */
const RESUMED_EVENTS = 3;
const RESUMES_WITHIN_MS = 15_000;
const STOPS = 5;
/** A request may wait ten seconds for work outside. */
const STOPS_WITHIN_MS = 15_000;
/** So long a server with a planted fault is watched. */
const WATCHED_MS = 1_000;
/** A machine that has other work is given more. */
const LEAVES_WITHIN_MS = sized(3_000, 1_000);
const BREAKS = sized(1, 10);
const PATIENCE_MS = sized(60_000, 10 * 60_000);
const NOTHING = { lost: [], doubled: [], broken: [] };
const WORLD = 'simulator.db';
const people = inventPeople(CLIENTS + 1);

let scratch: string;
let shim: string;
let server: ServerProcess | undefined;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-disk-'));
  if (!noShim) shim = buildShim(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true }));
afterEach(async () => {
  await server?.kill('SIGKILL');
  server = undefined;
});

async function start(folder: string, env: Record<string, string>, main?: string): Promise<ServerProcess> {
  const options = { folder, people: people.length, env, ...(main === undefined ? {} : { main }) };
  server = await startServerProcess(options);
  return server;
}

async function expectAllThere(url: string, auditor: string, { claims }: Crowd): Promise<void> {
  expect(await compareWithHistories(url, auditor, claims)).toEqual(NOTHING);
  const cases = new Set(claims.said.map(({ caseId }) => caseId));
  expect(await findUnverified(url, auditor, cases)).toEqual([]);
}

describe.each([
  { disk: 'rationed by the shim', isHere: !noShim, make: () => rationDisk(scratch, shim) },
  { disk: 'of the system’s own (tmpfs)', isHere: isFull && mayMount, make: () => mountDisk(scratch) },
])('a full disk, $disk', ({ isHere, make }) => {
  let disk: SmallDisk;
  let auditor: string;
  let crowd: Crowd;

  beforeEach(async () => {
    disk = make();
    auditor = await newAuditor(disk.folder);
    crowd = createCrowd({ people: people.slice(0, CLIENTS), auditor });
  });
  afterEach(async () => {
    await server?.kill('SIGKILL');
    disk.remove();
  });

  it.skipIf(!isHere)(
    'refuses writes at once with a code of its own, reads on, and writes again without a restart',
    { timeout: PATIENCE_MS },
    async () => {
      const { claims, refusals } = crowd;
      const running = await start(disk.folder, disk.env);
      const resumedMs: number[] = [];
      const asked: Asked[] = [];
      const visitor = await newVisitor(running.url);
      let isOver = false;
      const walking = crowd.walk(running.url, () => isOver);
      for (let round = 0; round < ROUNDS; round++) {
        await Promise.race([crowd.reaches(claims.said.length + EVENTS), walking]);
        disk.fill();
        const known = refusals.length;
        await Promise.race([until(() => refusals.length >= known + REFUSALS), walking]);
        asked.push(...(await visitor.askEverything(auditor)));
        disk.makeRoom();
        const began = performance.now();
        const told = crowd.sinceNow();
        await Promise.race([until(() => told(RESUMED_EVENTS), PATIENCE_MS), walking]);
        resumedMs.push(performance.now() - began);
      }
      isOver = true;
      await walking;
      visitor.leave();
      await crowd.catchUp(running.url);
      await expectAllThere(running.url, auditor, crowd);

      const [reads, writes] = [asked.filter(({ isRead }) => isRead), asked.filter(({ isRead }) => !isRead)];
      const times = [...refusals, ...asked].map(({ ms }) => ms);
      const [slow = 0, slowest = 0] = [0.99, 1].map((share) => Math.round(quantile(times, share)));
      const resumed = Math.round(quantile(resumedMs, 1));
      report(
        `full disk: ${ROUNDS} times, ${claims.said.length} events acknowledged, ${refusals.length} refused`,
      );
      report(`  answers while it was full: 99 % within ${slow} ms, all within ${slowest} ms`);
      report(`  every client went on within ${resumed} ms`);
      expect(reads.filter(({ status }) => status !== 200)).toEqual([]);
      // What finds room in the part of the WAL that goes round is done, and not allowed a second time.
      expect(writes.filter((answer) => answer.status >= 500 && !isClear(answer))).toEqual([]);
      expect(writes.filter(isClear).length).toBeGreaterThan(0);
      expect(refusals.filter((answer) => !isClear(answer) && answer.code !== 'busy')).toEqual([]);
      expect(slow).toBeLessThanOrEqual(MAX_ANSWER_MS);
      expect(resumed).toBeLessThanOrEqual(RESUMES_WITHIN_MS);
    },
  );

  it.skipIf(!isHere || !isFull)(
    'does not keep a server from stopping',
    { timeout: PATIENCE_MS },
    async () => {
      const stoppedMs: number[] = [];
      for (let round = 0; round < STOPS; round++) {
        const running = await start(disk.folder, disk.env);
        const walking = crowd.walk(running.url);
        await Promise.race([crowd.reaches(crowd.claims.said.length + EVENTS), walking]);
        disk.fill();
        const known = crowd.refusals.length;
        await Promise.race([until(() => crowd.refusals.length >= known + REFUSALS), walking]);
        const began = performance.now();
        const given = pause(2 * STOPS_WITHIN_MS).then(() => 'still there');
        const code = await Promise.race([running.kill('SIGTERM'), given]);
        stoppedMs.push(Math.round(performance.now() - began));
        await running.kill('SIGKILL');
        await walking;
        disk.makeRoom();
        expect(code).toBe(0);
      }
      await expectAllThere((await start(disk.folder, disk.env)).url, auditor, crowd);
      report(`told to stop on a full disk: ${STOPS} times, within ${stoppedMs.join(', ')} ms`);
      expect(quantile(stoppedMs, 1)).toBeLessThanOrEqual(STOPS_WITHIN_MS);
    },
  );

  it.skipIf(!isHere)(
    'and a server that acknowledges what a full disk did not take is caught',
    { timeout: PATIENCE_MS },
    async () => {
      const running = await start(disk.folder, disk.env, DEAF_MAIN);
      const connection = connect(running.url);
      const [person] = people;
      if (!person) throw new Error('nobody there');
      const walker = await newWalker(connection, person);
      const { id: caseId, ...opened } = (await must(openCase(connection, walker))).body;
      disk.fill();
      const { name, idNumber } = person;
      const told = await must(
        connection.call({
          method: 'POST',
          path: `/v1/cases/${caseId}/events/identity.submit`,
          token: walker.token,
          headers: { prefer: 'wait=0' },
          body: { name, idNumber },
        }),
      );
      connection.close();
      await running.kill('SIGKILL');
      disk.makeRoom();

      const said = [
        { caseId, event: 'case.open', seq: opened.seq, head: opened.head },
        { caseId, event: 'identity.submit', seq: told.body.seq, head: told.body.head },
      ];
      const { url } = await start(disk.folder, disk.env);
      const claims = { said, seen: [], files: [], unanswered: () => [] };
      const { lost } = await compareWithHistories(url, auditor, claims);
      report(`deaf to a full disk: ${lost.join('; ')}`);
      expect(lost.filter((line) => line.startsWith('identity.submit'))).not.toEqual([]);
      expect(lost.filter((line) => line.startsWith('case.open'))).toEqual([]);
    },
  );
});

it('a 500, another code and a refusal that does not say when to come back are no clear answers', () => {
  const clear = { status: 503, code: 'storage-unavailable', retryAfter: '5' };
  expect(isClear(clear)).toBe(true);
  expect(isClear({ ...clear, status: 500 })).toBe(false);
  expect(isClear({ ...clear, code: 'internal' })).toBe(false);
  expect(isClear({ ...clear, retryAfter: undefined })).toBe(false);
});

/** What somebody asked for beside the crowd while the disk was full. */
interface Asked {
  what: string;
  isRead: boolean;
  status: number;
  code: string;
  retryAfter: string | undefined;
  ms: number;
}

function isClear({ status, code, retryAfter }: Pick<Asked, 'status' | 'code' | 'retryAfter'>): boolean {
  return status === 503 && code === 'storage-unavailable' && Number(retryAfter) >= 1;
}

/** Somebody with a case who asks for one of everything. */
async function newVisitor(url: string) {
  const connection = connect(url);
  const person = people[CLIENTS] ?? people[0];
  if (!person) throw new Error('nobody there');
  const walker = await newWalker(connection, person);
  const { token } = walker;
  const { id } = (await must(openCase(connection, walker))).body;
  const identity = { name: person.name, idNumber: person.idNumber };
  // A picture that is not there yet: one that is would need no room.
  const picture = await pictureOf(4_711);
  const requests = (auditor: string): [isRead: boolean, Call][] => [
    [true, { method: 'GET', path: '/health/live' }],
    [true, { method: 'GET', path: '/health/ready' }],
    [true, { method: 'GET', path: `/v1/cases/${id}`, token }],
    [true, { method: 'GET', path: '/v1/me/avatar', token }],
    // Recorded before it is shown, and so not shown where it cannot be.
    [false, { method: 'GET', path: `/v1/audit/cases/${id}/verification`, token: auditor }],
    [false, { method: 'POST', path: '/v1/sessions', body: { channel: 'web' } }],
    [false, { method: 'PUT', path: '/v1/me/profile', token, body: { nickname: '例工' } }],
    [false, { method: 'PUT', path: '/v1/me/avatar', token, raw: pictureForm(picture) }],
    [false, { method: 'POST', path: `/v1/cases/${id}/events/identity.submit`, token, body: identity }],
  ];
  return {
    leave: () => connection.close(),
    async askEverything(auditor: string): Promise<Asked[]> {
      const asked: Asked[] = [];
      for (const [isRead, call] of requests(auditor)) {
        const began = performance.now();
        const { status, body, headers } = await connection.call(call);
        const ms = performance.now() - began;
        const what = `${call.method} ${call.path}`;
        asked.push({ what, isRead, status, code: body?.code ?? '', retryAfter: headers['retry-after'], ms });
      }
      return asked;
    },
  };
}

describe.skipIf(noShim)(`a disk that fails to sync${noShim ? ` (not tried: ${noShim})` : ''}`, () => {
  let folder: string;
  let auditor: string;
  let crowd: Crowd;

  beforeEach(async () => {
    folder = mkdtempSync(join(scratch, 'data-'));
    auditor = await newAuditor(folder);
    crowd = createCrowd({ people: people.slice(0, CLIENTS), auditor });
  });
  afterEach(async () => {
    await server?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Works, then breaks the disk; what no sync brought down is gone, as after a cut. Answers with what became of the server. */
  async function breakUnderLoad(
    patienceMs: number,
    main?: string,
  ): Promise<{ left: 'by itself' | 'not'; code: number | null; ms: number }> {
    const journal = join(scratch, 'journal');
    rmSync(journal, { force: true });
    const control = createDiskControl(join(scratch, 'control'), folder);
    const platter = createPlatter(folder, WORLD);
    const env = shimEnvironment({ shim, root: folder, log: journal, control: join(scratch, 'control') });
    const running = await start(folder, env, main);
    const walking = crowd.walk(running.url).catch(() => undefined);
    await Promise.race([crowd.reaches(crowd.claims.said.length + EVENTS), walking]);
    const began = performance.now();
    control.failSyncs(true);
    const left = await Promise.race([
      running.exited.then(() => 'by itself' as const),
      pause(patienceMs).then(() => 'not' as const),
    ]);
    const ms = performance.now() - began;
    const code = await running.kill('SIGKILL');
    await walking;
    control.close();
    for (const event of readJournal(journal)) platter.replay(event);
    platter.cut({ kind: 'nothing' });
    return { left, code, ms };
  }

  it('makes the server leave within a second, and nothing that it acknowledged is lost', {
    timeout: PATIENCE_MS,
  }, async () => {
    const leftMs: number[] = [];
    for (let round = 0; round < BREAKS; round++) {
      const { left, code, ms } = await breakUnderLoad(2 * LEAVES_WITHIN_MS);
      leftMs.push(Math.round(ms));
      expect(checkDatabase(folder)).toBe('ok');
      const running = await start(folder, {});
      await expectAllThere(running.url, auditor, crowd);
      await crowd.catchUp(running.url);
      await running.kill('SIGTERM');
      expect({ left, code }).toEqual({ left: 'by itself', code: 1 });
    }
    report(`sync fails: ${BREAKS} times, the server left after ${leftMs.join(', ')} ms`);
    expect(quantile(leftMs, 1)).toBeLessThanOrEqual(LEAVES_WITHIN_MS);
  });

  it('and a server that stays and acknowledges is caught', { timeout: PATIENCE_MS }, async () => {
    const { left } = await breakUnderLoad(WATCHED_MS, DEAF_MAIN);
    const running = await start(folder, {});
    const { lost } = await compareWithHistories(running.url, auditor, crowd.claims);
    report(`deaf to a broken disk: ${crowd.claims.said.length} events acknowledged, ${lost.length} findings`);
    expect(left).toBe('not');
    expect(lost.length).toBeGreaterThan(0);
  });
});
