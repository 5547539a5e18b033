import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, applicantOf, newApplicant, newestCode, registrationOf } from '../applicant.ts';
import { clientOf, createHandClock, startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

const MINUTE = 60_000;

describe('a stopped and started server goes on where it was', () => {
  let folder: string;
  let kit: TestApp;
  let applicant: Applicant;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'banjian-'));
    kit = await startTestApp({ folder });
    applicant = await newApplicant(kit);
  });
  afterEach(async () => {
    await kit.close();
    rmSync(folder, { recursive: true });
  });

  /** What ran in the old process never comes back: the new one has a clock of its own. */
  async function restart(): Promise<void> {
    await kit.close();
    const clock = createHandClock(new Date(kit.clock.now()).toISOString());
    kit = await startTestApp({ folder, clock });
    applicant = applicantOf(kit, clientOf(kit.app, applicant.token));
  }

  it('a code sent before the restart still works', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    await restart();
    kit.clock.move(4 * MINUTE);
    await kit.worker.tick();
    const form = registrationOf(kit.simulator.control, person.unregistered.mobile);
    const answer = await applicant.send(id, 'registration.submit', form);
    expect(answer.body.states).toEqual(['faceVerification.consenting']);
  });

  it('and still expires on its minute, not on one counted from the restart', async () => {
    const { id } = await applicant.open();
    const sent = await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    const due = sent.deadlines.find((deadline) => deadline.event === 'smsCodeExpires')?.dueAt;
    kit.clock.move(4 * MINUTE);
    await restart();
    kit.clock.move(Date.parse(due ?? '') - kit.clock.now() - 1);
    await kit.worker.tick();
    const form = registrationOf(kit.simulator.control, person.unregistered.mobile);
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.states).toContain(
      'registration.smsCode.sent',
    );
    kit.clock.move(1);
    await kit.worker.tick();
    const answer = await applicant.send(id, 'registration.submit', form);
    expect(answer.body).toMatchObject({ code: 'sms-code-expired', detail: '验证码已过期,请重新获取' });
  });

  it('an effect that was running is finished once, under the same key', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.form.filling');
    kit.simulator.control.fail('sms', { delayMs: 60 * MINUTE });
    const { mobile } = person.unregistered;
    const asked = await applicant.send(id, 'sms.request', { mobile }, { prefer: 'wait=0' });
    expect(asked.status).toBe(202);
    const tasks = await kit.runtime.store.readTasks(id);
    await restart();
    await kit.worker.tick();
    const after = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    expect(after.states).toContain('registration.smsCode.sent');
    expect(kit.simulator.control.messages(mobile)).toHaveLength(1);
    expect(kit.simulator.control.attempts(keyOf(tasks, 'sendCode'))).toBe(2);
    const form = {
      ...registrationOf(kit.simulator.control, mobile),
      smsCode: newestCode(kit.simulator.control, mobile),
    };
    expect((await applicant.send(id, 'registration.submit', form)).status).toBe(200);
  });

  it('a case reads the same before and after, to the byte', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'form.normal');
    const before = await applicant.ask('GET', `/v1/cases/${id}`);
    await restart();
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).text).toBe(before.text);
  });
});

function keyOf(tasks: { name: string; key: string }[], name: string): string {
  return tasks.find((task) => task.name === name)?.key ?? '';
}
