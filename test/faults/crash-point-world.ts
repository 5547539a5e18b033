import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/engine/runtime.ts';
import { createSimulator, type Simulator } from '../../src/providers/simulator/index.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { inventPeople } from '../load/people.ts';

/** Every second one is registered. */
export function inventBoth(count: number): PersonSample[] {
  return inventPeople(count).map((person, index) => ({ ...person, registered: index % 2 === 0 }));
}

export interface MovedClock extends Clock {
  /** How far this clock is ahead of the machine's, from now on and over a restart. */
  setAhead(ms: number): void;
}

/** The machine's time, moved on: what is due by then comes at once. */
export function createMovedClock(folder: string): MovedClock {
  const file = join(folder, 'clock-ahead');
  let aheadMs = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const waiting = new Set<{ dueAt: number; come: () => void }>();
  const now = () => Date.now() + aheadMs;
  return {
    now,
    after(ms, callback) {
      const timer = setTimeout(() => one.come(), ms);
      const one = {
        dueAt: now() + ms,
        come: () => {
          clearTimeout(timer);
          if (waiting.delete(one)) callback();
        },
      };
      waiting.add(one);
      return () => {
        clearTimeout(timer);
        waiting.delete(one);
      };
    },
    setAhead(ms) {
      writeFileSync(file, String(ms));
      aheadMs = ms;
      for (const one of waiting) if (one.dueAt <= now()) one.come();
    },
  };
}

/**
 * The world outside, on disk beside the service's own data, so that what was done there outlives the server. The server
 * and the test look at the same one.
 */
export function openOutside(folder: string, clock: Pick<Clock, 'now'>, people: PersonSample[]): Simulator {
  return createSimulator({
    file: join(folder, 'outside.db'),
    key: Buffer.alloc(32, 7),
    clock,
    delay: (ms, signal) => delay(ms, undefined, { signal }),
    baseUrl: 'http://127.0.0.1:3000',
    people,
  });
}
