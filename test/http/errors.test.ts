import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

let kit: TestApp;
beforeEach(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
});
afterEach(() => kit.close());

describe('what goes wrong', () => {
  it('is a problem as RFC 9457 has it, in Chinese or in English', async () => {
    const zh = await kit.anyone.get('/v1/me');
    expect(zh.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(zh.headers['content-language']).toBe('zh-CN');
    expect(zh.json()).toEqual({
      type: 'urn:banjian:problem:unauthenticated',
      title: '请先登录',
      status: 401,
      detail: '请先登录',
      code: 'unauthenticated',
    });
    const en = await kit.anyone.get('/v1/me', { 'accept-language': 'en' });
    expect(en.json().title).toBe('Sign in first: send a valid bearer token.');
  });

  it('asks for a bearer token where there is none, or none that is known', async () => {
    for (const authorization of ['', 'Basic x', 'Bearer', 'Bearer nobodys', 'Bearer a b']) {
      const answer = await kit.anyone.get('/v1/me', { authorization });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it.each([
    ['a body that is no JSON', '{"channel":', 'application/json', 400, 'malformed'],
    ['a forged prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'malformed'],
    ['another kind of JSON', '{}', 'application/vnd.api+json', 415, 'unsupported-media-type'],
    ['plain text', '{}', 'text/plain', 415, 'unsupported-media-type'],
    ['a form', 'channel=web', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['a multipart form', '--b--', 'multipart/form-data; boundary=b', 415, 'unsupported-media-type'],
    ['a body past 64 KiB', JSON.stringify('x'.repeat(70_000)), 'application/json', 413, 'payload-too-large'],
    ['a list where an object belongs', '[]', 'application/json', 422, 'form-invalid'],
    ['a text where an object belongs', '"web"', 'application/json', 422, 'form-invalid'],
  ])('%s: %s', async (_what, body, type, status, code) => {
    const answer = await kit.anyone.post('/v1/sessions', body, { 'content-type': type });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code });
  });

  it('points at the field', async () => {
    const answer = await kit.anyone.post('/v1/sessions', { channel: 'web', colour: 'red' });
    expect(answer.json()).toMatchObject({
      code: 'form-invalid',
      errors: [{ pointer: '/colour', code: 'unknown-field' }],
    });
  });

  it('in a query is refused like in a form: unknown, twice or nonsense', async () => {
    const person = await kit.person();
    for (const query of ['colour=red', 'limit=0', 'limit=201', 'limit=1&limit=2', 'limit=x']) {
      const answer = await person.get(`/v1/me/cases?${query}`);
      expect([query, answer.statusCode, answer.json().code]).toEqual([query, 422, 'form-invalid']);
    }
  });

  it.each(['/nowhere', '/v1/cases', '/v1/nowhere?x=1', '/%zz', '/v1/cases/%e0%a4%a'])(
    'an address that leads nowhere: %s',
    async (path) => {
      const answer = await kit.anyone.get(path);
      expect([400, 404]).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.body).not.toContain('nowhere');
    },
  );

  it('is the same to the byte for a case of somebody else and one that never was', async () => {
    const [one, other] = [await kit.person(), await kit.person()];
    const { id } = (await one.post('/v1/matters/small/cases', {})).json();
    const never = 'AAAAAAAAAAAAAAAAAAAAAA';
    const asks = [
      (at: string) => other.get(`/v1/cases/${at}`),
      (at: string) => other.get(`/v1/cases/${at}?asOf=1`),
      (at: string) => other.get(`/v1/cases/${at}/stream`),
      (at: string) => other.get(`/v1/cases/${at}/attachments/x`),
      (at: string) => other.delete(`/v1/cases/${at}/attachments/x`),
      (at: string) => other.post(`/v1/cases/${at}/events/note.send`, { colour: 1 }),
      (at: string) => other.post(`/v1/cases/${at}/events/note.send`, {}, { 'if-match': '"7"' }),
      (at: string) => other.post(`/v1/cases/${at}/events/xstate.init`, {}),
      (at: string) => other.upload('POST', `/v1/cases/${at}/attachments`, { material: 'x' }),
      (at: string) => other.get(`/v1/matters/small/machine?case=${at}`),
    ];
    for (const ask of asks) {
      const [theirs, none] = [await ask(id), await ask(never)];
      const { date: _a, ...headers } = theirs.headers;
      const { date: _b, ...expected } = none.headers;
      expect(theirs.statusCode).toBe(404);
      expect(theirs.json().code).toBe('case-not-found');
      expect(theirs.body).toBe(none.body);
      expect(headers).toEqual(expected);
    }
  });

  it('inside us says nothing but a number, and logs no value', async () => {
    const person = await kit.person();
    kit.runtime.store.findCase = async () => {
      throw new Error('canary 张三');
    };
    const answer = await person.get('/v1/cases/x');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      type: 'urn:banjian:problem:internal',
      title: '服务内部错误',
      status: 500,
      detail: '服务内部错误',
      code: 'internal',
      id: expect.stringMatching(/^[\w-]{22}$/),
    });
    const line = kit.log.find((each) => each.includes(answer.json().id));
    expect(line).toContain('stack');
    expect(kit.log.join('')).not.toContain('canary');
  });

  it('too often is told when to come back', async () => {
    const busy = await startTestApp({ matters: [smallMatter()], ratePerMinute: 3 });
    try {
      for (let n = 0; n < 3; n++) expect((await busy.anyone.get('/v1/matters')).statusCode).toBe(200);
      const answer = await busy.anyone.get('/nowhere');
      expect(answer.statusCode).toBe(429);
      expect(answer.json().code).toBe('too-many-requests');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect((await busy.anyone.get('/health/live')).statusCode).toBe(200);
    } finally {
      await busy.close();
    }
  });
});

describe('the log', () => {
  it('holds the pattern of a route, never the address called, and no field that is not on its list', async () => {
    const person = await kit.person();
    await person.get('/v1/cases/canary?asOf=1', { 'user-agent': 'canary' });
    await kit.anyone.get('/canary');
    kit.app.log.info({ name: 'canary', route: '/fine' }, 'a line');
    kit.app.log.error(new Error('canary'));
    kit.app.log.error({ err: new Error('canary') });
    const text = kit.log.join('');
    expect(text).toContain('"/v1/cases/:id"');
    expect(text).toContain('"/fine"');
    expect(text).not.toContain('canary');
  });
});
