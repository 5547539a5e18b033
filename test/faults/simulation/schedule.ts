import type { Clock } from '../../../src/engine/runtime.ts';

/** Something the world owes somebody: a store's answer, a provider's, a timer that has come round. */
export interface Owed {
  /** The process it is owed to: when that is gone, so is this. */
  to: string;
  what: string;
  /** Held back to this step, or until nothing else goes on: late means that much happens before. */
  from?: number;
  run(): Promise<void>;
}

/** Everything that is under way. Nothing of it happens but by being taken from here. */
export interface Schedule {
  add(owed: Owed): void;
  waiting(): readonly Owed[];
  take(index: number): Owed;
  /** A process is gone, and everything owed to it with it. */
  forget(process: string): void;
}

export function createSchedule(): Schedule {
  let owed: Owed[] = [];
  const gone = new Set<string>();
  return {
    add(one) {
      if (!gone.has(one.to)) owed.push(one);
    },
    waiting: () => owed,
    take(index) {
      const [taken] = owed.splice(index, 1);
      if (!taken) throw new Error(`nothing waits at ${index}`);
      return taken;
    },
    forget(process) {
      gone.add(process);
      owed = owed.filter(({ to }) => to !== process);
    },
  };
}

/**
 * Until nothing runs that could run: setImmediate comes round only when no promise is left to go on (1.4 µs measured,
 * so there is no need to count turns of `await null`).
 */
export function settleDown(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Timer {
  to: string;
  at: number;
  callback: () => void;
}

/** Time that stands still until it is moved. What comes due is owed, not called. */
export interface Time {
  now(): number;
  /** To this moment, never back. */
  moveTo(at: number): void;
  nextAt(): number | undefined;
  /** A process's own clock, so much ahead of the world's or behind it. */
  clockOf(process: string, aheadMs: number): Clock;
  forget(process: string): void;
}

export function createTime(start: number, schedule: Schedule): Time {
  let now = start;
  const timers = new Set<Timer>();
  const ring = ({ to, callback }: Timer) => schedule.add({ to, what: 'clock', run: async () => callback() });
  return {
    now: () => now,
    moveTo(at) {
      now = Math.max(now, at);
      const due = [...timers].filter((timer) => timer.at <= now).toSorted((a, b) => a.at - b.at);
      for (const timer of due) {
        timers.delete(timer);
        ring(timer);
      }
    },
    nextAt: () => (timers.size === 0 ? undefined : Math.min(...[...timers].map(({ at }) => at))),
    clockOf: (process, aheadMs) => ({
      now: () => now + aheadMs,
      after(ms, callback) {
        let cancelled = false;
        const timer = { to: process, at: now + ms, callback: () => cancelled || callback() };
        if (ms > 0) timers.add(timer);
        else ring(timer);
        return () => {
          cancelled = true;
          timers.delete(timer);
        };
      },
    }),
    forget(process) {
      for (const timer of timers) if (timer.to === process) timers.delete(timer);
    },
  };
}
