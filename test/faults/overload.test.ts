import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { type Connection, connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { must, newWalker, nextEvent, openCase, type Walker } from '../load/walker.ts';
import { quantile, report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess } from './server.ts';

/** Requests in hand; the load is twice that and never rests. */
const LIMIT = 16;
const SECONDS = sized(4, 600);
/** The answers that are refused come at once; this leaves room for a busy machine. */
const AT_ONCE_MS = 500;

let folder: string;
let server: ServerProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-overload-'));
});
afterEach(async () => {
  await server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

interface Seen {
  acceptedMs: number[];
  refusedMs: number[];
  others: number[];
  withoutRetryAfter: number;
  memoryMiB: number[];
}

/** Every client saves drafts of a form, one after another, for so long. */
async function overload(clients: number, seconds: number): Promise<Seen> {
  const seen: Seen = { acceptedMs: [], refusedMs: [], others: [], withoutRetryAfter: 0, memoryMiB: [] };
  const people = inventPeople(clients);
  const ready: Client[] = [];
  for (let first = 0; first < clients; first += LIMIT / 2) {
    ready.push(...(await Promise.all(people.slice(first, first + LIMIT / 2).map(reachForm))));
  }
  const end = performance.now() + seconds * 1000;
  const watching = watchMemory(seen, end);
  await Promise.all(ready.map((client) => keepSaving(client, seen, end)));
  await watching;
  for (const { connection } of ready) connection.close();
  return seen;
}

interface Client {
  connection: Connection;
  walker: Walker;
  caseId: string;
}

async function reachForm(person: PersonSample): Promise<Client> {
  const connection = connect(server.url);
  const walker = await newWalker(connection, person);
  let view = (await must(openCase(connection, walker))).body;
  const path = () => `/v1/cases/${view.id}/events/`;
  while (!view.states.includes('form.normal')) {
    const next = nextEvent(view, walker.person);
    if (!next) throw new Error(`stuck in ${view.states}`);
    if (next.before) await must(connection.call({ method: 'POST', ...next.before }));
    const call = { method: 'POST' as const, token: walker.token, path: path() + next.event, body: next.body };
    view = (await must(connection.call(call))).body;
  }
  return { connection, walker, caseId: String(view.id) };
}

async function keepSaving(client: Client, seen: Seen, end: number): Promise<void> {
  const { connection, walker, caseId } = client;
  const path = `/v1/cases/${caseId}/events/form.save`;
  while (performance.now() < end) {
    const began = performance.now();
    const call = { method: 'POST' as const, path, token: walker.token, body: { ethnicity: '汉族' } };
    const { status, headers } = await connection.call(call);
    const ms = performance.now() - began;
    if (status === 200) seen.acceptedMs.push(ms);
    else if (status === 503) seen.refusedMs.push(ms);
    else seen.others.push(status);
    if (status === 503 && headers['retry-after'] === undefined) seen.withoutRetryAfter++;
  }
}

async function watchMemory(seen: Seen, end: number): Promise<void> {
  while (performance.now() < end) {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    seen.memoryMiB.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The median of a part of what was seen, so that one garbage collection says nothing. */
function levelOf(values: number[], from: number, to: number): number {
  return quantile(values.slice(Math.floor(values.length * from), Math.ceil(values.length * to)), 0.5);
}

describe('more than the server has said it takes at once', () => {
  it(
    'is answered 503 with Retry-After at once; what is accepted does not wait for it, and memory stays flat',
    async () => {
      server = await startServerProcess({ folder, people: 64, env: { BANJIAN_MAX_AT_ONCE: String(LIMIT) } });
      const seen = await overload(2 * LIMIT, SECONDS);
      const early = levelOf(seen.memoryMiB, 0.25, 0.5);
      const late = levelOf(seen.memoryMiB, 0.75, 1);
      report(
        `overload: ${SECONDS} s at twice the limit of ${LIMIT}: ${seen.acceptedMs.length} accepted, ` +
          `p50 ${quantile(seen.acceptedMs, 0.5).toFixed(1)} p99 ${quantile(seen.acceptedMs, 0.99).toFixed(1)} ms; ` +
          `${seen.refusedMs.length} refused, p99 ${quantile(seen.refusedMs, 0.99).toFixed(1)} ms; ` +
          `memory ${early.toFixed(0)} → ${late.toFixed(0)} MiB`,
      );
      expect(seen.others).toEqual([]);
      expect(seen.refusedMs.length).toBeGreaterThan(0);
      expect(seen.withoutRetryAfter).toBe(0);
      expect(quantile(seen.refusedMs, 0.99)).toBeLessThan(AT_ONCE_MS);
      expect(quantile(seen.acceptedMs, 0.99)).toBeLessThan(1_000);
      expect(late).toBeLessThan(early + 64);
    },
    (SECONDS + 60) * 1000,
  );

  it('control: without a limit nobody is refused, and everybody waits', async () => {
    server = await startServerProcess({ folder, people: 256, env: { BANJIAN_MAX_AT_ONCE: '100000' } });
    const seen = await overload(2 * LIMIT, 3);
    expect(seen.refusedMs).toEqual([]);
  }, 60_000);
});
