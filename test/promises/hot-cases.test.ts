import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHotCases } from '../../src/engine/hot.ts';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;

beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

/** As another process on the same database would: it remembers nothing of what this one remembers. */
function withOwnMemory<T>(work: () => Promise<T>): Promise<T> {
  const { hot } = kit.runtime;
  kit.runtime.hot = createHotCases(10);
  return work().finally(() => {
    kit.runtime.hot = hot;
  });
}

it('what is kept in memory is never answered with once another process has moved the case on', async () => {
  const { id } = await applicant.open();
  await applicant.walk(id, person.ordinary, 'notice.reading');
  const elsewhere = await withOwnMemory(() => applicant.walkOne(id, person.ordinary));
  const here = await applicant.ask('GET', `/v1/cases/${id}`);
  expect(here.body.seq).toBe(elsewhere.seq);
  const stale = await applicant.send(
    id,
    'notice.acknowledge',
    { clause: 'c2' },
    { 'if-match': `"${elsewhere.seq - 1}"` },
  );
  expect(stale.status).toBe(412);
  expect((await applicant.walkOne(id, person.ordinary)).seq).toBe(elsewhere.seq + 1);
});

it('a case is the same with nothing kept in memory', async () => {
  const { id } = await applicant.open();
  const hot = await applicant.walk(id, person.ordinary, 'form.normal');
  kit.runtime.hot = createHotCases(0);
  expect((await applicant.ask('GET', `/v1/cases/${id}`)).body).toEqual(hot);
  await applicant.walk(id, person.ordinary, 'submitted.awaitingEnterprise');
});

it('as many are kept as was asked for, and an older state never takes the place of a newer', async () => {
  const hot = createHotCases(2);
  const { id } = await applicant.open();
  await applicant.ask('GET', `/v1/cases/${id}`);
  const kept = kit.runtime.hot.find(id);
  if (!kept) throw new Error('the case was just read');
  const numbered = (n: number, seq = 1) => ({ ...kept, row: { ...kept.row, id: `c${n}`, seq } });
  for (const n of [1, 2, 3]) hot.keep(numbered(n));
  expect([1, 2, 3].map((n) => hot.find(`c${n}`) !== undefined)).toEqual([false, true, true]);
  hot.keep(numbered(3, 7));
  hot.keep(numbered(3, 6));
  expect(hot.find('c3')?.row.seq).toBe(7);
});
