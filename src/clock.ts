import { uptime } from 'node:os';
import type { Clock } from './engine/runtime.ts';

/** setTimeout takes 32 bits; what is given more comes back at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;
/** 0.86 s a day: no timer of a day or less is early or late by a second because of it. */
const STEERING = 1e-5;
/** What keeping time over a network corrects, a leap second included. More is somebody setting the clock. */
const STEERABLE_MS = 1_000;
/** A shorter sleep is not told from the uptime's own grain. */
const SLEEP_MS = 2_000;

export interface TimeSources {
  /** What the machine says the time is, in milliseconds since 1970. Anyone may set it, forwards or back. */
  wall(): number;
  /** Milliseconds since whenever. Only ever goes on, whoever sets the clock. */
  elapsed(): number;
}

export interface SteadyTime {
  now(): number;
  /** How far the wall clock is ahead; a second or more says that it was set, and that the next start will follow it. */
  wallAheadMs(): number;
}

/**
 * Time that goes at the pace of real time whatever is done to the wall clock, so that no deadline comes early and no
 * lock-out stays: the wall clock is believed once, when this is made. Later it is followed only where it differs by
 * little, and so slowly that nobody's minute is another one; what it was set by meanwhile counts from the next start.
 */
export function createSteadyTime(sources: TimeSources): SteadyTime {
  const startedAt = sources.wall();
  const startedWith = sources.elapsed();
  let passed = 0;
  // Kept apart from the time itself: beside 1.8e12 a millisecond's share of it would be rounded away.
  let steered = 0;

  function read(): number {
    const before = passed;
    passed = Math.max(passed, sources.elapsed() - startedWith);
    const ahead = sources.wall() - (startedAt + passed + steered);
    const most = (passed - before) * STEERING;
    if (Math.abs(ahead) < STEERABLE_MS) steered += Math.min(most, Math.max(-most, ahead));
    return startedAt + passed + steered;
  }

  return {
    now: () => Math.floor(read()),
    wallAheadMs: () => sources.wall() - read(),
  };
}

/** Where `awake` stands still while the machine sleeps, as performance.now() does on Linux, the uptime does not. */
export function createElapsed(awake: () => number, up: () => number): () => number {
  const upBefore = up() - awake();
  let asleep = 0;
  let lookedAt = awake();
  return () => {
    const now = awake();
    // Reading the uptime opens a file: once a second is often enough.
    if (now - lookedAt >= 1_000) {
      lookedAt = now;
      const slept = up() - now - upBefore;
      if (slept - asleep >= SLEEP_MS) asleep = slept;
    }
    return now + asleep;
  };
}

/** The time of this machine, as it was when the process began. */
export const systemClock: Clock & SteadyTime = {
  ...createSteadyTime({
    wall: () => Date.now(),
    elapsed: createElapsed(
      () => performance.now(),
      () => uptime() * 1_000,
    ),
  }),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
