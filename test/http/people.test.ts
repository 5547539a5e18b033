import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { png, startTestApp, type TestApp } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

const DAY_MS = 24 * 60 * 60_000;

let kit: TestApp;
beforeEach(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
});
afterEach(() => kit.close());

describe('a session', () => {
  it('is given once and kept as a digest only', async () => {
    const answer = await kit.anyone.post('/v1/sessions', { channel: 'web' });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { token, expiresAt } = answer.json();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(Date.parse(expiresAt) - kit.clock.now()).toBe(30 * DAY_MS);
    expect(await kit.runtime.store.findSession(token)).toBeUndefined();
  });

  it('ends after 30 days', async () => {
    const person = await kit.person();
    kit.clock.move(30 * DAY_MS - 1);
    expect((await person.get('/v1/me')).statusCode).toBe(200);
    kit.clock.move(1);
    expect((await person.get('/v1/me')).statusCode).toBe(401);
  });

  it.each(['wechat', 'alipay'])('through %s is not open yet, and says so at the field', async (channel) => {
    const answer = await kit.anyone.post('/v1/sessions', { channel });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([
      { pointer: '/channel', code: 'channel-not-open', message: '该登录渠道暂未开通,请使用 web' },
    ]);
  });
});

describe('a profile', () => {
  it('is wanted before a case can be opened: nickname and avatar both', async () => {
    const person = await kit.person({ profile: false });
    const open = async () => (await person.post('/v1/matters/small/cases', {})).json().code;
    expect(await open()).toBe('profile-required');
    await person.put('/v1/me/profile', { nickname: '小林' });
    expect(await open()).toBe('profile-required');
    await person.upload('PUT', '/v1/me/avatar', {}, { name: 'a.png', bytes: png() });
    expect(await open()).toBeUndefined();
  });

  it('reads back to its owner', async () => {
    const person = await kit.person({ profile: false });
    expect((await person.get('/v1/me')).json()).toMatchObject({
      role: 'applicant',
      nickname: null,
      avatar: null,
      profileComplete: false,
    });
    await person.put('/v1/me/profile', { nickname: '  林工🙂 ' });
    const answer = await person.upload('PUT', '/v1/me/avatar', {}, { name: 'a.png', bytes: png() });
    expect(answer.json()).toMatchObject({
      nickname: '林工🙂',
      avatar: { href: '/v1/me/avatar' },
      profileComplete: true,
    });
    const avatar = await person.get('/v1/me/avatar');
    expect(avatar.headers['content-type']).toBe('image/png');
    expect(avatar.rawPayload).toEqual(png());
  });

  it.each(['', '   ', '林'.repeat(31), 'a\u202eb', 'a\nb', 'a\u0000b', '\ud800', 7, null])(
    'does not take %j for a nickname',
    async (nickname) => {
      const person = await kit.person({ profile: false });
      const answer = await person.put('/v1/me/profile', { nickname });
      expect(answer.statusCode).toBe(422);
      expect(answer.json().errors[0].pointer).toBe('/nickname');
    },
  );

  it('takes 30 characters as a reader counts them', async () => {
    const person = await kit.person({ profile: false });
    const nickname = '𠮷'.repeat(30);
    expect((await person.put('/v1/me/profile', { nickname })).json().nickname).toBe(nickname);
  });

  it.each([
    ['text named like a picture', Buffer.from('hello'), 415, 'unsupported-media-type'],
    ['nothing at all', Buffer.alloc(0), 422, 'file-broken'],
    ['a picture cut short', png().subarray(0, 40), 422, 'file-broken'],
    ['more than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1), 413, 'payload-too-large'],
  ])('has no avatar made of %s', async (_what, bytes, status, code) => {
    const person = await kit.person({ profile: false });
    const answer = await person.upload('PUT', '/v1/me/avatar', {}, { name: 'a.png', bytes });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, errors: [{ pointer: '/file', code }] });
  });

  it('needs the file where it belongs', async () => {
    const person = await kit.person({ profile: false });
    const none = await person.upload('PUT', '/v1/me/avatar', {});
    expect(none.json().errors).toMatchObject([{ pointer: '/file', code: 'required' }]);
    const text = await person.upload('PUT', '/v1/me/avatar', { file: 'x' });
    expect(text.json().errors).toMatchObject([{ pointer: '/file', code: 'invalid' }]);
    const other = await person.upload('PUT', '/v1/me/avatar', { colour: 'red' });
    expect(other.json().errors).toMatchObject([{ pointer: '/colour', code: 'unknown-field' }]);
    const json = await person.put('/v1/me/avatar', {});
    expect(json.statusCode).toBe(415);
    const noise = await person.put('/v1/me/avatar', 'noise', {
      'content-type': 'multipart/form-data; boundary=b',
    });
    expect(noise.json().code).toBe('malformed');
    const unbounded = await person.put('/v1/me/avatar', 'noise', { 'content-type': 'multipart/form-data' });
    expect(unbounded.json().code).toBe('malformed');
  });

  it('is no business of staff', async () => {
    const officer = await kit.staff('officer');
    expect((await officer.put('/v1/me/profile', { nickname: 'x' })).statusCode).toBe(403);
    expect((await officer.post('/v1/matters/small/cases', {})).json().code).toBe('forbidden');
    expect((await officer.get('/v1/me')).json()).toMatchObject({ role: 'officer', nickname: null });
  });
});

describe('one’s own cases', () => {
  it('come newest first, page by page', async () => {
    const person = await kit.person();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      kit.clock.move(1000);
      const { id } = (await person.post('/v1/matters/small/cases', {})).json();
      ids.unshift(id);
      await person.post(`/v1/cases/${id}/events/note.send`, { text: 'x', colour: 'red' });
      await person.post(`/v1/cases/${id}/events/note.close`);
    }
    const first = (await person.get('/v1/me/cases?limit=2')).json();
    const second = (await person.get(`/v1/me/cases?limit=2&cursor=${first.next}`)).json();
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBeNull();
    expect(first.items[0]).toMatchObject({ matter: 'small', status: 'done', states: ['closed'] });
    expect((await (await kit.person()).get('/v1/me/cases')).json().items).toEqual([]);
  });
});
