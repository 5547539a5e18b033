import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connect } from '../load/connection.ts';
import { must } from '../load/walker.ts';
import { isFull, quantile, report, sized } from './scale.ts';
import { withServer } from './server.ts';
import {
  beginUpload,
  hangUp,
  holdOn,
  type Lasted,
  leftOpen,
  MOST_MS,
  readLate,
  type Slow,
  slowKinds,
} from './slow/connections.ts';
import { upload, visit } from './slow/visitors.ts';

const SLOW = sized(54, 1_000);
const VISITORS = 4;
const MOST_P99_MS = 500;

const PATIENT = { main: fileURLToPath(new URL('./slow/patient-main.ts', import.meta.url)) };
const STALLING = { main: fileURLToPath(new URL('./slow/stalling-main.ts', import.meta.url)) };
const FORGETFUL = { main: fileURLToPath(new URL('./slow/forgetful-main.ts', import.meta.url)) };

/** Each in its turn, all at once. */
function holdAll(url: string, kinds: Slow[], count: number): Promise<Lasted[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => holdOn(url, kinds[n % kinds.length] as Slow)));
}

async function tokenAt(url: string): Promise<string> {
  const connection = connect(url);
  const { body } = await must(
    connection.call({ method: 'POST', path: '/v1/sessions', body: { channel: 'web' } }),
  );
  connection.close();
  return body.token;
}

/** Side by side only where they are small. */
const together = isFull ? describe : describe.concurrent;

together('connections that take their time', () => {
  it(`${SLOW} at once are all closed within ${MOST_MS / 1_000} s, and nobody else waits for them`, {
    timeout: 60_000,
  }, async () => {
    await withServer({}, async (server) => {
      const { url } = server;
      const holding = holdAll(url, slowKinds(await tokenAt(url)), SLOW);
      const took = await visit(url, VISITORS, holding);
      const lasted = await holding;
      const longest = Math.max(...lasted.map(({ ms }) => ms ?? Number.POSITIVE_INFINITY));
      const p99 = quantile(took, 0.99);
      report(
        `${SLOW} slow connections: the last was closed after ${longest.toFixed(0)} ms; ` +
          `${took.length} requests of others: median ${quantile(took, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
      expect(leftOpen(lasted)).toEqual([]);
      expect(took.length).toBeGreaterThan(100);
      expect(p99).toBeLessThanOrEqual(MOST_P99_MS);
      expect(server.errors()).toBe('');
    });
  });

  it('files that come slowly keep nobody else from sending theirs', { timeout: 60_000 }, async () => {
    await withServer({}, async ({ url }) => {
      const first = beginUpload(await tokenAt(url));
      const holding = holdAll(
        url,
        [{ kind: 'a byte of a file now and then', first, drip: 'x' }],
        sized(40, 200),
      );
      const statuses = await upload(url, await tokenAt(url), holding);
      expect(statuses.length).toBeGreaterThan(20);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    });
  });

  it.runIf(isFull)(
    'who takes nothing of what they asked for is let go, and what was kept for them with them',
    {
      timeout: 120_000,
    },
    async () => {
      await withServer({}, async ({ url }) => {
        const asked = 100;
        const { length } = await (await fetch(`${url}/openapi.json`)).bytes();
        const read = await Promise.all(
          Array.from({ length: 5 }, () => readLate(url, '/openapi.json', asked)),
        );
        for (const bytes of read) expect(bytes).toBeLessThan(asked * length);
      });
    },
  );

  it('and it would notice: a server without time limits leaves them open', { timeout: 60_000 }, async () => {
    await withServer(PATIENT, async ({ url }) => {
      const kinds = slowKinds('none');
      const open = leftOpen(await holdAll(url, kinds, kinds.length));
      expect(open).toEqual(
        expect.arrayContaining([
          'nothing at all',
          'headers that never end',
          'a byte of a body now and then',
          'an answered request, and then nothing',
        ]),
      );
    });
  });

  it('and it would notice: a server that stalls keeps the others waiting', { timeout: 60_000 }, async () => {
    await withServer(STALLING, async ({ url }) => {
      const took = await visit(url, VISITORS, pause(sized(3_000, 10_000)));
      expect(quantile(took, 0.99)).toBeGreaterThan(MOST_P99_MS);
    });
  });
});

together('clients that hang up before they are answered', () => {
  const hangUps = 300;
  /** Far fewer requests in hand than hang up. */
  const env = { BANJIAN_MAX_AT_ONCE: '8' };

  it('give their place back', { timeout: 60_000 }, async () => {
    await withServer({ env }, async ({ url }) => {
      for (let n = 0; n < hangUps; n++) await hangUp(url);
      expect((await fetch(`${url}/v1/matters`)).status).toBe(200);
    });
  });

  it('and it would notice: a server that waits for the end of their answers is full for good', {
    timeout: 60_000,
  }, async () => {
    await withServer({ ...FORGETFUL, env }, async ({ url }) => {
      for (let n = 0; n < hangUps; n++) await hangUp(url);
      expect((await fetch(`${url}/v1/matters`)).status).toBe(503);
    });
  });
});
