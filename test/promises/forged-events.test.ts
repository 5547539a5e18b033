import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

describe('no step can be skipped', () => {
  let kit: TestApp;
  let applicant: Applicant;
  beforeEach(async () => {
    kit = await startTestApp();
    applicant = await newApplicant(kit);
  });
  afterEach(() => kit.close());

  const history = (id: string) => kit.runtime.store.readEntries(id, 'accepted');
  const refusals = async (id: string) =>
    (await kit.runtime.store.readEntries(id, 'refused')).map((entry) => JSON.parse(entry.bytes));

  it.each([
    'xstate.done.actor.checkFace',
    'xstate.done.actor.readRegister',
    'xstate.error.actor.checkFace',
    'xstate.init',
    'xstate.stop',
    'xstate.after.faceTokenExpires.supervision-engineer-deregistration.faceVerification.capturing',
    'xstate.route',
    'sms.resume',
    'material.add',
    'person.erased',
    'case.migrate',
    '*',
    '__proto__',
    'constructor',
  ])('%s sent by a client is refused, and the history stays as it was', async (event) => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
    const before = await history(id);
    const answer = await applicant.send(id, encodeURIComponent(event), {
      output: { outcome: 'pass', status: 'valid', specialties: [] },
    });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'event-not-allowed', state: ['faceVerification.capturing'] });
    expect(answer.body.allowed).toEqual(['face.finish', 'case.withdraw']);
    expect(await history(id)).toEqual(before);
  });

  it('who tried it stands in the chain of refusals', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
    await applicant.send(id, 'xstate.done.actor.checkFace', { output: { outcome: 'pass' } });
    const [refused] = await refusals(id);
    expect(refused).toMatchObject({
      kind: 'refused',
      seq: 1,
      type: 'xstate.done.actor.checkFace',
      actor: { role: 'applicant' },
      data: { code: 'event-not-allowed' },
      prev: '',
    });
  });

  it.each(['person.erased', 'case.migrate'])(
    'who tried %s, which the system alone writes, too',
    async (event) => {
      const { id } = await applicant.open();
      await applicant.send(id, event, {});
      expect(await refusals(id)).toMatchObject([{ type: event, data: { code: 'event-not-allowed' } }]);
    },
  );

  it('an invented event name is not kept: it could hold anything', async () => {
    const { id } = await applicant.open();
    await applicant.send(id, person.ordinary.idNumber, {});
    const [refused] = await refusals(id);
    expect(refused.type).toBe('unknown');
    expect(JSON.stringify(refused)).not.toContain(person.ordinary.idNumber);
  });

  it('a client’s word that the face passed is an unknown field', async () => {
    const { id } = await applicant.open();
    const view = await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
    const { token } = view.data.face as { token: string };
    const answer = await applicant.send(id, 'face.finish', { token, outcome: 'pass' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      expect.objectContaining({ pointer: '/outcome', code: 'unknown-field' }),
    ]);
  });

  it('another case’s face token is 身份核验未通过, even when that face passed', async () => {
    const other = await newApplicant(kit);
    const theirs = await other.open();
    const shown = await other.walk(theirs.id, person.twoSpecialties, 'faceVerification.capturing');
    const { token } = shown.data.face as { token: string };
    kit.simulator.control.setFaceOutcome(token, 'pass');
    const mine = await applicant.open();
    const before = await applicant.walk(mine.id, person.ordinary, 'faceVerification.capturing');
    const answer = await applicant.send(mine.id, 'face.finish', { token });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'face-token-rejected', title: '身份核验未通过' });
    expect((await applicant.ask('GET', `/v1/cases/${mine.id}`)).body.seq).toBe(before.seq);
  });

  it('a face that was never shown to the camera passes nothing', async () => {
    const { id } = await applicant.open();
    const view = await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
    const { token } = view.data.face as { token: string };
    const answer = await applicant.send(id, 'face.finish', { token });
    expect(answer.status).toBe(200);
    expect(answer.body.states).toEqual(['faceVerification.capturing']);
    expect(answer.body.message).toBe('尚未完成人脸识别,请完成后继续');
  });

  it('an event out of order answers where the case is, what is allowed and why this is not', async () => {
    const { id } = await applicant.open();
    const answer = await applicant.send(id, 'form.submit', { reason: 'voluntary', ethnicity: '汉族' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'event-not-allowed',
      title: '当前状态不允许此操作',
      state: ['identity.entering'],
      allowed: ['identity.submit', 'case.withdraw'],
      why: { because: 'state' },
    });
  });

  it('a case that is over takes nothing more', async () => {
    const { id } = await applicant.open();
    await applicant.send(id, 'case.withdraw');
    const answer = await applicant.send(id, 'identity.submit', person.ordinary);
    expect(answer.status).toBe(409);
    expect(answer.body.allowed).toEqual([]);
  });
});
