import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, MATTER, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

describe('the same key and body gives the first answer again', () => {
  let kit: TestApp;
  let applicant: Applicant;
  beforeEach(async () => {
    kit = await startTestApp();
    applicant = await newApplicant(kit);
  });
  afterEach(() => kit.close());

  const key = { 'idempotency-key': 'tap-1' };

  it('for an event that waited for work elsewhere: same status, same case, one entry', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    const first = await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    const again = await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.seq).toBe(3);
  });

  it('long after, when the case has moved on', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    const first = await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    const end = await applicant.walk(id, person.ordinary, 'submitted.awaitingEnterprise');
    kit.clock.move(30 * 60_000);
    const again = await applicant.send(
      id,
      'identity.submit',
      { name, idNumber },
      { ...key, 'if-match': '"1"' },
    );
    expect(again.body).toEqual(first.body);
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.seq).toBe(end.seq);
  });

  it('for two taps at once', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    const tap = () => applicant.send(id, 'identity.submit', { name, idNumber }, key);
    const answers = await Promise.all([tap(), tap(), tap()]);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.seq).toBe(3);
  });

  it('for an answer that was a refusal of an accepted event: a wrong code is counted once', async () => {
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    const wrong = {
      idType: 'resident-id-card',
      idValidFrom: '2020-01-01',
      idValidTo: '2040-01-01',
      mobile: person.unregistered.mobile,
      smsCode: '000000',
      password: 'abcd1234',
      passwordConfirmation: 'abcd1234',
      agreementsAccepted: true,
    };
    const first = await applicant.send(id, 'registration.submit', wrong, key);
    const again = await applicant.send(id, 'registration.submit', wrong, key);
    expect(first.body.code).toBe('sms-code-wrong');
    expect(again.status).toBe(422);
    expect(again.body).toEqual(first.body);
  });

  it('for opening: one case, and never a reset one', async () => {
    const open = () => applicant.ask('POST', `/v1/matters/${MATTER}/cases`, { body: {}, headers: key });
    const first = await open();
    await applicant.walk(first.body.id, person.ordinary, 'notice.reading');
    const again = await open();
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.location).toBe(first.headers.location);
    const { items } = (await applicant.ask('GET', '/v1/me/cases')).body;
    expect(items).toHaveLength(1);
    expect(items[0].states).toEqual(['notice.reading']);
  });

  it('and another body is refused, naming the fields that differ and none of their values', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    const other = { name: person.unregistered.name, idNumber };
    const answer = await applicant.send(id, 'identity.submit', other, key);
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('idempotency-mismatch');
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(['/name']);
    expect(answer.text).not.toContain(name);
  });

  it('and another event under it is refused', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    const answer = await applicant.send(id, 'case.withdraw', {}, key);
    expect(answer.body.code).toBe('idempotency-mismatch');
  });

  it('but a refused request used nothing up: a corrected body may come under its key', async () => {
    const { id } = await applicant.open();
    const { name, idNumber } = person.ordinary;
    const wrong = await applicant.send(id, 'identity.submit', { name, idNumber: '1' }, key);
    expect(wrong.body.code).toBe('id-number-invalid');
    const right = await applicant.send(id, 'identity.submit', { name, idNumber }, key);
    expect(right.status).toBe(200);
  });

  it('and a key is one person’s own: somebody else’s same key is another', async () => {
    const other = await newApplicant(kit);
    const mine = await applicant.ask('POST', `/v1/matters/${MATTER}/cases`, { body: {}, headers: key });
    const theirs = await other.ask('POST', `/v1/matters/${MATTER}/cases`, { body: {}, headers: key });
    expect(theirs.body.id).not.toBe(mine.body.id);
  });
});

describe('If-Match', () => {
  let kit: TestApp;
  beforeEach(async () => {
    kit = await startTestApp();
  });
  afterEach(() => kit.close());

  it('stops a stale screen with 412 and changes nothing', async () => {
    const applicant = await newApplicant(kit);
    const { id } = await applicant.open();
    const { seq } = await applicant.walk(id, person.ordinary, 'notice.reading');
    const stale = { 'if-match': `"${seq - 1}"` };
    const answer = await applicant.send(id, 'notice.acknowledge', { clause: 'c1' }, stale);
    expect(answer.status).toBe(412);
    expect(answer.body).toMatchObject({
      code: 'version-conflict',
      detail: '数据已被其他设备更新,请刷新后重试',
    });
    const now = { 'if-match': `"${seq}"` };
    expect((await applicant.send(id, 'notice.acknowledge', { clause: 'c1' }, now)).body.seq).toBe(seq + 1);
  });

  it('lets exactly one of many who saw the same screen through', async () => {
    const applicant = await newApplicant(kit);
    const { id } = await applicant.open();
    const { seq } = await applicant.walk(id, person.ordinary, 'notice.reading');
    const headers = { 'if-match': `"${seq}"` };
    const answers = await Promise.all(
      ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((clause) =>
        applicant.send(id, 'notice.acknowledge', { clause }, headers),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      200, 412, 412, 412, 412, 412,
    ]);
  });

  it('without it, everyone is let in, one after the other, without a gap', async () => {
    const applicant = await newApplicant(kit);
    const { id } = await applicant.open();
    const { seq } = await applicant.walk(id, person.ordinary, 'notice.reading');
    const answers = await Promise.all(
      ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((clause) =>
        applicant.send(id, 'notice.acknowledge', { clause }),
      ),
    );
    const seqs = answers.filter((answer) => answer.status === 200).map((answer) => answer.body.seq);
    expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs.map((_, index) => seq + 1 + index));
  });
});
