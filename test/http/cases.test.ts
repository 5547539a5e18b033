import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { type Outside, smallMatter } from './small-matter.ts';

const note = { text: '你好', colour: 'red' };

let kit: TestApp;
let person: TestClient;
let outside: Outside;
beforeEach(async () => {
  outside = { check: async () => ({ fine: true }) };
  kit = await startTestApp({ matters: [smallMatter(outside)] });
  person = await kit.person();
});
afterEach(() => kit.close());

async function open(): Promise<string> {
  return (await person.post('/v1/matters/small/cases', {})).json().id;
}
function send(id: string, event: string, body?: unknown, headers?: Record<string, string>) {
  return person.post(`/v1/cases/${id}/events/${event}`, body, headers);
}

describe('opening a case', () => {
  it('makes one, and says where it is and how it stands', async () => {
    const answer = await person.post('/v1/matters/small/cases', {});
    expect(answer.statusCode).toBe(201);
    const view = answer.json();
    expect(answer.headers).toMatchObject({ location: `/v1/cases/${view.id}`, etag: '"1"' });
    expect(view).toMatchObject({
      matter: 'small',
      machineVersion: '1',
      seq: 1,
      status: 'active',
      value: 'writing',
      states: ['writing'],
      step: null,
      allowed: [{ event: 'note.send', title: '发送', href: `/v1/cases/${view.id}/events/note.send` }],
      deadlines: [],
    });
  });

  it('needs no body, but takes none that says anything', async () => {
    expect((await person.post('/v1/matters/small/cases')).statusCode).toBe(201);
    const other = await kit.person();
    expect((await other.post('/v1/matters/small/cases', '', {})).statusCode).toBe(201);
    const third = await kit.person();
    expect((await third.post('/v1/matters/small/cases', { x: 1 })).statusCode).toBe(422);
  });

  it('never resets one: a second is refused while the first is open, and points to it', async () => {
    const id = await open();
    const answer = await person.post('/v1/matters/small/cases', {});
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'case-open-already',
      case: { id, href: `/v1/cases/${id}` },
    });
  });

  it('under the same key gives the first answer again', async () => {
    const key = { 'idempotency-key': 'one' };
    const first = await person.post('/v1/matters/small/cases', {}, key);
    await send(first.json().id, 'note.send', note);
    const again = await person.post('/v1/matters/small/cases', {}, key);
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
  });

  it('of a matter that nobody knows, or nobody has built', async () => {
    expect((await person.post('/v1/matters/nothing/cases', {})).json().code).toBe('matter-not-found');
    expect((await person.post('/v1/matters/supervision-engineer-renewal/cases', {})).json().code).toBe(
      'matter-not-offered',
    );
  });
});

describe('an event', () => {
  it('is answered when the work it started is done', async () => {
    const answer = await send(await open(), 'note.send', note);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.etag).toBe('"3"');
    expect(answer.json()).toMatchObject({ seq: 3, states: ['sent'], data: { colour: 'red', text: '你' } });
    expect(answer.json().deadlines).toEqual([
      { event: 'noteExpires', dueAt: new Date(kit.clock.now() + 60_000).toISOString() },
    ]);
  });

  it('is answered 202 when that takes longer than one wants to wait', async () => {
    let finish: () => void = () => {};
    outside.check = () => new Promise((resolve) => (finish = () => resolve({ fine: true })));
    const id = await open();
    const answering = send(id, 'note.send', note, { prefer: 'wait=2' });
    await kit.until(async () => (await kit.runtime.store.findCase(id))?.seq === 2);
    kit.clock.move(2000);
    const answer = await answering;
    expect(answer.statusCode).toBe(202);
    expect(answer.json().states).toEqual(['checking']);
    finish();
    await kit.worker.idle();
    expect((await person.get(`/v1/cases/${id}`)).json().states).toEqual(['sent']);
  });

  it('is checked by its form, and the errors point at the fields', async () => {
    const answer = await send(await open(), 'note.send', { text: '', colour: 'green', x: 1 });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/text',
      '/colour',
      '/x',
    ]);
  });

  it('out of order is refused with the state, what is allowed, and why', async () => {
    const answer = await send(await open(), 'note.close');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'event-not-allowed',
      state: ['writing'],
      allowed: ['note.send'],
      why: { because: 'state' },
    });
  });

  it('that a guard stops is answered in the words of the matter', async () => {
    const id = await open();
    await send(id, 'note.send', { ...note, colour: 'blue' });
    const answer = await send(id, 'note.close', {}, { 'accept-language': 'en' });
    expect(answer.json()).toMatchObject({ code: 'not-red', detail: 'Only a red note can be closed.' });
  });

  it.each([
    'xstate.done.actor.check',
    'xstate.after.noteExpires.small.sent',
    'nothing',
    'note.send%00',
    '张三',
  ])('that is nobody’s to send is refused and stands among the refusals: %s', async (event) => {
    const id = await open();
    const answer = await send(id, encodeURIComponent(event), {});
    expect(answer.statusCode).toBe(409);
    expect((await person.get(`/v1/cases/${id}`)).json().seq).toBe(1);
    expect(await kit.runtime.store.readEntries(id, 'refused')).toHaveLength(1);
  });

  it('of another role is forbidden, and is allowed to that role', async () => {
    const id = await open();
    await send(id, 'note.send', note);
    expect((await send(id, 'note.stamp')).statusCode).toBe(403);
    const officer = await kit.staff('officer');
    const view = (await officer.get(`/v1/cases/${id}`)).json();
    expect(view.allowed.map(({ event }: { event: string }) => event)).toEqual(['note.stamp']);
    expect((await officer.post(`/v1/cases/${id}/events/note.stamp`)).json().status).toBe('done');
  });

  it('under If-Match is taken only while the case stands there', async () => {
    const id = await open();
    expect((await send(id, 'note.send', note, { 'if-match': '"7"' })).statusCode).toBe(412);
    expect((await send(id, 'note.send', note, { 'if-match': 'seven' })).json().code).toBe('malformed');
    expect((await send(id, 'note.send', note, { 'if-match': '"1"' })).statusCode).toBe(200);
    expect((await send(id, 'note.close', {}, { 'if-match': '*' })).statusCode).toBe(200);
  });

  it('under the same key is done once; another body is named where it differs', async () => {
    const id = await open();
    const key = { 'idempotency-key': 'k'.repeat(200) };
    const first = await send(id, 'note.send', note, key);
    const again = await send(id, 'note.send', note, key);
    expect(again.body).toBe(first.body);
    const other = await send(id, 'note.send', { ...note, colour: 'blue' }, key);
    expect(other.json()).toMatchObject({ code: 'idempotency-mismatch', errors: [{ pointer: '/colour' }] });
  });

  it.each(['', ' ', 'k'.repeat(201), 'ключ'])('does not take %j for a key', async (key) => {
    const answer = await send(await open(), 'note.send', note, { 'idempotency-key': key });
    expect(answer.json().code).toBe('malformed');
  });
});

describe('a case', () => {
  it('reads as it stood at any entry and any moment', async () => {
    const id = await open();
    const openedAt = new Date(kit.clock.now()).toISOString();
    kit.clock.move(5_000);
    await send(id, 'note.send', note);
    await kit.advance(60_000);
    const at = async (asOf: string) =>
      (await person.get(`/v1/cases/${id}?asOf=${encodeURIComponent(asOf)}`)).json();
    expect((await person.get(`/v1/cases/${id}`)).json()).toMatchObject({ seq: 4, states: ['expired'] });
    expect(await at('1')).toMatchObject({ seq: 1, data: { text: '' }, allowed: [{ event: 'note.send' }] });
    expect(await at('2')).toMatchObject({ states: ['checking'], data: { text: '你' } });
    expect(await at(openedAt)).toMatchObject({ seq: 1 });
    expect(await at(openedAt.replace('Z', '+00:00'))).toMatchObject({ seq: 1 });
    expect(await at('2000-01-01T00:00:00Z')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await at('99')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await at('2026-02-30T99:00:00Z')).toMatchObject({ status: 422, code: 'form-invalid' });
  });

  it('is nobody’s but its owner’s, and staff’s', async () => {
    const id = await open();
    expect((await (await kit.staff('auditor')).get(`/v1/cases/${id}`)).statusCode).toBe(200);
    expect((await (await kit.staff('enterprise')).get(`/v1/cases/${id}`)).statusCode).toBe(404);
  });

  it('stays out of caches', async () => {
    const answer = await person.get(`/v1/cases/${await open()}`);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Accept-Language' });
  });
});

describe('the catalogue', () => {
  it('shows the professions of figure 1, and says which are not offered', async () => {
    const { items } = (await kit.anyone.get('/v1/professions')).json();
    expect(items.map(({ title }: { title: string }) => title)).toEqual([
      '建造师',
      '注册建筑师',
      '监理工程师',
      '勘察设计工程师',
    ]);
    expect(items[1]).toMatchObject({ offered: false, message: '该事项暂未在此开通', matters: [] });
    expect(items[2].matters).toHaveLength(5);
  });

  it.each([
    ['小', ['small']],
    ['A SMALL', ['small']],
    ['small-1', ['small']],
    ['变更', ['supervision-engineer-change']],
    ['renewal supervision', ['supervision-engineer-renewal']],
    ['nothing of the kind', []],
  ])('is searched by titles in both languages and by codes: %s', async (q, ids) => {
    const { items } = (await kit.anyone.get(`/v1/matters?q=${encodeURIComponent(q)}`)).json();
    expect(items.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it('gives a matter in the reader’s language', async () => {
    const { title, guide } = (await kit.anyone.get('/v1/matters/small', { 'accept-language': 'en' })).json();
    expect({ title, guide }).toEqual({ title: 'A small matter', guide: [{ label: 'How' }] });
  });

  it('gives the machine as data, as Mermaid and drawn, with a mark where a case stands', async () => {
    const id = await open();
    const path = '/v1/matters/small/machine';
    const data = (await person.get(`${path}?case=${id}`)).json();
    expect(data).toMatchObject({ id: 'small', version: '1', active: ['writing'] });
    expect(data.definition).toMatch(/^sha256:/);
    const mermaid = await kit.anyone.get(`${path}?format=mermaid`);
    expect(mermaid.body).toMatch(/^stateDiagram-v2/);
    const svg = await person.get(`${path}?format=svg&case=${id}`);
    expect(svg.headers['content-type']).toMatch(/^image\/svg\+xml/);
    expect(svg.body).toContain('data-active="true"');
    expect((await kit.anyone.get(`${path}?case=${id}`)).statusCode).toBe(401);
  });
});
