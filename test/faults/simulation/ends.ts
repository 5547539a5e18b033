import { verifyCase } from '../../../src/engine/verify.ts';
import type { VaultRow } from '../../../src/vault/vault.ts';
import { MATTER } from '../../load/walker.ts';
import { casesOf, newRequest, nobodyWaits, plainStep, viewOf } from './clients.ts';
import { startProcess } from './processes.ts';
import { type ClientRequest, checkUndone, sendTo } from './requests.ts';
import { take } from './take.ts';
import { blame, listening, nameOf, type Person, say, type World } from './world.ts';

/** Ten times what it took at most in 1,000 runs. */
const PATIENCE_STEPS = 600;
/** Timers that are waited for at the end, one after the other. */
const TIMERS = 3;

/** The real matter is long: part of its way is gone before anything goes wrong, or hardly a run would see its end. */
export async function takeHeadStart(world: World): Promise<void> {
  world.calm = true;
  const [person] = world.people;
  await until(world, () => listening(world).length > 0);
  if (person && world.profile.headStart > 0) await walk(world, person, world.profile.headStart);
  world.calm = false;
}

async function walk(world: World, person: Person, events: number): Promise<void> {
  await done(world, newRequest(world, person, { matter: MATTER, key: 'head start' }));
  for (let left = events; left > 0; left--) {
    const [caseId] = casesOf(world, person);
    if (caseId === undefined) return;
    const step = plainStep(world, await viewOf(world, person, caseId), person);
    if (step)
      await done(world, newRequest(world, person, { caseId, matter: MATTER, waitMs: 10_000, ...step }));
  }
}

async function done(world: World, request: ClientRequest): Promise<void> {
  const [process] = listening(world);
  if (!process || world.broken) return;
  await take(world, () => sendTo(world, process, request));
  await until(world, () => request.tries.every(({ fate }) => fate !== 'under way'));
}

/** Without faults, and with time to wait, it comes to this; the oldest first. */
async function until(world: World, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let left = PATIENCE_STEPS; left > 0 && !world.broken; left--) {
    if (await holds()) return true;
    await take(world, goOnCalmly);
  }
  return false;
}

/** Time moves only when nothing else can: then to what comes next, over all the looks a worker takes meanwhile. */
async function goOnCalmly({ schedule, time, oracle }: World): Promise<void> {
  if (schedule.waiting().length > 0) return schedule.take(0).run();
  const next = time.nextAt() ?? time.now() + 1_000;
  const due = Date.parse(oracle.findNext() ?? '');
  time.moveTo(Math.max(next, Number.isNaN(due) ? 0 : Math.min(due, next + 3_600_000)));
}

/** The faults stop. Then everything that was begun ends, by itself or because somebody withdraws it. */
export async function bringToAnEnd(world: World): Promise<void> {
  if (world.broken) return;
  say(world, 'calm');
  world.calm = true;
  await until(world, () => restarted(world));
  await expectQuiet(world, 'work that is open is done');
  for (let left = TIMERS; left > 0 && !world.broken; left--) await waitForTimer(world);
  for (const person of world.people) await withdrawAll(world, person);
  await expectQuiet(world, 'nothing is open when every case has ended');
  await expectNoTasks(world);
  for (const request of world.requests) await checkUndone(world, request);
  for (const caseId of world.histories.ids()) await verify(world, caseId);
  await openAgain(world);
}

function restarted(world: World): boolean {
  for (const [place, process] of world.processes) if (!process) startProcess(world, place);
  return listening(world).length === world.processes.size;
}

async function expectQuiet(world: World, promise: string): Promise<void> {
  const quiet = await until(world, () => nobodyWaits(world) && openWork(world).length === 0);
  if (!quiet) blame(world, promise, openWork(world).join(', ') || 'a request is not answered');
}

function openWork({ time, oracle }: World): string[] {
  return oracle.open(new Date(time.now()).toISOString()).map(({ ref }) => ref);
}

async function waitForTimer(world: World): Promise<void> {
  const due = world.oracle.findNext();
  if (due === undefined) return;
  world.time.moveTo(Date.parse(due));
  await expectQuiet(world, 'a timer that is due fires');
}

async function withdrawAll(world: World, person: Person): Promise<void> {
  for (const caseId of casesOf(world, person)) {
    const row = await world.truth.findCase(caseId);
    const matter = row?.matter ?? '';
    const type = matter === 'job' ? 'job.withdraw' : 'case.withdraw';
    const request = newRequest(world, person, {
      caseId,
      matter,
      type,
      key: `end of ${nameOf(world, caseId)}`,
    });
    if (matter === 'job') request.body = { mark: request.mark };
    world.requests.push(request);
    await done(world, request);
    const answered = request.tries.at(-1)?.fate === 'answered';
    if (!answered)
      blame(
        world,
        'a person can always withdraw',
        `${nameOf(world, caseId)} ${JSON.stringify(row?.state.value)}`,
      );
  }
}

async function expectNoTasks(world: World): Promise<void> {
  const { tasks } = await world.truth.count();
  if (tasks > 0) blame(world, 'nothing is open when every case has ended', `${tasks} tasks`);
}

/** An ended case is in nobody's way. */
async function openAgain(world: World): Promise<void> {
  const [person] = world.people;
  if (!person) return;
  const request = newRequest(world, person, { key: undefined });
  await done(world, request);
  if (request.tries.at(-1)?.fate !== 'answered') blame(world, 'who has withdrawn can open again', 'refused');
}

/** What an auditor would be told. */
async function verify(world: World, caseId: string): Promise<void> {
  const { truth, vault, matters } = world;
  const row = await truth.findCase(caseId);
  if (!row) return;
  const wrapped = await truth.findPersonKey(row.owner);
  const opens = (value: VaultRow) => {
    try {
      return (
        wrapped !== undefined && vault.openValues(vault.openPerson(row.owner, wrapped), [value]) !== undefined
      );
    } catch {
      return false;
    }
  };
  const found = verifyCase({
    matter: matters.get(row.matter),
    row,
    accepted: await truth.readEntries(caseId, 'accepted'),
    refused: await truth.readEntries(caseId, 'refused'),
    read: await truth.readEntries(caseId, 'read'),
    tasks: await truth.readTasks(caseId),
    vault: (await truth.readVault(caseId)).map((value) => ({ ...value, opens: opens(value) })),
  });
  if (!found.holds) blame(world, 'a case verifies', JSON.stringify(found.firstBreak));
}
