import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntry } from '../../src/engine/entry.ts';
import type { CaseView } from '../../src/engine/present.ts';
import { type Applicant, newApplicant, pictureOf, registrationOf } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
/** Every answer as it was live, by seq and language. */
let live: Map<number, Record<Spoken, CaseView>>;

const LANGUAGES = ['zh-CN', 'en'] as const;
type Spoken = (typeof LANGUAGES)[number];

beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  live = new Map();
});
afterEach(() => kit.close());

async function read(path: string): Promise<Record<Spoken, CaseView>> {
  const [zh, en] = await Promise.all(
    LANGUAGES.map((language) => applicant.ask('GET', path, { headers: { 'accept-language': language } })),
  );
  return { 'zh-CN': zh?.body, en: en?.body };
}

/** Reads after each commit, before anything else can happen. */
async function recordFrom(id: string): Promise<void> {
  const record = async () => {
    const views = await read(`/v1/cases/${id}`);
    if (views.en.seq === views['zh-CN'].seq) live.set(views.en.seq, views);
  };
  await record();
  kit.runtime.bus.subscribe(id, () => void record());
}

/** Asks for every entry there is, and holds the answer against what was said when it was the last. */
async function compareEverySeq(id: string, last: number): Promise<void> {
  const seqs = Array.from({ length: last }, (_, index) => index + 1);
  expect([...live.keys()].toSorted((a, b) => a - b)).toEqual(seqs);
  for (const seq of seqs) {
    expect(await read(`/v1/cases/${id}?asOf=${seq}`), `seq ${seq}`).toEqual(live.get(seq));
  }
}

const unregistered = (kind: 'normal' | 'forced') => ({ ...person.unregistered, kind });

describe('asOf answers, for every seq and in both languages, exactly what was answered live then, `allowed` included', () => {
  it('through registration, the forced branch, back to the normal one, to the end', async () => {
    const { id } = await applicant.open();
    await recordFrom(id);
    await applicant.walk(id, unregistered('forced'), 'registration.smsCode.sent');
    await kit.advance(61_000);
    await applicant.walk(id, unregistered('forced'), 'form.forced');
    await applicant.send(id, 'form.save', { ethnicity: '回族' });
    await applicant.upload(id, 'arbitration', await pictureOf(1));
    await applicant.send(id, 'pledge.accept');
    await applicant.send(id, 'form.back');
    await applicant.walk(id, unregistered('normal'), 'submitted.awaitingEnterprise');
    await applicant.send(id, 'case.withdraw');
    const { seq } = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    expect(seq).toBeGreaterThanOrEqual(30);
    await compareEverySeq(id, seq);
    expect((await applicant.ask('GET', `/v1/cases/${id}?asOf=${seq + 1}`)).status).toBe(404);
    const then = await applicant.ask('GET', `/v1/cases/${id}?asOf=3`);
    expect(then.headers.etag).toBe('"3"');
  });

  it('through the forced branch to its own end', async () => {
    const { id } = await applicant.open();
    await recordFrom(id);
    const { seq } = await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'submitted.received');
    expect(seq).toBeGreaterThan(15);
    await compareEverySeq(id, seq);
  });

  it('through every timer: a code that expires, a pause that ends, a face token that ends, a lock that is lifted', async () => {
    const { id } = await applicant.open();
    await recordFrom(id);
    await applicant.walk(id, unregistered('normal'), 'registration.smsCode.sent');
    await kit.advance(60_000);
    await kit.advance(240_000);
    const { mobile } = person.unregistered;
    await applicant.send(id, 'sms.request', { mobile });
    await applicant.send(id, 'registration.submit', {
      ...registrationOf(kit.simulator.control, mobile),
      smsCode: '000000',
    });
    await applicant.walk(id, unregistered('normal'), 'faceVerification.capturing');
    await kit.advance(3_600_000);
    await applicant.walk(id, unregistered('normal'), 'faceVerification.capturing');
    for (let failures = 1; failures <= 5; failures++) await failFace(id);
    await kit.advance(24 * 3_600_000);
    const { seq, states } = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    expect(states).toEqual(['faceVerification.consenting']);
    const types = await typesOf(id);
    for (const timer of ['smsCodeExpires', 'faceTokenExpires', 'faceLockEnds'])
      expect(types).toContain(timer);
    expect(types).toContain('sms.resume');
    await compareEverySeq(id, seq);
  });
});

/** The camera sees somebody else. */
async function failFace(id: string): Promise<void> {
  const { states } = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
  if (!states.includes('faceVerification.capturing'))
    await applicant.send(id, 'face.begin', { consent: true });
  const { token } = (await applicant.ask('GET', `/v1/cases/${id}`)).body.data.face;
  kit.simulator.control.setFaceOutcome(token, 'mismatch');
  await applicant.send(id, 'face.finish', { token });
}

async function typesOf(id: string): Promise<string> {
  const entries = await kit.runtime.store.readEntries(id, 'accepted');
  return entries.map(({ bytes }) => readEntry(bytes).type).join(' ');
}

it('what was acknowledged names its entry by digest, and the history has it at that place', async () => {
  const { id } = await applicant.open();
  await recordFrom(id);
  await applicant.walk(id, person.ordinary, 'notice.reading');
  const auditor = await kit.staff('auditor');
  const history = (await auditor.get(`/v1/audit/cases/${id}/history`)).json<{
    items: { digest: string }[];
  }>();
  expect(live.size).toBeGreaterThan(4);
  for (const [seq, { en }] of live) expect(en.head).toBe(history.items[seq - 1]?.digest);
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
