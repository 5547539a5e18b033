import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CaseView } from '../../src/engine/present.ts';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
/** Every case view as it was live, by seq. */
let live: Map<number, CaseView>;

beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  live = new Map();
});
afterEach(() => kit.close());

/** Reads after each commit, before anything else can happen. */
async function recordFrom(id: string): Promise<void> {
  const read = async () => {
    const view = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    live.set(view.seq, view);
  };
  await read();
  kit.runtime.bus.subscribe(id, () => void read());
}

it('asOf answers, for every seq, exactly what was answered live then, `allowed` included', async () => {
  const { id } = await applicant.open();
  await recordFrom(id);
  await applicant.walk(id, { ...person.unregistered, kind: 'forced' }, 'registration.smsCode.sent');
  await kit.advance(61_000);
  await applicant.walk(id, { ...person.unregistered, kind: 'forced' }, 'form.forced');
  await applicant.send(id, 'form.save', { ethnicity: '回族' });
  await applicant.send(id, 'form.back');
  await applicant.walk(id, { ...person.unregistered, kind: 'normal' }, 'form.normal');
  const end = await applicant.walk(id, person.unregistered, 'submitted.awaitingEnterprise');
  expect(live.size).toBeGreaterThan(20);
  for (const [seq, view] of live) {
    const then = await applicant.ask('GET', `/v1/cases/${id}?asOf=${seq}`);
    expect(then.body, `seq ${seq}`).toEqual(view);
    expect(then.headers.etag).toBe(`"${seq}"`);
  }
  expect((await applicant.ask('GET', `/v1/cases/${id}?asOf=${end.seq + 1}`)).status).toBe(404);
});

it('what was acknowledged names its entry by digest, and the history has it at that place', async () => {
  const { id } = await applicant.open();
  await recordFrom(id);
  await applicant.walk(id, person.ordinary, 'notice.reading');
  const auditor = await kit.staff('auditor');
  const history = (await auditor.get(`/v1/audit/cases/${id}/history`)).json<{
    items: { digest: string }[];
  }>();
  expect(live.size).toBeGreaterThan(4);
  for (const [seq, view] of live) expect(view.head).toBe(history.items[seq - 1]?.digest);
});

it('asOf a time answers what was true at that moment', async () => {
  const { id } = await applicant.open();
  await kit.advance(60_000);
  const view = await applicant.walk(id, person.ordinary, 'notice.reading');
  const at = (ms: number) => encodeURIComponent(new Date(Date.parse(view.openedAt) + ms).toISOString());
  expect((await applicant.ask('GET', `/v1/cases/${id}?asOf=${at(59_999)}`)).body.seq).toBe(1);
  expect((await applicant.ask('GET', `/v1/cases/${id}?asOf=${at(60_000)}`)).body.seq).toBe(view.seq);
  expect((await applicant.ask('GET', `/v1/cases/${id}?asOf=${at(-1)}`)).status).toBe(404);
});
