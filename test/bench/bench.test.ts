import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventPeople } from '../load/people.ts';
import { verifyCases } from './growth/evidence.ts';
import { fill } from './growth/fill.ts';
import { closeOrigin, openOrigin, writeInBulk } from './growth/origin.ts';
import { createCrowd } from './load/crowd.ts';
import { inTurn } from './load/people.ts';
import { cases, echo } from './load/requests.ts';
import { readAnswer } from './load/wire.ts';
import { SERVERS, type ServerName } from './servers/list.ts';
import { startMeasured } from './servers/start.ts';
import { caseIdOf, EVENTS_A_WALK } from './walk.ts';

const CONNECTIONS = 2;
/** Each test starts a program. */
const PATIENCE_MS = 30_000;
const people = inventPeople(CONNECTIONS + 2);

describe('the servers of the bench', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'banjian-bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const names: ServerName[] = ['echo', 'hand', 'plain', 'banjian'];

  test.concurrent.each(names)(
    '%s answers a whole walk, event by event, to the end',
    async (name) => {
      const server = await startMeasured({ name, folder, people: people.length });
      try {
        const dialect = SERVERS[name].dialect === 'echo' ? echo : cases;
        const crowd = createCrowd({
          url: server.url,
          dialect,
          connections: CONNECTIONS,
          nextWalk: inTurn(people),
        });
        const { acknowledged } = await crowd.play({ events: CONNECTIONS * EVENTS_A_WALK });
        expect(acknowledged).toBeGreaterThanOrEqual(CONNECTIONS * EVENTS_A_WALK);
      } finally {
        await server.stop();
      }
    },
    PATIENCE_MS,
  );
});

describe('the load', () => {
  test(
    'fails on an answer that was not to be expected',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'banjian-bench-'));
      const server = await startMeasured({ name: 'echo', folder, people: 1 });
      try {
        const crowd = createCrowd({
          url: server.url,
          dialect: cases,
          connections: 1,
          nextWalk: inTurn(people),
        });
        await expect(crowd.play({ events: 1 })).rejects.toThrow('case.open was answered 201: {}');
      } finally {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    PATIENCE_MS,
  );

  test('waits until an answer is there, whole', () => {
    const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n{"a":1');
    for (let bytes = 0; bytes < answer.length; bytes++) {
      expect(readAnswer(answer.subarray(0, bytes))).toBeUndefined();
    }
    expect(readAnswer(answer)?.status).toBe(200);
    expect(readAnswer(answer)?.body.toString()).toBe('{"a":1');
  });
});

describe('a case that is written as if it had been walked', () => {
  test(
    'verifies as one that was, and no more when a byte of it is changed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'banjian-bench-'));
      try {
        const filled = await fill({ folder, newcomers: 1, cases: 2 }, () => {});
        const ids = [filled.from, filled.from + 1].map(caseIdOf);
        expect(await verifyCases(folder, ids)).toBe(2);
        const origin = await openOrigin(folder);
        writeInBulk(origin, () => origin.db.exec(`UPDATE entries SET bytes = bytes || ' ' WHERE seq = 3`));
        closeOrigin(origin);
        await expect(verifyCases(folder, ids)).rejects.toThrow('a case does not hold');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    PATIENCE_MS,
  );
});
