import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp, turn } from '../helpers.ts';
import { person } from './people.ts';

describe('work elsewhere', () => {
  let kit: TestApp;
  let applicant: Applicant;
  beforeEach(async () => {
    kit = await startTestApp();
    applicant = await newApplicant(kit);
  });
  afterEach(() => kit.close());

  const read = async (id: string) => (await applicant.ask('GET', `/v1/cases/${id}`)).body;
  const { name, idNumber } = person.ordinary;

  it('that is slow is answered 202 with the case as it stands, and settles later', async () => {
    const { id } = await applicant.open();
    kit.simulator.control.fail('people', { delayMs: 3_000 });
    const answer = await applicant.send(id, 'identity.submit', { name, idNumber }, { prefer: 'wait=0' });
    expect(answer.status).toBe(202);
    expect(answer.body.states).toEqual(['identity.checking']);
    kit.clock.move(3_000);
    await kit.worker.idle();
    expect((await read(id)).states).toEqual(['faceVerification.consenting']);
  });

  it('whose answer comes after the state was left finds nothing and changes nothing', async () => {
    const { id } = await applicant.open();
    kit.simulator.control.fail('people', { delayMs: 3_000 });
    await applicant.send(id, 'identity.submit', { name, idNumber }, { prefer: 'wait=0' });
    await applicant.send(id, 'case.withdraw');
    const before = await read(id);
    kit.clock.move(3_000);
    await kit.worker.idle();
    expect(await read(id)).toEqual(before);
    expect(await kit.runtime.store.readTasks(id)).toEqual([]);
  });

  it('that fails is tried again with growing pauses under one key, then the case says so and can be retried', async () => {
    const { id } = await applicant.open();
    kit.simulator.control.fail('people', { failNext: 3 });
    await applicant.send(id, 'identity.submit', { name, idNumber }, { prefer: 'wait=0' });
    await kit.worker.idle();
    expect((await read(id)).states).toEqual(['identity.checking']);
    for (const pause of [499, 1, 999, 1]) {
      kit.clock.move(pause);
      await kit.worker.tick();
    }
    const down = await read(id);
    expect(down).toMatchObject({ states: ['identity.unavailable'], message: '核验服务繁忙,请稍后再试' });
    const again = await applicant.send(id, 'case.retry');
    expect(again.body.states).toEqual(['faceVerification.consenting']);
  });

  it('that fails once is waited for: the caller sees only the answer', async () => {
    const { id } = await applicant.open();
    kit.simulator.control.fail('people', { failNext: 1 });
    const answering = applicant.send(id, 'identity.submit', { name, idNumber });
    await kit.until(() => kit.log.some((line) => line.includes('effect failed')));
    await kit.worker.idle();
    kit.clock.move(500);
    await kit.worker.tick();
    const answer = await answering;
    expect(answer.status).toBe(200);
    expect(answer.body.states).toEqual(['faceVerification.consenting']);
  });

  it('that never answers is given up after its time, and nothing typed is lost', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'form.normal');
    await applicant.send(id, 'pledge.accept');
    kit.simulator.control.fail('register', { delayMs: 3_600_000 });
    const body = { ethnicity: '汉族', reason: 'voluntary' };
    expect((await applicant.send(id, 'form.submit', body, { prefer: 'wait=0' })).status).toBe(202);
    await turn();
    for (const pause of [500, 1_000, 0]) {
      kit.clock.move(8_000);
      await kit.worker.idle();
      kit.clock.move(pause);
      const ticking = kit.worker.tick();
      await turn();
      if (pause === 0) await ticking;
    }
    const view = await read(id);
    expect(view.states).toEqual(['submissionFailed']);
    expect(view.data.form.draft).toMatchObject({ reason: 'voluntary', ethnicity: '汉族' });
  });

  it('the face provider being down costs no attempt; a mismatch costs one', async () => {
    const { id } = await applicant.open();
    const view = await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
    const { token } = view.data.face as { token: string };
    kit.simulator.control.setFaceOutcome(token, 'down');
    await applicant.send(id, 'face.finish', { token }, { prefer: 'wait=0' });
    for (const pause of [0, 500, 1_000]) {
      kit.clock.move(pause);
      await kit.worker.tick();
    }
    const down = await read(id);
    expect(down).toMatchObject({ states: ['faceVerification.failed'], message: '核验服务繁忙,请稍后再试' });
    expect(down.data.face.attemptsLeft).toBe(5);
    const begun = await applicant.send(id, 'face.begin', { consent: true });
    kit.simulator.control.setFaceOutcome(begun.body.data.face.token, 'mismatch');
    const failed = await applicant.send(id, 'face.finish', { token: begun.body.data.face.token });
    expect(failed.body.data.face.attemptsLeft).toBe(4);
    expect(failed.body.message).toBe('人脸与身份信息不一致,请重试(剩余4次)');
  });
});
