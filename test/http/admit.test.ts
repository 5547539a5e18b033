import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';

let kit: TestApp;
let applicant: Applicant;

beforeEach(async () => {
  kit = await startTestApp({ maxAtOnce: 4 });
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

it('past the limit the answer is 503 busy with Retry-After, and what was admitted is done', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => applicant.ask('GET', '/v1/me')));
  const busy = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
  expect(busy).toHaveLength(16);
  for (const { body, headers } of busy) {
    expect(body.code).toBe('busy');
    expect(headers['retry-after']).toBe('1');
  }
});

it('places are free again afterwards, whatever came of the requests', async () => {
  for (let round = 0; round < 5; round++) {
    const asked = ['/v1/me', '/v1/nothing', '/v1/cases/nobody', '/openapi.json'];
    await Promise.all(asked.map((url) => applicant.ask('GET', url)));
  }
  expect((await applicant.ask('GET', '/v1/me')).status).toBe(200);
});

it('who waits for a provider holds no place, and health is answered all the same', async () => {
  const { id } = await applicant.open();
  kit.simulator.control.fail('people', { delayMs: 5_000 });
  const { name, idNumber } = person.ordinary;
  const waiting = applicant.send(id, 'identity.submit', { name, idNumber });
  await kit.until(() => kit.runtime.waiting.count === 1);
  const answers = await Promise.all(Array.from({ length: 4 }, () => applicant.ask('GET', '/v1/me')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await kit.anyone.get('/health/ready')).statusCode).toBe(200);
  await kit.advance(5_000);
  expect((await waiting).status).toBe(200);
  expect(kit.runtime.waiting.count).toBe(0);
});
