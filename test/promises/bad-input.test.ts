import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answered, type Applicant, newApplicant, pictureOf, registrationOf } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

let kit: TestApp;
let applicant: Applicant;
let id: string;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  ({ id } = await applicant.open());
});
afterEach(() => kit.close());

const ENGLISH = { 'accept-language': 'en' };

/** The same bad input in both languages: the codes agree, the words do not, and the case stays where it is. */
async function refusedTwice(event: string, body: object): Promise<{ zh: Answered; en: Answered }> {
  const before = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
  const zh = await applicant.send(id, event, body);
  const en = await applicant.send(id, event, body, ENGLISH);
  expect((await applicant.ask('GET', `/v1/cases/${id}`)).body).toEqual(before);
  expect(zh.headers['content-type']).toContain('application/problem+json');
  expect(en.body.code).toBe(zh.body.code);
  expect(en.body.errors?.map(pointerOf)).toEqual(zh.body.errors?.map(pointerOf));
  expect(en.body.detail).not.toMatch(/\p{Unified_Ideograph}/u);
  return { zh, en };
}

const pointerOf = (error: { pointer: string; code: string }) => `${error.pointer} ${error.code}`;

describe('figure 5', () => {
  it.each([
    ['370105198006151233', 'check-digit', '身份证号校验位不正确'],
    ['370105199102300015', 'date', '身份证号出生日期不正确'],
    ['370105203001010018', 'future', '身份证号出生日期不能晚于今天'],
    ['99010519800101001X', 'region', '身份证号地区代码不正确'],
    ['370105800615123', 'fifteen', '请输入18位身份证号'],
    ['3701051980061512', 'length', '身份证号长度不正确,应为18位'],
  ])('ID number %s: %s', async (idNumber, reason, message) => {
    const { zh } = await refusedTwice('identity.submit', { name: '林知远', idNumber });
    expect(zh.status).toBe(422);
    expect(zh.body).toMatchObject({ code: 'id-number-invalid', detail: message });
    expect(zh.body.errors).toEqual([{ pointer: '/idNumber', code: 'id-number-invalid', message, reason }]);
  });

  it.each([['欧阳·娜娜'], ['𠮷野'], ['Ann Lee']])('the name %s is accepted', async (name) => {
    const answer = await applicant.send(id, 'identity.submit', { name, idNumber: '370105198006151238' });
    expect(answer.status).toBe(200);
  });

  it.each([['林\u0000知远'], ['林\u202e知远'], ['林\u200b知远'], ['林\u2028知远'], [''], ['林'.repeat(51)]])(
    'the name %j is refused at its field',
    async (name) => {
      const { zh } = await refusedTwice('identity.submit', { name, idNumber: '370105198006151238' });
      expect(zh.body).toMatchObject({ code: 'form-invalid', status: 422 });
      expect(zh.body.errors.map(pointerOf)).toEqual(['/name name-invalid']);
    },
  );

  it.each([
    [{}, ['/name', '/idNumber']],
    [{ name: 1, idNumber: null }, ['/name', '/idNumber']],
    [{ name: '林知远', idNumber: '370105198006151238', extra: 1 }, ['/extra']],
    [[], ['']],
  ])('%j: every field that is wrong is named', async (body, pointers) => {
    const { zh } = await refusedTwice('identity.submit', body);
    expect(zh.status).toBe(422);
    expect(zh.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  });
});

describe('figure 6', () => {
  let form: Record<string, unknown>;
  beforeEach(async () => {
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    form = registrationOf(kit.simulator.control, person.unregistered.mobile);
  });

  it.each([
    [{ mobile: '12345678901' }, '/mobile mobile-invalid', '手机号格式不正确'],
    [
      { password: 'short1', passwordConfirmation: 'short1' },
      '/password password-invalid',
      '请输入8-16位字符,必须由数字、字母组成',
    ],
    [
      { password: 'onlyletters', passwordConfirmation: 'onlyletters' },
      '/password password-invalid',
      '请输入8-16位字符,必须由数字、字母组成',
    ],
    [
      { passwordConfirmation: 'other1234' },
      '/passwordConfirmation password-mismatch',
      '两次输入的密码不一致',
    ],
    [
      { agreementsAccepted: false },
      '/agreementsAccepted agreements-required',
      '请先阅读并同意用户服务协议和隐私政策',
    ],
    [{ idType: 'passport' }, '/idType id-type-invalid', '请选择证件类型'],
    [{ idValidFrom: '2020-02-30' }, '/idValidFrom date-invalid', '日期不正确,格式为 YYYY-MM-DD'],
  ])('%j is form-invalid at its field', async (change, error, message) => {
    const { zh } = await refusedTwice('registration.submit', { ...form, ...change });
    expect(zh.status).toBe(422);
    expect(zh.body.code).toBe('form-invalid');
    expect(zh.body.errors.map(pointerOf)).toEqual([error]);
    expect(zh.body.errors[0].message).toBe(message);
  });

  it('all that is wrong is said at once, one entry a field', async () => {
    const wrong = { ...form, mobile: '1', password: 'x', agreementsAccepted: false };
    const { zh } = await refusedTwice('registration.submit', wrong);
    expect(zh.body.code).toBe('form-invalid');
    const pointers = zh.body.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).toEqual(['/mobile', '/password', '/agreementsAccepted']);
  });

  it.each([
    [{ idValidTo: '2020-01-01' }, '/idValidTo', '身份证有效期结束时间须晚于开始时间'],
    [{ idValidFrom: '2010-01-01', idValidTo: '2020-01-01' }, '/idValidTo', '身份证已过期,请使用有效身份证'],
    [{ idValidFrom: '2027-01-01' }, '/idValidFrom', '身份证有效期开始时间不能晚于今天'],
    [{ idValidFrom: '1980-01-01' }, '/idValidFrom', '身份证有效期开始时间不能早于出生日期'],
  ])('the card %j is id-validity', async (change, pointer, message) => {
    const { zh } = await refusedTwice('registration.submit', { ...form, ...change });
    expect(zh.body).toMatchObject({ status: 422, code: 'id-validity', detail: message });
    expect(zh.body.errors.map(pointerOf)).toEqual([`${pointer} id-validity`]);
  });

  it('a period that does not fit the age is a warning that the answer carries, not a refusal', async () => {
    const answer = await applicant.send(id, 'registration.submit', {
      ...form,
      idValidFrom: '2024-01-01',
      idValidTo: '2029-01-01',
    });
    expect(answer.status).toBe(200);
    expect(answer.body.data.warnings).toEqual([expect.objectContaining({ code: 'id-period-unusual' })]);
  });

  it('a wrong code is 422 and counted, an expired one says so', async () => {
    const code = form.smsCode === '111111' ? '222222' : '111111';
    const wrong = await applicant.send(id, 'registration.submit', { ...form, smsCode: code });
    expect(wrong.body).toMatchObject({ status: 422, code: 'sms-code-wrong', detail: '验证码错误' });
    await kit.advance(5 * 60_000);
    const expired = await applicant.send(id, 'registration.submit', form);
    expect(expired.body).toMatchObject({
      status: 422,
      code: 'sms-code-expired',
      detail: '验证码已过期,请重新获取',
    });
  });
});

describe('figure 7', () => {
  it('no consent: 请先勾选同意个人信息处理规则', async () => {
    await applicant.walk(id, person.ordinary, 'faceVerification.consenting');
    const { zh } = await refusedTwice('face.begin', { consent: false });
    expect(zh.body).toMatchObject({
      status: 422,
      code: 'face-consent-required',
      detail: '请先勾选同意个人信息处理规则',
    });
  });
});

describe('figure 8', () => {
  beforeEach(async () => {
    await applicant.walk(id, person.ordinary, 'notice.reading');
  });

  it('a clause unticked: 请逐条确认第(n)项', async () => {
    for (const clause of ['c1', 'c2', 'c4', 'c5', 'c6']) {
      await applicant.send(id, 'notice.acknowledge', { clause });
    }
    const { zh } = await refusedTwice('notice.declare', {});
    expect(zh.body).toMatchObject({ status: 422, code: 'notice-incomplete', detail: '请逐条确认第(3)项' });
    const proceed = await refusedTwice('notice.proceed', { kind: 'normal' });
    expect(proceed.zh.body).toMatchObject({ code: 'notice-incomplete', detail: '请逐条确认第(3)项' });
  });

  it('the declaration unticked', async () => {
    for (const clause of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']) {
      await applicant.send(id, 'notice.acknowledge', { clause });
    }
    const { zh } = await refusedTwice('notice.proceed', { kind: 'normal' });
    expect(zh.body).toMatchObject({ status: 422, code: 'notice-incomplete' });
  });

  it.each([[{}], [{ kind: 'both' }], [{ kind: ['normal', 'forced'] }]])(
    'neither or both branches, %j: 请选择正常注销或强制注销',
    async (body) => {
      const { zh } = await refusedTwice('notice.proceed', body);
      expect(zh.body).toMatchObject({
        status: 422,
        code: 'notice-incomplete',
        detail: '请选择正常注销或强制注销',
      });
      expect(zh.body.errors[0].pointer).toBe('/kind');
    },
  );

  it('a clause ticked twice keeps its first time', async () => {
    const first = await applicant.send(id, 'notice.acknowledge', { clause: 'c1' });
    await kit.advance(5_000);
    const again = await applicant.send(id, 'notice.acknowledge', { clause: 'c1' });
    expect(again.body.data.notice.clauses[0]).toEqual(first.body.data.notice.clauses[0]);
  });
});

describe('figure 9', () => {
  it.each([
    ['normal', { ethnicity: '汉族', forcedReason: 'arbitration' }, '/forcedReason'],
    ['normal', { ethnicity: '汉族', reason: 'arbitration' }, '/reason'],
    ['forced', { ethnicity: '汉族', reason: 'voluntary' }, '/reason'],
    ['forced', { ethnicity: '汉族', forcedReason: 'voluntary' }, '/forcedReason'],
  ] as const)('%s with %j: 注销原因与注销方式不符', async (kind, body, pointer) => {
    await applicant.walk(id, { ...person.ordinary, kind }, `form.${kind}`);
    const { zh } = await refusedTwice('form.submit', body);
    expect(zh.body).toMatchObject({
      status: 422,
      code: 'reason-mismatch',
      detail: '注销原因与注销方式不符',
    });
    expect(zh.body.errors[0].pointer).toBe(pointer);
  });

  it('forced without evidence: 强制注销须上传证明材料', async () => {
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
    await applicant.send(id, 'pledge.accept');
    const body = { ethnicity: '汉族', forcedReason: 'arbitration' };
    const { zh } = await refusedTwice('form.submit', body);
    expect(zh.body).toMatchObject({
      status: 422,
      code: 'material-required',
      detail: '强制注销须上传证明材料',
    });
  });

  it('forced with evidence of another reason: which one is missing is said', async () => {
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
    await applicant.send(id, 'pledge.accept');
    await applicant.upload(id, 'arbitration', await pictureOf(1));
    const { zh } = await refusedTwice('form.submit', { ethnicity: '汉族', forcedReason: 'court-judgment' });
    expect(zh.body).toMatchObject({
      code: 'material-required',
      detail: '强制注销须上传证明材料:法院判决书',
    });
  });

  it('the letter not accepted: 请先查看并同意承诺书', async () => {
    await applicant.walk(id, person.ordinary, 'form.normal');
    const { zh } = await refusedTwice('form.submit', { ethnicity: '汉族', reason: 'voluntary' });
    expect(zh.body).toMatchObject({ status: 422, code: 'pledge-required' });
  });

  it('specialty2 is required, and must be the register’s, only if the register holds two', async () => {
    await applicant.walk(id, person.twoSpecialties, 'form.normal');
    await applicant.send(id, 'pledge.accept');
    const body = { ethnicity: '汉族', reason: 'voluntary' };
    const missing = await refusedTwice('form.submit', body);
    expect(missing.zh.body.errors.map(pointerOf)).toEqual(['/specialty2 specialty-invalid']);
    const other = await refusedTwice('form.submit', { ...body, specialty2: '农林工程' });
    expect(other.zh.body.errors.map(pointerOf)).toEqual(['/specialty2 specialty-not-registered']);
  });

  it('what the register knows is read-only', async () => {
    await applicant.walk(id, person.ordinary, 'form.normal');
    const { zh } = await refusedTwice('form.save', { name: '别人' });
    expect(zh.body.errors.map(pointerOf)).toEqual(['/name unknown-field']);
  });
});

describe('files', () => {
  beforeEach(async () => {
    await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
  });

  const upload = async (file: Buffer) => applicant.upload(id, 'arbitration', file);
  const png = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: 'white' } })
      .png()
      .toBuffer();

  it.each([
    ['a gif', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1')],
    ['html', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a pdf', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
  ])('%s under the name of a picture: 仅支持 jpg、jpeg、png 格式', async (_what, bytes) => {
    const answer = await upload(bytes);
    expect(answer.body).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
      detail: '仅支持 jpg、jpeg、png 格式',
    });
  });

  it('empty or truncated: 文件为空或已损坏', async () => {
    const whole = await sharp({ create: { width: 200, height: 200, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, whole.length - 100)]) {
      const answer = await upload(bytes);
      expect(answer.body).toMatchObject({ status: 422, code: 'file-broken', detail: '文件为空或已损坏' });
    }
  });

  it('50 MB: 文件大小不能超过10MB', async () => {
    const answer = await upload(Buffer.concat([await png(8, 8), Buffer.alloc(50 * 1024 * 1024)]));
    expect(answer.body).toMatchObject({
      status: 413,
      code: 'payload-too-large',
      detail: '文件大小不能超过10MB',
    });
  });

  it('30000×30000: 图片尺寸过大', async () => {
    const bytes = await png(8, 8);
    bytes.writeUInt32BE(30_000, 16);
    bytes.writeUInt32BE(30_000, 20);
    const answer = await upload(bytes);
    expect(answer.body).toMatchObject({ status: 422, code: 'image-too-large', detail: '图片尺寸过大' });
  });

  it('the tenth: 附件数量超过上限; the same file twice is one', async () => {
    for (let n = 0; n < 9; n++) expect((await upload(await pictureOf(n))).status).toBe(201);
    const tenth = await upload(await pictureOf(100));
    expect(tenth.body).toMatchObject({ status: 422, code: 'too-many-files', detail: '附件数量超过上限' });
    const { body } = await applicant.ask('GET', `/v1/cases/${id}`);
    const [first] = body.data.attachments;
    await applicant.ask('DELETE', `/v1/cases/${id}/attachments/${first.id}`);
    await upload(await pictureOf(8));
    expect((await applicant.ask('GET', `/v1/cases/${id}`)).body.data.attachments).toHaveLength(8);
  });

  it('a kind of document that nobody asked for is refused at its field', async () => {
    const answer = await applicant.upload(id, 'diploma', await pictureOf(1));
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(pointerOf)).toEqual(['/material material-invalid']);
  });

  it('in a state that takes none, a file is refused before it is read', async () => {
    await applicant.send(id, 'form.back');
    const answer = await applicant.upload(id, 'arbitration', await pictureOf(1));
    expect(answer.status).toBe(409);
  });
});
