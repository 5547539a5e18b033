import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CaseView } from '../../src/engine/present.ts';
import { type Applicant, MATTER, newApplicant, pictureOf } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

/** A body that its form takes, so that nothing but the state can stand in the way. */
const bodies: Record<string, object> = {
  'identity.submit': { name: person.ordinary.name, idNumber: person.ordinary.idNumber },
  'sms.request': { mobile: person.unregistered.mobile },
  'registration.submit': {
    idType: 'resident-id-card',
    idValidFrom: '2020-01-01',
    idValidTo: 'long-term',
    mobile: person.unregistered.mobile,
    smsCode: '123456',
    password: 'abcd1234',
    passwordConfirmation: 'abcd1234',
    agreementsAccepted: true,
  },
  'face.begin': { consent: true },
  'face.finish': { token: 'token' },
  'notice.acknowledge': { clause: 'c1' },
  'notice.proceed': { kind: 'normal' },
  'form.submit': { ethnicity: '汉族', reason: 'voluntary' },
  'material.remove': { attachment: 'x' },
};

const namesOf = (view: CaseView) => view.allowed.map((each) => each.event);

/** Sends everything that is not listed; nothing of it may be taken. */
async function refuseTheRest(id: string): Promise<string[]> {
  const matter = kit.runtime.matters.get(MATTER);
  const view: CaseView = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
  const others = Object.keys(matter?.events ?? {}).filter((event) => !namesOf(view).includes(event));
  for (const event of others) {
    const answer =
      event === 'material.add'
        ? await applicant.upload(id, 'arbitration', await pictureOf(1))
        : await applicant.send(id, event, bodies[event] ?? {});
    expect(answer.status, `${event} in ${view.states.join(' ')}`).toBeGreaterThanOrEqual(400);
  }
  expect((await applicant.ask('GET', `/v1/cases/${id}`)).body).toEqual(view);
  return view.states;
}

it('what is not in `allowed` is refused and changes nothing, in every state of a walk', async () => {
  const { id } = await applicant.open();
  const seen: string[] = [];
  const walker = { ...person.unregistered, kind: 'forced' as const };
  for (const until of [
    'identity.entering',
    'identity.notFound',
    'registration.smsCode.none',
    'registration.smsCode.sent',
    'faceVerification.consenting',
    'faceVerification.capturing',
    'notice.reading',
    'form.forced',
    'submitted.received',
  ]) {
    await applicant.walk(id, walker, until);
    seen.push(...(await refuseTheRest(id)));
  }
  await applicant.send(id, 'case.withdraw');
  seen.push(...(await refuseTheRest(id)));
  expect(new Set(seen).size).toBe(11);
});

it('what is in `allowed` comes with its form and its place, and each next step of a walk is one of them', async () => {
  const { id } = await applicant.open();
  for (let steps = 0; steps < 40; steps++) {
    const view: CaseView = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    if (view.states.includes('form.normal')) return;
    for (const each of view.allowed) {
      expect(each.form).toMatchObject({ type: 'object', additionalProperties: false });
      expect(each.href).toMatch(new RegExp(`^/v1/cases/${id}/`));
    }
    const before = view.seq;
    const next = await applicant.walkOne(id, person.ordinary);
    expect(namesOf(view)).toContain(next.event);
    expect(next.seq).toBeGreaterThan(before);
  }
  throw new Error('the walk never reached the form');
});
