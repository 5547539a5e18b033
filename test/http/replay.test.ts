import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ZodType, z } from 'zod';
import { replaySchema } from '../../src/http/schemas.ts';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { person } from '../promises/people.ts';

let kit: TestApp;
let applicant: Applicant;
let auditor: TestClient;
let id: string;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  auditor = await kit.staff('auditor');
  id = (await applicant.open()).id;
  kit.clock.move(1_000);
  await applicant.send(id, 'face.begin', { consent: true });
  kit.clock.move(1_000);
  await applicant.walk(id, { ...person.unregistered, kind: 'normal' }, 'notice.reading');
});
afterEach(() => kit.close());

const replay = (query = '', headers = {}) => auditor.get(`/v1/audit/cases/${id}/replay${query}`, headers);
const strict = (schema: ZodType) => z.fromJSONSchema(z.toJSONSchema(schema, { io: 'output' }) as never);

describe('a replay over HTTP', () => {
  it('is one JSON object in the shape that is documented, and says where every entry led', async () => {
    const answer = await replay('?diff=true&refusals=true');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const body = answer.json();
    expect(strict(replaySchema).safeParse(body).error).toBeUndefined();
    expect(body.holds).toBe(true);
    const sms = body.items.find(({ type }: { type: string }) => type === 'sms.request');
    expect(sms).toMatchObject({
      title: '获取验证码',
      from: ['registration.form.filling', 'registration.smsCode.none'],
      states: ['registration.form.filling', 'registration.smsCode.sending'],
      deadlines: { set: [{ event: 'sms.resume' }], fired: [], ended: [] },
      started: ['sendCode'],
      holds: true,
    });
    expect(sms.changes).toContainEqual({ pointer: '/sms/paused', before: false, after: true });
  });

  it('has refusals among the entries at their time, if asked for', async () => {
    const { items } = (await replay('?refusals=true')).json();
    expect(items[1]).toMatchObject({
      kind: 'refused',
      type: 'face.begin',
      facts: { code: 'event-not-allowed' },
    });
    const without = (await replay()).json().items;
    expect(without.map(({ kind }: { kind?: string }) => kind)).toEqual(without.map(() => undefined));
  });

  it('comes a line at a time for those who take lines: the same items, and whether all hold as the last', async () => {
    const { items, holds } = (await replay('?to=5')).json();
    const answer = await replay('?to=5', { accept: 'application/x-ndjson' });
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([...items, { holds }]);
    expect(lines).toHaveLength(6);
  });

  it('tells titles in the language of the reader', async () => {
    const { items } = (await replay('', { 'accept-language': 'en' })).json();
    expect(items[1]).toMatchObject({ type: 'identity.submit', title: 'Confirm' });
    expect(items[2].title).toBe('result of findPerson');
  });

  it('holds no personal value', async () => {
    const { body } = await replay('?diff=true&refusals=true');
    const { name, idNumber, mobile } = person.unregistered;
    for (const value of [name, idNumber, mobile]) expect(body).not.toContain(value);
  });

  it('says where a history cannot be run any further, and that it does not hold', async () => {
    const { runtime } = kit;
    const readEntries = runtime.store.readEntries.bind(runtime.store);
    runtime.store.readEntries = async (caseId, kind) => {
      const entries = await readEntries(caseId, kind);
      return entries.map((entry, index) => (index === 2 ? { ...entry, bytes: 'noise' } : entry));
    };
    const { holds, items } = (await replay()).json();
    expect(holds).toBe(false);
    expect(items).toHaveLength(3);
    expect(items[2]).toMatchObject({ kind: 'broken', seq: 3 });
  });
});
