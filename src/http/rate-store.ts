import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { Clock } from '../engine/runtime.ts';

const MAX_ADDRESSES = 10_000;

/**
 * Counts the requests of an address in windows of our own time. The plugin's store goes by the wall clock: set back by a
 * day, it would shut an address out for a day.
 */
export function countBy(clock: Clock): FastifyRateLimitStoreCtor {
  return class implements FastifyRateLimitStore {
    readonly #windows = new Map<string, { current: number; endsAt: number }>();

    incr(...[key, callback, timeWindow]: Parameters<FastifyRateLimitStore['incr']>): void {
      const now = clock.now();
      let window = this.#windows.get(key);
      if (!window || window.endsAt <= now) {
        window = { current: 0, endsAt: now + timeWindow };
        this.#windows.delete(key);
        this.#windows.set(key, window);
        // The oldest window goes: it ends soonest.
        if (this.#windows.size > MAX_ADDRESSES) this.#windows.delete(this.#windows.keys().next().value ?? '');
      }
      window.current += 1;
      callback(null, { current: window.current, ttl: window.endsAt - now });
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
