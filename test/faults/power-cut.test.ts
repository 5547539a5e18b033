import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { png } from '../helpers.ts';
import { type Call, connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { must, newWalker, pictureForm } from '../load/walker.ts';
import {
  checkDatabase,
  compareWithHistories,
  findUnverified,
  markOf,
  newAuditor,
  newer,
  sha256,
} from './acknowledged.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { isFull, quantile, report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess } from './server.ts';
import { type DiskEvent, readJournal } from './shim/journal.ts';
import { createPlatter, type Platter, type Survival } from './shim/platter.ts';
import { buildShim, noShim, shimEnvironment } from './shim/shim.ts';

const OFTEN_MAIN = fileURLToPath(new URL('./power-cut-often-main.ts', import.meta.url));
const UNSYNCED_MAIN = fileURLToPath(new URL('./power-cut-normal-main.ts', import.meta.url));
const UNSYNCED_FILES_MAIN = fileURLToPath(new URL('./power-cut-files-main.ts', import.meta.url));
const CLIENTS = 8;
const CUTS = sized(2, 200);
/** A folder lives through so many cuts: a long history makes each start and each check dearer, and no harder. */
const CUTS_A_FOLDER = 20;
const MAX_EVENTS = sized(60, 250);
const FIRST_STARTS = 30;
const SAMPLE = sized(5, 40);
const PATIENCE_MS = sized(60_000, 60 * 60_000);
const NOTHING = { lost: [], doubled: [], broken: [] };
const WORLD = 'simulator.db';

/** Half of the cuts leave nothing that was not synced, the others what the disk happened to have got to. */
function chooseSurvival(): Survival {
  if (Math.random() < 0.5) return { kind: 'nothing' };
  const sector = Math.random() < 0.5 ? 512 : 4096;
  return { kind: 'some', sector, share: Math.random(), chance: Math.random };
}

describe.skipIf(noShim)(`a power cut${noShim ? ` (not tried: ${noShim})` : ''}`, () => {
  let scratch: string;
  let shim: string;
  let folder: string;
  let journal: string;
  let auditor: string;
  let crowd: Crowd;
  let server: ServerProcess | undefined;

  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'banjian-cut-'));
    shim = buildShim(scratch);
  });
  afterAll(() => rmSync(scratch, { recursive: true }));
  beforeEach(newFolder);
  afterEach(async () => {
    await server?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  async function newFolder(): Promise<void> {
    folder = mkdtempSync(join(scratch, 'data-'));
    journal = join(scratch, 'journal');
    auditor = await newAuditor(folder);
    crowd = createCrowd({ people: inventPeople(CLIENTS), auditor });
  }

  function optionsOf(main?: string) {
    rmSync(journal, { force: true });
    const env = shimEnvironment({ shim, root: folder, log: journal });
    return { folder, people: CLIENTS, env, ...(main === undefined ? {} : { main }) };
  }

  async function start(main?: string): Promise<ServerProcess> {
    server = await startServerProcess(optionsOf(main));
    return server;
  }

  /** Works until so many more events were acknowledged, and a little longer; then the power goes. */
  async function workUntilCut(running: ServerProcess, events: number): Promise<void> {
    const walking = crowd.walk(running.url);
    await Promise.race([crowd.reaches(crowd.claims.said.length + events), walking]);
    await pause(randomInt(8));
    await running.kill('SIGKILL');
    await walking;
  }

  /** Answers with the syncs that the shim saw, by file; that of the database itself belongs to a checkpoint. */
  function cut(platter: Platter, survival: Survival, isSeen = (_event: DiskEvent) => true) {
    const names = new Map<number, string>();
    const syncs = { 'banjian.db': 0, 'banjian.db-wal': 0 };
    for (const event of readJournal(journal)) {
      if (event.kind === 'open') names.set(event.file, event.path);
      const name = event.kind === 'sync' ? names.get(event.file) : undefined;
      if (name === 'banjian.db' || name === 'banjian.db-wal') syncs[name] += 1;
      if (isSeen(event)) platter.replay(event);
    }
    platter.cut(survival);
    return { commits: syncs['banjian.db-wal'], checkpoints: syncs['banjian.db'] };
  }

  it(`takes nothing that was acknowledged: ${CUTS} cuts under load, at any moment`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const figures = { events: 0, files: 0, commits: 0, checkpoints: 0, nothing: 0, some: 0, all: 0 };
    const starts: number[] = [];
    let mark = markOf(crowd.claims);
    for (let done = 0; done < CUTS; done++) {
      const platter = createPlatter(folder, WORLD);
      const running = await start(done % 2 === 0 ? undefined : OFTEN_MAIN);
      starts.push(running.startMs);
      expect(await compareWithHistories(running.url, auditor, newer(crowd.claims, mark))).toEqual(NOTHING);
      mark = markOf(crowd.claims);
      await crowd.catchUp(running.url);
      await workUntilCut(running, randomInt(1, MAX_EVENTS));
      const survival = chooseSurvival();
      figures[survival.kind] += 1;
      const { commits, checkpoints } = cut(platter, survival);
      figures.commits += commits;
      figures.checkpoints += checkpoints;
      expect(checkDatabase(folder)).toBe('ok');
      if ((done + 1) % CUTS_A_FOLDER === 0 || done + 1 === CUTS) {
        await checkAll();
        figures.events += crowd.claims.said.length;
        figures.files += crowd.claims.files.length;
        if (done + 1 < CUTS) await nextFolder();
        mark = markOf(crowd.claims);
      }
    }
    const { events, files, commits, checkpoints } = figures;
    report(
      `power cut: ${CUTS} times (${figures.nothing} left nothing unsynced, ${figures.some} some of it, torn)`,
    );
    report(
      `  ${events} events and ${files} files acknowledged, ${commits} commits, ${checkpoints} checkpoints`,
    );
    report(
      `  start: median ${Math.round(quantile(starts, 0.5))} ms, most ${Math.round(quantile(starts, 1))} ms`,
    );
    expect(files).toBeGreaterThan(0);
    expect(commits).toBeGreaterThan(CUTS);
    if (isFull) expect(checkpoints).toBeGreaterThan(CUTS);
  });

  /** Without the shim: everything that was ever told in this folder. */
  async function checkAll(): Promise<void> {
    const { claims } = crowd;
    server = await startServerProcess({ folder, people: CLIENTS });
    expect(await compareWithHistories(server.url, auditor, claims)).toEqual(NOTHING);
    const cases = [...new Set(claims.said.map(({ caseId }) => caseId))].slice(-SAMPLE);
    expect(await findUnverified(server.url, auditor, cases)).toEqual([]);
    await server.kill('SIGTERM');
  }

  async function nextFolder(): Promise<void> {
    rmSync(folder, { recursive: true });
    await newFolder();
  }

  it.runIf(isFull)(
    `leaves a server that starts, at ${FIRST_STARTS} moments of its very first start`,
    {
      timeout: PATIENCE_MS,
    },
    async () => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      await (await start()).kill('SIGKILL');
      const events = [...readJournal(journal)];
      for (let done = 0; done < FIRST_STARTS; done++) {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        const platter = createPlatter(folder, WORLD);
        const last = Math.floor(((done + 1) / FIRST_STARTS) * events.length);
        for (const event of events.slice(0, last)) platter.replay(event);
        platter.cut(chooseSurvival());
        const running = await start();
        const few = createCrowd({ people: inventPeople(2) });
        await few.walk(running.url, () => few.claims.said.length >= 10);
        expect(few.claims.said.length).toBeGreaterThanOrEqual(10);
        await running.kill('SIGKILL');
      }
      report(`power cut in the first start: ${FIRST_STARTS} moments of ${events.length} steps`);
    },
  );

  it.runIf(isFull)('takes no file that was sent again after a kill', { timeout: PATIENCE_MS }, async () => {
    const before = await start();
    await crowd.walk(before.url, () => crowd.claims.files.length === CLIENTS);
    await before.kill('SIGTERM');

    // Killed between the renaming of a file and the sync of its folder, and started again.
    const [platter, atKill] = [createPlatter(folder, WORLD), createPlatter(folder, WORLD)];
    const killed = await start();
    const token = await visit(killed);
    await killed.kill('SIGKILL');
    for (const event of readJournal(journal)) {
      for (const each of [platter, atKill]) each.replay(event);
      if (event.kind === 'rename' && event.path.startsWith('files/')) break;
    }
    atKill.cut({ kind: 'all' });
    const again = await start();
    await must(connect(again.url).call(avatarOf(token)));
    await again.kill('SIGKILL');

    cut(platter, { kind: 'nothing' });
    const running = await start();
    const { status } = await connect(running.url).call({ method: 'GET', path: '/v1/me/avatar', token });
    expect(status).toBe(200);
  });

  it('is played on everything the server writes: nothing goes past the shim', {
    timeout: 60_000,
  }, async () => {
    const [platter, leaky] = [createPlatter(folder, WORLD), createPlatter(folder, WORLD)];
    await workUntilCut(await start(), 40);
    const before = contentOf(folder);
    expect([...before.keys()].filter((name) => name.startsWith('files/')).length).toBeGreaterThan(0);
    let writes = 0;
    cut(leaky, { kind: 'all' }, (event) => event.kind !== 'write' || ++writes !== 50);
    expect(contentOf(folder)).not.toEqual(before);
    expect(cut(platter, { kind: 'all' }).commits).toBeGreaterThan(10);
    expect(contentOf(folder)).toEqual(before);
  });

  it('takes what was acknowledged from a server that does not sync its commits', {
    timeout: 60_000,
  }, async () => {
    const platter = createPlatter(folder, WORLD);
    await workUntilCut(await start(UNSYNCED_MAIN), 40);
    cut(platter, { kind: 'nothing' });
    forgetLog();
    server = await startServerProcess({ folder, people: CLIENTS });
    const { lost } = await compareWithHistories(server.url, auditor, crowd.claims);
    report(`synchronous=NORMAL: ${crowd.claims.said.length} events acknowledged, ${lost.length} findings`);
    expect(lost.length).toBeGreaterThan(0);
  });

  it('takes files from a server that does not sync them', { timeout: 60_000 }, async () => {
    const platter = createPlatter(folder, WORLD);
    await workUntilCut(await start(UNSYNCED_FILES_MAIN), 20);
    cut(platter, { kind: 'nothing' });
    forgetLog();
    server = await startServerProcess({ folder, people: CLIENTS });
    const { lost } = await compareWithHistories(server.url, auditor, crowd.claims);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.filter((line) => !line.startsWith('file '))).toEqual([]);
  });

  /** A server refuses to start beside a log that has lost something, or has seen what the database lost. */
  function forgetLog(): void {
    for (const name of ['log', 'log.keys']) rmSync(join(folder, name), { recursive: true, force: true });
  }
});

/** Somebody new, who is not of the crowd and has an avatar. */
async function visit({ url }: ServerProcess): Promise<string> {
  const [person] = inventPeople(CLIENTS + 1).slice(CLIENTS);
  if (!person) throw new Error('nobody there');
  const connection = connect(url);
  const { token } = await newWalker(connection, person);
  connection.close();
  return token;
}

function avatarOf(token: string): Call {
  return { method: 'PUT', path: '/v1/me/avatar', token, raw: pictureForm(png()) };
}

/** Every file of ours by its digest, without what is made anew at each start. */
function contentOf(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith(WORLD) && !entry.name.endsWith('-shm'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return new Map(names.toSorted().map((name) => [name, sha256(readFileSync(join(root, name)))]));
}
