import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant, registrationOf } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

const MINUTE = 60_000;
const { name, idNumber, mobile } = person.unregistered;
const stranger = { name, idNumber };

let kit: TestApp;
let applicant: Applicant;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

/** A fresh device in the registration. */
async function registering(): Promise<{ by: Applicant; id: string }> {
  const by = await newApplicant(kit);
  const { id } = await by.open();
  await by.walk(id, person.unregistered, 'registration.form.filling');
  return { by, id };
}

describe('SMS codes', () => {
  it('come again only after 60 seconds, and the refusal says how long', async () => {
    const { by, id } = await registering();
    await by.send(id, 'sms.request', { mobile });
    await kit.advance(18_000);
    const soon = await by.send(id, 'sms.request', { mobile });
    expect(soon.status).toBe(429);
    expect(soon.body).toMatchObject({ code: 'sms-too-frequent', detail: '获取过于频繁,请42秒后再试' });
    expect(soon.headers['retry-after']).toBe('42');
    await kit.advance(42_000);
    expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
  });

  it('go to one number at most 5 times an hour, whatever cases and devices ask', async () => {
    for (let n = 0; n < 5; n++) {
      const { by, id } = await registering();
      expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
    }
    const { by, id } = await registering();
    expect((await by.send(id, 'sms.request', { mobile })).body.code).toBe('sms-too-frequent');
    await kit.advance(60 * MINUTE);
    expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
  });

  it('go to one number at most 5 times, even when 20 devices ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, registering));
    const answers = await Promise.all(all.map(({ by, id }) => by.send(id, 'sms.request', { mobile })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(5);
    expect(kit.simulator.control.messages(mobile)).toHaveLength(5);
  });

  it('go to one number at most 10 times a day', async () => {
    for (let n = 0; n < 10; n++) {
      const { by, id } = await registering();
      expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
      if (n === 4) await kit.advance(61 * MINUTE);
    }
    await kit.advance(61 * MINUTE);
    const { by, id } = await registering();
    expect((await by.send(id, 'sms.request', { mobile })).status).toBe(429);
  });

  it('are dead after 5 wrong tries, even for the right code', async () => {
    const { by, id } = await registering();
    await by.send(id, 'sms.request', { mobile });
    const right = registrationOf(kit.simulator.control, mobile);
    const wrong = { ...right, smsCode: right.smsCode === '000000' ? '000001' : '000000' };
    for (let n = 0; n < 5; n++) {
      expect((await by.send(id, 'registration.submit', wrong)).body.code).toBe('sms-code-wrong');
    }
    const answer = await by.send(id, 'registration.submit', right);
    expect(answer.body).toMatchObject({ code: 'sms-code-used', detail: '验证码已失效,请重新获取' });
  });

  it('are of no use for another mobile number or another case', async () => {
    const { by, id } = await registering();
    await by.send(id, 'sms.request', { mobile });
    const form = registrationOf(kit.simulator.control, mobile);
    const otherNumber = await by.send(id, 'registration.submit', { ...form, mobile: '15400009999' });
    expect(otherNumber.body.code).toBe('sms-code-wrong');
    const other = await registering();
    await other.by.send(other.id, 'sms.request', { mobile: '15400009998' });
    const otherCase = await other.by.send(other.id, 'registration.submit', {
      ...form,
      mobile: '15400009998',
    });
    expect(otherCase.body.code).toBe('sms-code-wrong');
  });

  it('work once, and only after that proof does anyone learn that an ID number is registered', async () => {
    const first = await registering();
    const second = await registering();
    await first.by.send(first.id, 'sms.request', { mobile });
    await first.by.send(first.id, 'registration.submit', registrationOf(kit.simulator.control, mobile));
    await second.by.send(second.id, 'sms.request', { mobile });
    const form = registrationOf(kit.simulator.control, mobile);
    const proven = await second.by.send(second.id, 'registration.submit', form);
    expect(proven.status).toBe(409);
    expect(proven.body).toMatchObject({ code: 'already-registered', detail: '该身份证号已注册,请直接登录' });
    const again = await second.by.send(second.id, 'registration.submit', form);
    expect(again.body.code).toBe('sms-code-used');
  });
});

describe('the identity check', () => {
  it('is no oracle: a known ID number under another name is answered like an unknown one', async () => {
    const known = { name: '不是本人', idNumber: person.ordinary.idNumber };
    const unknown = { name: '不是本人', idNumber: person.unregistered.idNumber };
    const answers = await Promise.all(
      [known, unknown].map(async (who) => {
        const by = await newApplicant(kit);
        const { id } = await by.open();
        const { body } = await by.send(id, 'identity.submit', who);
        const { message, states, allowed } = body;
        return { message, states, allowed: allowed.map((each: { event: string }) => each.event) };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.message).toBe('未查询到该用户,是否前往注册?');
  });

  it('of one device is limited to 20 an hour', async () => {
    const { id } = await applicant.open();
    const ask = async () => {
      const answer = await applicant.send(id, 'identity.submit', stranger);
      if (answer.status === 200) await applicant.send(id, 'identity.retry');
      return answer;
    };
    for (let n = 0; n < 20; n++) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('3600');
    await kit.advance(60 * MINUTE);
    expect((await ask()).status).toBe(200);
  });

  it('of one client address is limited, whatever devices it has', async () => {
    await kit.close();
    kit = await startTestApp({ identityPerHour: 3 });
    const ask = async () => {
      const by = await newApplicant(kit);
      const { id } = await by.open();
      return by.send(id, 'identity.submit', stranger);
    };
    for (let n = 0; n < 3; n++) expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });
});

describe('face verification', () => {
  async function failOnce(
    by: Applicant,
    id: string,
  ): Promise<{ status: number; body: { states: string[] } }> {
    const begun = await by.send(id, 'face.begin', { consent: true });
    if (begun.status !== 200) return begun;
    const { token } = begun.body.data.face;
    kit.simulator.control.setFaceOutcome(token, 'mismatch');
    return by.send(id, 'face.finish', { token });
  }

  it('is locked by 5 failures until the next day in China, and then open with all its tries', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'faceVerification.consenting');
    for (let n = 0; n < 4; n++) {
      expect((await failOnce(applicant, id)).body.states).toEqual(['faceVerification.failed']);
    }
    expect((await failOnce(applicant, id)).body.states).toEqual(['faceVerification.locked']);
    const refused = await applicant.send(id, 'face.begin', { consent: true });
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      code: 'face-locked',
      detail: '今日人脸识别失败次数过多,请明日再试',
    });
    // 10:00 in China, so 14 hours are left of the day.
    expect(refused.headers['retry-after']).toBe(String(14 * 3600));
    await kit.advance(14 * 60 * MINUTE - 1);
    expect((await applicant.send(id, 'face.begin', { consent: true })).status).toBe(429);
    await kit.advance(1);
    expect((await failOnce(applicant, id)).body.states).toEqual(['faceVerification.failed']);
  });

  it('cannot be tried more often by withdrawing and opening another case', async () => {
    const first = await applicant.open();
    await applicant.walk(first.id, person.ordinary, 'faceVerification.consenting');
    for (let n = 0; n < 5; n++) await failOnce(applicant, first.id);
    const other = await newApplicant(kit);
    const second = await other.open();
    await other.walk(second.id, person.ordinary, 'faceVerification.consenting');
    const refused = await other.send(second.id, 'face.begin', { consent: true });
    expect(refused.body.code).toBe('face-locked');
    await kit.advance(14 * 60 * MINUTE);
    expect((await other.send(second.id, 'face.begin', { consent: true })).status).toBe(200);
  });
});
