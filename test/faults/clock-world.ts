import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSteadyTime } from '../../src/clock.ts';
import { readEntry } from '../../src/engine/entry.ts';
import { type Applicant, applicantOf, newApplicant, type Walker } from '../applicant.ts';
import { clientOf, createHandClock, type HandClock, startTestApp, type TestApp } from '../helpers.ts';
import { readTimers, readWishes } from './crash-point-history.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What tells the time: the service's own clock, or the machine's wall clock as it is, which is the planted fault. */
export type Kind = 'steady' | 'wall';

interface ShakyClock extends HandClock {
  /** Sets the wall clock while no time passes. */
  set(ms: number): void;
  /** Milliseconds that have really passed. */
  realMs(): number;
  /** The clock of a process that begins now on the same machine. */
  startAgain(): ShakyClock;
}

function createShakyClock(kind: Kind, hand = createHandClock(), setBy = { ms: 0 }): ShakyClock {
  const wall = () => hand.now() + setBy.ms;
  const steady = createSteadyTime({ wall, elapsed: () => hand.now() });
  return {
    now: () => (kind === 'steady' ? steady.now() : wall()),
    after: (ms, callback) => hand.after(ms, callback),
    move: (ms) => hand.move(ms),
    set(ms) {
      setBy.ms += ms;
    },
    realMs: () => hand.now(),
    startAgain: () => createShakyClock(kind, hand, setBy),
  };
}

/** How a wall clock goes wrong: set at once, and set again with every second. */
export interface Shake {
  title: string;
  once: number;
  eachSecond: number;
}

/** A service on a machine whose wall clock cannot be relied on. */
export interface World {
  kit: TestApp;
  /** A fresh device with a case in which this person has come so far. */
  come(who: Walker, state: string): Promise<{ by: Applicant; id: string }>;
  /** From now on the wall clock goes wrong. */
  shake(shake: Shake): void;
  /** Real time passes; what is due is looked for each second, on a long way less often. */
  pass(ms: number): Promise<void>;
  /** The process ends and another begins, and meanwhile the wall clock was set. */
  restart(setBy: number): Promise<void>;
  /** The same device, after a restart. */
  again(by: Applicant): Applicant;
  /** What is wrong with the time in any history, held against real time. */
  findFaults(): Promise<string[]>;
  /** That of it which must not be wrong even when the process began anew on a clock that was set. */
  findTimeGoingBack(): Promise<string[]>;
  /** Timers that should have come by the service's own time and are still there. */
  findOverdue(): Promise<string[]>;
  close(): Promise<void>;
}

/** `kept`: on disk, so that it can be started again. */
export async function startWorld(kind: Kind, kept = false): Promise<World> {
  const folder = kept ? mkdtempSync(join(tmpdir(), 'banjian-')) : undefined;
  /** When each entry was really written, by case and seq. */
  const written = new Map<string, number>();
  let clock = createShakyClock(kind);
  let eachSecond = 0;
  /** The longest time between two looks at what was due. */
  let strideMs = 0;

  async function start(): Promise<TestApp> {
    const kit = await startTestApp({ clock, ...(folder === undefined ? {} : { folder }) });
    const publish = kit.runtime.bus.publish.bind(kit.runtime.bus);
    kit.runtime.bus.publish = (committed) => {
      written.set(`${committed.row.id} ${committed.row.seq}`, clock.realMs());
      publish(committed);
    };
    return kit;
  }

  const world: World = {
    kit: await start(),
    async come(who, state) {
      const by = await newApplicant(world.kit);
      const { id } = await by.open();
      await by.walk(id, who, state);
      return { by, id };
    },
    shake(shaking) {
      clock.set(shaking.once);
      eachSecond = shaking.eachSecond;
    },
    async pass(ms) {
      const stride = strideOf(ms);
      strideMs = Math.max(strideMs, stride);
      for (let left = ms; left > 0; left -= stride) {
        const taken = Math.min(left, stride);
        clock.set((eachSecond * taken) / SECOND);
        await world.kit.advance(taken);
      }
    },
    async restart(setBy) {
      await world.kit.close();
      clock.set(setBy);
      clock = clock.startAgain();
      world.kit = await start();
    },
    again: (by) => applicantOf(world.kit, clientOf(world.kit.app, by.token)),
    async findFaults() {
      const faults = await eachHistory(world.kit, (id, entries) => [
        ...findTimeGoingBack(entries.map(({ bytes }) => readEntry(bytes).at)),
        ...findWrongTimers(world.kit, entries, {
          realMs: (seq) => written.get(`${id} ${seq}`) ?? clock.realMs(),
          nowMs: clock.realMs(),
          slackMs: SECOND + strideMs,
        }),
      ]);
      return faults.flat();
    },
    async findTimeGoingBack() {
      const faults = await eachHistory(world.kit, (_id, entries) =>
        findTimeGoingBack(entries.map(({ bytes }) => readEntry(bytes).at)),
      );
      return faults.flat();
    },
    async findOverdue() {
      const now = new Date(clock.now()).toISOString();
      const { rows } = await world.kit.runtime.store.searchCases({ limit: 100 });
      const tasks = await Promise.all(rows.map(({ id }) => world.kit.runtime.store.readTasks(id)));
      return tasks
        .flat()
        .filter(({ kind, dueAt }) => kind === 'timer' && dueAt <= now)
        .map(({ ref, dueAt }) => `${ref} was due at ${dueAt}`);
    },
    async close() {
      await world.kit.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
  return world;
}

/** The longer the way, the longer the steps; the last ends where it does. */
function strideOf(ms: number): number {
  if (ms > DAY) return HOUR;
  if (ms > 10 * MINUTE) return 10 * MINUTE;
  return ms > MINUTE ? 5 * SECOND : SECOND;
}

type Stored = Awaited<ReturnType<TestApp['runtime']['store']['readEntries']>>;

async function eachHistory<T>(kit: TestApp, look: (id: string, entries: Stored) => T): Promise<T[]> {
  const { rows } = await kit.runtime.store.searchCases({ limit: 100 });
  return Promise.all(
    rows.map(async ({ id }) => look(id, await kit.runtime.store.readEntries(id, 'accepted'))),
  );
}

export function findTimeGoingBack(times: string[]): string[] {
  return times.filter((at, index) => at < (times[index - 1] ?? '')).map((at) => `time went back to ${at}`);
}

interface Really {
  realMs(seq: number): number;
  nowMs: number;
  /** How late is late: a second beyond the time between two looks. */
  slackMs: number;
}

/** Timers that came early by more than a second, that came late, or that never came. No clock of the service is asked. */
function findWrongTimers(kit: TestApp, entries: Stored, really: Really): string[] {
  const [matter] = kit.runtime.matters.values();
  if (!matter) throw new Error('no matter');
  return readTimers(readWishes(matter, entries)).flatMap(({ ref, setBy, delayMs, endedBy, fired }) => {
    const end = endedBy === undefined ? really.nowMs : really.realMs(endedBy);
    const late = end - really.realMs(setBy) - delayMs;
    if (fired && late < -SECOND) return [`${ref} came ${-late} ms early`];
    return late > really.slackMs ? [`${ref} is ${late} ms late`] : [];
  });
}
