import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../db/store.ts';
import { keyAgeMs } from '../engine/key-age.ts';
import type { Runtime } from '../engine/runtime.ts';

export type EventOutcome = 'settled' | 'pending' | 'problem' | 'refused';

export interface Metrics {
  registry: Registry;
  /** `type` must be a name we know: a client's text would make a series of its own. */
  countEvent(type: string, outcome: EventOutcome): void;
}

/** Counters of this app alone: several apps in one process do not mix. */
export function createMetrics({ store, vault, clock }: Runtime): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'banjian_events_total',
    help: 'Events sent to cases',
    labelNames: ['type', 'outcome'],
    registers,
  });
  gaugeOfStore(store, registry);
  gaugeOfKey({ vault, clock }, registry);
  return {
    registry,
    countEvent: (type, outcome) => events.inc({ type, outcome }),
  };
}

/** Counted when asked for, and once for all three. */
function gaugeOfStore(store: Store, registry: Registry): void {
  const rows = new Gauge({
    name: 'banjian_rows',
    help: 'Cases, entries of both chains, and open tasks',
    labelNames: ['of'],
    registers: [registry],
    async collect() {
      const counts = await store.count();
      for (const [of, count] of Object.entries(counts)) this.set({ of }, count);
    },
  });
  rows.reset();
}

/** Older than 30 days, it is time for `banjian key renew`. */
function gaugeOfKey({ vault, clock }: Pick<Runtime, 'vault' | 'clock'>, registry: Registry): void {
  const age = new Gauge({
    name: 'banjian_wrapping_key_age_seconds',
    help: 'Age of the key that wraps the keys of persons',
    registers: [registry],
    collect() {
      this.set(Math.floor(keyAgeMs(vault, clock.now()) / 1000));
    },
  });
  age.reset();
}

export function measureRequests(app: FastifyInstance, { registry }: Metrics): void {
  const labelNames = ['method', 'route', 'status'];
  const registers = [registry];
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ method, route, status: String(reply.statusCode) });
    durations.observe({ method, route }, reply.elapsedTime / 1000);
    done();
  });
}
