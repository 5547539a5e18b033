import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Applicant, MATTER, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

const openAgain = () => applicant.ask('POST', `/v1/matters/${MATTER}/cases`, { body: {} });

it('opening a second case is 409 and leads to the one that is open, which is not reset', async () => {
  const { id } = await applicant.open();
  const { seq } = await applicant.walk(id, person.ordinary, 'notice.reading');
  const second = await openAgain();
  expect(second.status).toBe(409);
  expect(second.body).toMatchObject({
    code: 'case-open-already',
    detail: '您已有正在办理的注销申请',
    case: { id, href: `/v1/cases/${id}` },
  });
  expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.seq).toBe(seq);
});

it('many openings at once make one case', async () => {
  const answers = await Promise.all([openAgain(), openAgain(), openAgain(), openAgain()]);
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
});

it('a submitted case is still open; a withdrawn one frees the way', async () => {
  const { id } = await applicant.open();
  await applicant.walk(id, person.ordinary, 'submitted.awaitingEnterprise');
  expect((await openAgain()).status).toBe(409);
  await applicant.send(id, 'case.withdraw');
  expect((await openAgain()).status).toBe(201);
});

it('the same person on another device is told 409 once their face is proven, not before', async () => {
  const { id } = await applicant.open();
  await applicant.walk(id, person.ordinary, 'form.normal');
  const other = await newApplicant(kit);
  const second = await other.open();
  const shown = await other.walk(second.id, person.ordinary, 'faceVerification.capturing');
  const { token } = shown.data.face as { token: string };
  kit.simulator.control.setFaceOutcome(token, 'pass');
  const answer = await other.send(second.id, 'face.finish', { token });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ code: 'case-open-already', state: ['notEligible'] });
  expect(answer.text).not.toContain(id);
  const end = (await other.ask('GET', `/v1/cases/${second.id}`)).body;
  expect(end).toMatchObject({ status: 'done', message: '您已有正在办理的注销申请' });
  expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.states).toEqual(['form.normal']);
});

it('of two devices that prove the same face at once, one goes on', async () => {
  const devices = await Promise.all([newApplicant(kit), newApplicant(kit)]);
  const ready = await Promise.all(
    devices.map(async (by) => {
      const { id } = await by.open();
      const view = await by.walk(id, person.ordinary, 'faceVerification.capturing');
      const { token } = view.data.face as { token: string };
      kit.simulator.control.setFaceOutcome(token, 'pass');
      return { by, id, token };
    }),
  );
  const answers = await Promise.all(ready.map(({ by, id, token }) => by.send(id, 'face.finish', { token })));
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
});

it('a person with no valid entry blocks nobody', async () => {
  const { id } = await applicant.open();
  const view = await applicant.walk(id, person.noEntry, 'notEligible');
  expect(view).toMatchObject({ status: 'done', message: '未查询到有效注册信息' });
  expect((await openAgain()).status).toBe(201);
});

it('who is deregistered already is told so', async () => {
  const { id } = await applicant.open();
  const view = await applicant.walk(id, person.deregistered, 'notEligible');
  expect(view).toMatchObject({ status: 'done', message: '已注销,无需重复办理', allowed: [] });
});
