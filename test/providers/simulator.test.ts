import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/engine/errors.ts';
import { simulatorRoutes } from '../../src/http/routes/simulator.ts';
import type { Delay } from '../../src/providers/simulator/faults.ts';
import { createSimulator, type Simulator } from '../../src/providers/simulator/index.ts';
import { openLedger } from '../../src/providers/simulator/ledger.ts';
import { type PersonSample, peopleSamples } from '../../src/providers/simulator/people-samples.ts';
import { type Filing, type NewPerson, ProviderDown } from '../../src/providers/types.ts';

const start = Date.parse('2026-11-20T16:30:00.000Z');
const minute = 60_000;
const key = randomBytes(32);
const noDelay: Delay = async () => {};

let folder: string;
let file: string;
let nowMs: number;
let simulator: Simulator;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  file = join(folder, 'simulator.db');
  nowMs = start;
  simulator = open();
});
afterEach(() => {
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(delay: Delay = noDelay): Simulator {
  return createSimulator({ file, key, clock: { now: () => nowMs }, delay, baseUrl: 'http://127.0.0.1:3000' });
}

function reopen(delay?: Delay): void {
  simulator.close();
  simulator = open(delay);
}

function call(effectKey: string, signal = new AbortController().signal) {
  return { key: effectKey, signal };
}

function sample(wanted: Partial<PersonSample>): PersonSample {
  const matches = (person: PersonSample) =>
    Object.entries(wanted).every(([field, value]) => person[field as keyof PersonSample] === value);
  const found = peopleSamples.find(matches);
  if (!found) throw new Error(`No sample with ${JSON.stringify(wanted)}`);
  return found;
}

function newPerson({ name, idNumber, mobile }: PersonSample): NewPerson {
  return {
    idType: 'resident-id-card',
    name,
    idNumber,
    idValidFrom: '2020-01-01',
    idValidTo: '2040-01-01',
    mobile,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
  };
}

function filing(caseId: string, { name, idNumber } = sample({})): Filing {
  return {
    caseId,
    itemCode: '11100000000013338W1000117040000',
    kind: 'normal',
    reason: 'voluntary',
    idNumber,
    name,
    ethnicity: '汉族',
    materials: [],
  };
}

describe('the samples', () => {
  it('all carry a valid GB 11643 number that agrees with their birth date and sex', () => {
    for (const { idNumber, birthDate, sex } of peopleSamples) {
      expect(idNumber.slice(0, 17) + checkDigit(idNumber)).toBe(idNumber);
      expect(idNumber.slice(6, 14)).toBe(birthDate.replaceAll('-', ''));
      expect(new Date(birthDate).toISOString().slice(0, 10)).toBe(birthDate);
      expect(Number(idNumber[16]) % 2).toBe(Number(sex) % 2);
    }
  });

  it('are invented, distinct, and hold one or two known specialties', () => {
    for (const { invented, mobile, specialties } of peopleSamples) {
      expect(invented).toBe(true);
      expect(mobile).toMatch(/^1[3-9]\d{9}$/);
      expect([1, 2]).toContain(specialties.length);
      for (const specialty of specialties) expect(knownSpecialties).toContain(specialty);
    }
    expect(new Set(peopleSamples.map(({ idNumber }) => idNumber)).size).toBe(peopleSamples.length);
    expect(new Set(peopleSamples.map(({ mobile }) => mobile)).size).toBe(peopleSamples.length);
  });

  it('begin with the most ordinary one and cover the unusual ones', () => {
    expect(peopleSamples[0]).toMatchObject({ registered: true, register: 'valid' });
    expect(peopleSamples[0]?.specialties).toHaveLength(1);
    expect(sample({ registered: false, register: 'valid' })).toBeDefined();
    expect(sample({ registered: true, register: 'deregistered' })).toBeDefined();
    expect(sample({ registered: true, register: 'none' })).toBeDefined();
    expect(peopleSamples.some(({ birthDate }) => birthDate < '1960')).toBe(true);
    expect(peopleSamples.some(({ name }) => name.includes('·'))).toBe(true);
    expect(peopleSamples.some(({ name }) => /[\u{20000}-\u{2A6DF}]/u.test(name))).toBe(true);
  });
});

describe('people', () => {
  it('finds an account by ID number and name together', async () => {
    for (const { name, idNumber, registered } of peopleSamples) {
      expect(await simulator.providers.people.find({ name, idNumber }, call('k'))).toEqual({ registered });
    }
  });

  it('does not find a known ID number under another name', async () => {
    const { idNumber } = sample({ registered: true });
    const answer = await simulator.providers.people.find({ name: '某某', idNumber }, call('k'));
    expect(answer).toEqual({ registered: false });
  });

  it('makes an account once: the same key gets its first answer, another key is told it exists', async () => {
    const person = newPerson(sample({ registered: false }));
    const { people } = simulator.providers;
    expect(await people.register(person, call('k1'))).toEqual({ created: true });
    expect(await people.register(person, call('k1'))).toEqual({ created: true });
    expect(await people.register({ ...person, name: '某某' }, call('k2'))).toEqual({ created: false });
    expect(await people.find(person, call('k3'))).toEqual({ registered: true });
    expect(await people.find({ ...person, name: '某某' }, call('k4'))).toEqual({ registered: false });
    expect(simulator.control.people().find(({ name }) => name === person.name)?.registered).toBe(true);
  });

  it('makes no second account for a sample that has one', async () => {
    const person = newPerson(sample({ registered: true }));
    expect(await simulator.providers.people.register(person, call('k'))).toEqual({ created: false });
  });

  it('makes one account when two ask at once', async () => {
    const person = newPerson(sample({ registered: false }));
    const { people } = simulator.providers;
    const answers = await Promise.all(
      ['k1', 'k2'].map((effectKey) => people.register(person, call(effectKey))),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });
});

describe('SMS', () => {
  it('delivers a message once for a key, newest first, to its own number only', async () => {
    const { sms } = simulator.providers;
    await sms.send({ mobile: '15400000001', text: '验证码111111' }, call('k1'));
    await sms.send({ mobile: '15400000001', text: '验证码111111' }, call('k1'));
    nowMs += minute;
    await sms.send({ mobile: '15400000001', text: '验证码222222' }, call('k2'));
    expect(simulator.control.messages('15400000001')).toEqual([
      { mobile: '15400000001', text: '验证码222222', at: '2026-11-20T16:31:00.000Z' },
      { mobile: '15400000001', text: '验证码111111', at: '2026-11-20T16:30:00.000Z' },
    ]);
    expect(simulator.control.messages('15400000002')).toEqual([]);
  });
});

describe('faces', () => {
  const begin = (effectKey = 'start', subject = 'case-1') =>
    simulator.providers.faces.start({ ...sample({}), subject }, call(effectKey));
  const check = (token: string, effectKey: string, subject = 'case-1') =>
    simulator.providers.faces.check({ token, subject }, call(effectKey));

  it('starts one check for a key, under a token nobody can guess, for ten minutes', async () => {
    const first = await begin();
    expect(first.token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(first.url).toBe(`http://127.0.0.1:3000/simulator/faces/${first.token}`);
    expect(first.expiresAt).toBe('2026-11-20T16:40:00.000Z');
    expect(await begin()).toEqual(first);
    expect((await begin('start-again')).token).not.toBe(first.token);
  });

  it('passes nobody before the person has passed, and asks again under the same key', async () => {
    const { token } = await begin();
    expect(await check(token, 'c')).toEqual({ subject: 'case-1', outcome: 'unfinished' });
    expect(simulator.control.setFaceOutcome(token, 'pass')).toBe(true);
    expect(await check(token, 'c')).toEqual({ subject: 'case-1', outcome: 'pass' });
  });

  it('answers with the subject a token was made for, whoever brings it', async () => {
    const { token } = await begin();
    simulator.control.setFaceOutcome(token, 'pass');
    expect(await check(token, 'c', 'case-2')).toEqual({ subject: 'case-1', outcome: 'pass' });
  });

  it('keeps a mismatch: no later pass for the same token', async () => {
    const { token } = await begin();
    simulator.control.setFaceOutcome(token, 'mismatch');
    expect(simulator.control.setFaceOutcome(token, 'pass')).toBe(true);
    expect(simulator.control.findFaceOutcome(token)).toBe('mismatch');
    expect((await check(token, 'c')).outcome).toBe('mismatch');
  });

  it('is down when told so, and settles nothing by it', async () => {
    const { token } = await begin();
    simulator.control.setFaceOutcome(token, 'down');
    await expect(check(token, 'c')).rejects.toBeInstanceOf(ProviderDown);
    simulator.control.setFaceOutcome(token, 'pass');
    expect((await check(token, 'c')).outcome).toBe('pass');
    expect(simulator.control.attempts('c')).toBe(2);
  });

  it('says unfinished, never mismatch, of a token that is unknown or out of time', async () => {
    const { token } = await begin();
    simulator.control.setFaceOutcome(token, 'mismatch');
    nowMs += 10 * minute;
    expect(await check(token, 'c', 'case-2')).toEqual({ subject: 'case-1', outcome: 'unfinished' });
    expect((await check('unknown', 'd')).outcome).toBe('unfinished');
    expect(simulator.control.hasFace(token)).toBe(false);
    expect(simulator.control.setFaceOutcome(token, 'pass')).toBe(false);
    expect(simulator.control.setFaceOutcome('unknown', 'pass')).toBe(false);
  });

  it('gives a settled answer again even when the token has run out meanwhile', async () => {
    const { token } = await begin();
    simulator.control.setFaceOutcome(token, 'pass');
    await check(token, 'c');
    nowMs += 11 * minute;
    expect((await check(token, 'c')).outcome).toBe('pass');
  });
});

describe('the register', () => {
  it('knows a valid and a deregistered engineer by ID number and name, and nobody else', async () => {
    const { register } = simulator.providers;
    const valid = sample({ register: 'valid' });
    expect(await register.read(valid, call('k'))).toEqual({
      status: 'valid',
      name: valid.name,
      sex: valid.sex,
      idNumber: valid.idNumber,
      birthDate: valid.birthDate,
      mobile: valid.mobile,
      employerName: valid.employerName,
      specialties: valid.specialties,
    });
    expect((await register.read(sample({ register: 'deregistered' }), call('k')))?.status).toBe(
      'deregistered',
    );
    expect(await register.read(sample({ register: 'none' }), call('k'))).toBeUndefined();
    expect(await register.read({ ...valid, name: '某某' }, call('k'))).toBeUndefined();
  });

  it('files once for a key, under a number of that day in China', async () => {
    const { register } = simulator.providers;
    expect(await register.file(filing('case-1'), call('k1'))).toEqual({ filingNumber: 'ZX20261121000001' });
    expect(await register.file(filing('case-1'), call('k1'))).toEqual({ filingNumber: 'ZX20261121000001' });
    expect(await register.file(filing('case-2'), call('k2'))).toEqual({ filingNumber: 'ZX20261121000002' });
    expect(simulator.control.filings().map(({ caseId }) => caseId)).toEqual(['case-2', 'case-1']);
  });

  it('takes a filing back, gives its number to no other, and has no quarrel with a case never filed', async () => {
    const { register } = simulator.providers;
    await register.file(filing('case-1'), call('k1'));
    await register.withdraw({ caseId: 'case-1' }, call('k2'));
    await register.withdraw({ caseId: 'case-9' }, call('k3'));
    expect(simulator.control.filings()).toEqual([]);
    expect(await register.file(filing('case-2'), call('k4'))).toEqual({ filingNumber: 'ZX20261121000002' });
  });

  it('tells the enterprise once, also under the key of the filing', async () => {
    const { register } = simulator.providers;
    const notice = { caseId: 'case-1', employerName: '晴川示例工程监理有限公司' };
    await register.file(filing('case-1'), call('k1'));
    await register.tellEnterprise(notice, call('k1'));
    await register.tellEnterprise(notice, call('k1'));
    expect(simulator.control.notices()).toEqual([{ ...notice, at: '2026-11-20T16:30:00.000Z' }]);
    expect(simulator.control.attempts('k1')).toBe(3);
  });
});

describe('faults', () => {
  const send = (effectKey: string, signal?: AbortSignal) =>
    simulator.providers.sms.send({ mobile: '15400000001', text: '您好' }, call(effectKey, signal));

  it('fail the next calls of one provider, do no work then, and pass', async () => {
    simulator.control.fail('sms', { failNext: 2 });
    await expect(send('k')).rejects.toBeInstanceOf(ProviderDown);
    expect(await simulator.providers.people.find(sample({}), call('p'))).toEqual({ registered: true });
    await expect(send('k')).rejects.toBeInstanceOf(ProviderDown);
    expect(simulator.control.messages('15400000001')).toEqual([]);
    await send('k');
    expect(simulator.control.messages('15400000001')).toHaveLength(1);
    expect(simulator.control.attempts('k')).toBe(3);
    expect(simulator.control.ledger()).toContainEqual(
      expect.objectContaining({ operation: 'sms.send', key: 'k', attempts: 3, settled: 1 }),
    );
  });

  it('delay every call until set again', async () => {
    const waits: number[] = [];
    reopen(async (ms) => void waits.push(ms));
    simulator.control.fail('sms', { delayMs: 300 });
    await send('k1');
    await send('k2');
    simulator.control.fail('sms', {});
    await send('k3');
    expect(waits).toEqual([300, 300]);
  });

  it('end a wait that is called off, and do no work for it', async () => {
    reopen(
      (_ms, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    simulator.control.fail('sms', { delayMs: 300 });
    const caller = new AbortController();
    const sending = send('k', caller.signal);
    caller.abort();
    await expect(sending).rejects.toBeInstanceOf(ProviderDown);
    await expect(send('k', AbortSignal.abort())).rejects.toBeInstanceOf(ProviderDown);
    expect(simulator.control.messages('15400000001')).toEqual([]);
  });
});

describe('the memory', () => {
  it('survives a reopening: accounts, messages, filings, faces and settled keys', async () => {
    const person = newPerson(sample({ registered: false }));
    const before = await useEverything(person);
    reopen();
    expect(await useEverything(person)).toEqual(before);
    expect(simulator.control.messages(person.mobile)).toHaveLength(1);
    expect(simulator.control.filings()).toHaveLength(1);
    expect(simulator.control.hasFace(before.face.token)).toBe(true);
    const effects = simulator.control.ledger();
    expect(
      effects.map(({ operation, attempts, settled }) => `${operation} ${attempts} ${settled}`).toSorted(),
    ).toEqual(['faces.start 2 1', 'people.register 2 1', 'register.file 2 1', 'sms.send 2 1']);
  });

  it('keeps nothing of work that fails halfway', () => {
    const ledger = openLedger({ file: join(folder, 'half.db'), key, clock: { now: () => nowMs } });
    const halfway = () => {
      ledger.append('notice', 'case-1', { caseId: 'case-1', employerName: '示例', at: '' });
      throw new Error('halfway');
    };
    expect(() => ledger.once('register.tellEnterprise', 'k', halfway)).toThrow('halfway');
    expect(ledger.list('notice')).toEqual([]);
    expect(ledger.once('register.tellEnterprise', 'k', () => 'done')).toBe('done');
    ledger.close();
  });

  it('holds no name, ID number, mobile or text in clear, in the file or beside it', async () => {
    for (const [number, person] of peopleSamples.entries())
      await useEverything(newPerson(person), `k${number}`);
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(readdirSync(folder)).toContain('simulator.db-wal');
    const secrets = peopleSamples.flatMap(({ name, idNumber, mobile }) => [name, idNumber, mobile]);
    const found = (form: Buffer) => bytes.some((content) => content.includes(form));
    expect(found(Buffer.from('filing'))).toBe(true);
    expect([...secrets, '验证码123456'].filter((secret) => encodings(secret).some(found))).toEqual([]);
  });

  it('does not open with a key of another length, nor read rows sealed under another key', async () => {
    await simulator.providers.register.file(filing('case-1'), call('k'));
    const other = { file, clock: { now: () => nowMs }, delay: noDelay, baseUrl: '' };
    expect(() => createSimulator({ ...other, key: randomBytes(16) })).toThrow('32 bytes');
    const stranger = createSimulator({ ...other, key: randomBytes(32) });
    expect(() => stranger.control.filings()).toThrow('unable to authenticate');
    stranger.close();
  });

  async function useEverything(person: NewPerson, effectKey = 'k') {
    const { people, sms, faces, register } = simulator.providers;
    await sms.send({ mobile: person.mobile, text: '验证码123456' }, call(effectKey));
    return {
      account: await people.register(person, call(effectKey)),
      face: await faces.start({ ...person, subject: 'case-1' }, call(effectKey)),
      filing: await register.file({ ...filing('case-1'), ...person }, call(effectKey)),
    };
  }
});

describe('the routes', () => {
  it('show the people and say that they are invented', async () => {
    const response = await inject({ url: '/simulator/people' });
    expect(response.statusCode).toBe(200);
    expect(response.json().people).toHaveLength(peopleSamples.length);
    expect(response.json().people[0]).toEqual(peopleSamples[0]);
    expect(response.json().people[0].invented).toBe(true);
  });

  it('show the messages of one number, and refuse what is no mobile number', async () => {
    await simulator.providers.sms.send({ mobile: '15400000001', text: '验证码123456' }, call('k'));
    const response = await inject({ url: '/simulator/sms?mobile=15400000001' });
    expect(response.json().messages).toMatchObject([{ text: '验证码123456' }]);
    expect(response.headers['cache-control']).toBe('no-store');
    expect((await inject({ url: '/simulator/sms?mobile=x' })).statusCode).toBe(400);
    expect((await inject({ url: '/simulator/sms' })).statusCode).toBe(400);
  });

  it('take what the person did, and answer what now stands', async () => {
    const { token } = await simulator.providers.faces.start({ ...sample({}), subject: 'case-1' }, call('k'));
    const post = (body: object, of = token) =>
      inject({ method: 'POST', url: `/simulator/faces/${of}`, body });
    expect((await post({ outcome: 'mismatch' })).json()).toEqual({ outcome: 'mismatch' });
    expect((await post({ outcome: 'pass' })).json()).toEqual({ outcome: 'mismatch' });
    expect((await post({ outcome: 'maybe' })).statusCode).toBe(400);
    expect((await post({ outcome: 'pass', more: 1 })).statusCode).toBe(400);
    expect((await post({ outcome: 'pass' }, 'unknown')).statusCode).toBe(404);
  });

  it('serve the face page with nothing inline and nothing from outside', async () => {
    const { token } = await simulator.providers.faces.start({ ...sample({}), subject: 'case-1' }, call('k'));
    const page = await inject({ url: `/simulator/faces/${token}` });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    for (const word of ['模拟', 'simulation', '通过', '不符', '未完成', '服务不可用'])
      expect(page.body).toContain(word);
    expect(page.body).not.toMatch(/https?:|<script>|<style|style=|onclick/);
    expect((await inject({ url: '/simulator/face.js' })).headers['content-type']).toContain(
      'text/javascript',
    );
    expect((await inject({ url: '/simulator/face.css' })).headers['content-type']).toContain('text/css');
    expect((await inject({ url: '/simulator/faces/unknown' })).statusCode).toBe(404);
  });

  it('break a provider', async () => {
    const body = { provider: 'people', failNext: 1, delayMs: 0 };
    const response = await inject({ method: 'POST', url: '/simulator/faults', body });
    expect([response.statusCode, response.body]).toEqual([204, '']);
    await expect(simulator.providers.people.find(sample({}), call('k'))).rejects.toBeInstanceOf(ProviderDown);
    const unknown = await inject({
      method: 'POST',
      url: '/simulator/faults',
      body: { ...body, provider: 'x' },
    });
    expect(unknown.statusCode).toBe(400);
  });

  async function inject(request: { method?: 'GET' | 'POST'; url: string; body?: object }) {
    const app = Fastify().setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) =>
      reply.code(error instanceof Problem ? 404 : 400).send({ message: String(error) }),
    );
    await app.register(simulatorRoutes(simulator.control));
    return app.inject(request);
  }
});

const knownSpecialties =
  '房屋建筑工程 冶炼工程 矿山工程 化工石油工程 水利水电工程 电力工程 农林工程 铁路工程 公路工程 港口与航道工程 航天航空工程 通信工程 市政公用工程 机电安装工程'.split(
    ' ',
  );

function checkDigit(idNumber: string): string | undefined {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(idNumber[index]), 0);
  return '10X98765432'[sum % 11];
}

function encodings(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8');
  const utf16le = Buffer.from(text, 'utf16le');
  const utf16be = Buffer.from(utf16le).swap16();
  const hex = [utf8, utf16le, utf16be].flatMap((bytes) => [
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ]);
  return [utf8, utf16le, utf16be, ...hex.map((digits) => Buffer.from(digits))];
}
