import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant, newestCode, pictureOf, registrationOf } from '../applicant.ts';
import { clientOf, startTestApp, type TestApp, turn } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
});
afterEach(() => kit.close());

const read = async (id: string, by = applicant) => (await by.ask('GET', `/v1/cases/${id}`)).body;
const NOW = { prefer: 'wait=0' };

/** One after the other: so many avatars at once would be asked to come again. */
async function crowdOf(size: number): Promise<Applicant[]> {
  const crowd: Applicant[] = [];
  while (crowd.length < size) crowd.push(await newApplicant(kit));
  return crowd;
}

describe('work that was wished for', () => {
  it('is not begun any more once its state was left, however long it waited its turn', async () => {
    const { control } = kit.simulator;
    const { id } = await applicant.open();
    control.fail('people', { delayMs: 3_000 });
    // 48 of one kind run at once: the 49th waits in line.
    const crowd = await crowdOf(48);
    for (const each of crowd) {
      const { name, idNumber } = person.ordinary;
      await each.send((await each.open()).id, 'identity.submit', { name, idNumber }, NOW);
    }
    const { name, idNumber } = person.unregistered;
    await applicant.send(id, 'identity.submit', { name, idNumber }, NOW);
    const [waiting] = await kit.runtime.store.readTasks(id);
    await applicant.send(id, 'case.withdraw');
    await kit.advance(3_000);
    expect(control.attempts(waiting?.key ?? '')).toBe(0);
    expect((await read(id)).states).toEqual(['withdrawn']);
  });

  it('is done with what was known then: nothing typed later slips into it', async () => {
    const { control } = kit.simulator;
    const { mobile } = person.unregistered;
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.form.filling');
    control.fail('sms', { failNext: 1 });
    await applicant.send(id, 'sms.request', { mobile }, NOW);
    await kit.until(() => kit.log.some((line) => line.includes('effect failed')));
    const other = {
      ...registrationOf(kit.simulator.control, mobile),
      mobile: '15400009999',
      smsCode: '123456',
    };
    await applicant.send(id, 'registration.submit', other);
    await kit.advance(500);
    expect(control.messages(mobile)).toHaveLength(1);
    expect(control.messages('15400009999')).toHaveLength(0);
  });

  it('keeps its key when it is tried again by hand: a provider that had done it does not do it twice', async () => {
    const { control } = kit.simulator;
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'form.normal');
    await applicant.send(id, 'pledge.accept');
    control.fail('register', { failNext: 3 });
    await applicant.send(id, 'form.submit', { ethnicity: '汉族', reason: 'voluntary' }, NOW);
    const [first] = await kit.runtime.store.readTasks(id);
    await turn();
    await kit.advance(500);
    await kit.advance(1_000);
    expect((await read(id)).states).toEqual(['submissionFailed']);
    await applicant.send(id, 'case.retry');
    expect((await read(id)).states).toEqual(['submitted.awaitingEnterprise']);
    expect(control.attempts(first?.key ?? '')).toBe(4);
  });

  it('a withdrawal waits for a filing that is on its way, and takes it back', async () => {
    const { control } = kit.simulator;
    const { id } = await applicant.open();
    await applicant.walk(id, person.ordinary, 'form.normal');
    await applicant.send(id, 'pledge.accept');
    control.fail('register', { delayMs: 4_000 });
    await applicant.send(id, 'form.submit', { ethnicity: '汉族', reason: 'voluntary' }, NOW);
    await turn();
    control.fail('register', {});
    const asked = await applicant.send(id, 'case.withdraw', {}, NOW);
    expect(asked.body.states).toEqual(['submitting']);
    await kit.advance(4_000);
    expect((await read(id)).states).toEqual(['withdrawn']);
    expect(control.filings()).toEqual([]);
  });

  it('of one slow provider makes no timer late', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    kit.simulator.control.fail('people', { delayMs: 3_600_000 });
    const crowd = await crowdOf(60);
    for (const each of crowd) {
      const { name, idNumber } = person.ordinary;
      await each.send((await each.open()).id, 'identity.submit', { name, idNumber }, NOW);
    }
    await kit.advance(60_000);
    expect((await read(id)).deadlines.map((each: { event: string }) => each.event)).toEqual([
      'smsCodeExpires',
    ]);
  });
});

describe('limits', () => {
  it('five face failures a day also count for checks that were begun side by side', async () => {
    const begun = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const by = await newApplicant(kit);
        const { id } = await by.open();
        const view = await by.walk(id, person.ordinary, 'faceVerification.capturing');
        return { by, id, token: (view.data.face as { token: string }).token };
      }),
    );
    const [last, ...others] = begun;
    for (const { by, id, token } of others) {
      kit.simulator.control.setFaceOutcome(token, 'mismatch');
      await by.send(id, 'face.finish', { token });
    }
    if (!last) throw new Error('eight were begun');
    kit.simulator.control.setFaceOutcome(last.token, 'pass');
    const answer = await last.by.send(last.id, 'face.finish', { token: last.token });
    expect(answer.body.states).toEqual(['faceVerification.locked']);
  });

  it('a code is right only for the number it was sent to: another number’s own code, never sent, is not', async () => {
    const { runtime } = kit;
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    const row = await runtime.store.findCase(id);
    const sms = row?.state.context.sms as { sentKey: string } | undefined;
    const mobile = '15400009999';
    const form = registrationOf(kit.simulator.control, person.unregistered.mobile);
    const guessed = { ...form, mobile, smsCode: runtime.vault.codeFor(sms?.sentKey ?? '', mobile) };
    const answer = await applicant.send(id, 'registration.submit', guessed);
    expect(answer.body.code).toBe('sms-code-wrong');
    expect(answer.body.errors[0].pointer).toBe('/smsCode');
  });

  it('an older code is of no use once another was asked for', async () => {
    const { control } = kit.simulator;
    const { mobile } = person.unregistered;
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    const older = newestCode(control, mobile);
    await kit.advance(60_000);
    await applicant.send(id, 'sms.request', { mobile });
    const form = { ...registrationOf(control, mobile), smsCode: older };
    expect((await applicant.send(id, 'registration.submit', form)).body.code).toBe('sms-code-wrong');
    const newer = { ...form, smsCode: newestCode(control, mobile) };
    expect((await applicant.send(id, 'registration.submit', newer)).status).toBe(200);
  });
});

describe('odd input', () => {
  it('a body of thousands of parts under a key costs no more than any other', async () => {
    const { id } = await applicant.open();
    const key = { 'idempotency-key': 'many' };
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    for (const body of [deep, JSON.stringify(Array(30_000).fill(1))]) {
      const answer = await applicant.ask('POST', `/v1/cases/${id}/events/identity.submit`, {
        body,
        headers: key,
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it('null is no object', async () => {
    const { id } = await applicant.open();
    const answer = await applicant.ask('POST', `/v1/cases/${id}/events/case.withdraw`, { body: 'null' });
    expect(answer.status).toBe(400);
  });

  it('an invented name of an internal event is not kept', async () => {
    const { id } = await applicant.open();
    await applicant.send(id, 'xstate.LinZhiyuan');
    const [refused] = await kit.runtime.store.readEntries(id, 'refused');
    expect(JSON.parse(refused?.bytes ?? '').type).toBe('xstate.*');
  });

  it('a file whose name is no text can be read again', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
    const client = clientOf(kit.app, applicant.token);
    const file = { name: "x\"; filename*=utf-16le''%00%d8a%00.%00p%00", bytes: await pictureOf(1) };
    const added = await client.upload(
      'POST',
      `/v1/cases/${id}/attachments`,
      { material: 'arbitration' },
      file,
    );
    expect(added.statusCode).toBe(201);
    expect((await client.get(added.json().href)).statusCode).toBe(200);
  });

  it('more bytes of uploads at once than memory is meant for are asked to come again, and none is lost that was taken', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
    const large = await largePicture();
    const answers = await Promise.all(Array.from({ length: 30 }, () => applicant.upload(id, 'death', large)));
    const busy = answers.filter((answer) => answer.status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.headers['retry-after']).toBe('2');
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(30 - busy.length);
    expect((await applicant.upload(id, 'death', large)).status).toBe(201);
    expect((await read(id)).data.attachments).toHaveLength(1);
  }, 60_000);

  it('a retry of an upload under its key gives its first answer; another name or kind under it is a mismatch', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
    const key = { 'idempotency-key': 'upload' };
    const file = await pictureOf(1);
    const first = await applicant.upload(id, 'arbitration', file, key);
    const again = await applicant.upload(id, 'arbitration', file, key);
    expect(again.body).toEqual(first.body);
    const other = await applicant.upload(id, 'death', await pictureOf(2), key);
    expect(other.body.code).toBe('idempotency-mismatch');
    const pointers = other.body.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.toSorted()).toEqual(['/file', '/material']);
  });
});

/** Nearly as many bytes as a file may have, and real pixels: checking them takes a while. */
function largePicture(): Promise<Buffer> {
  const side = 1_750;
  const pixels = Buffer.alloc(side * side * 3, 'pixel');
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
