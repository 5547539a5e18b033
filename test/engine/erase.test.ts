import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Eraser, erase, planErasure } from '../../src/engine/erase.ts';
import { forgetErased } from '../../src/engine/forget.ts';
import { png, startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { smallMatter } from '../http/small-matter.ts';
import { openBeside } from '../promises/erased-world.ts';

const ACTOR = { role: 'operator', id: 'command-line' } as const;

let folder: string;
let kit: TestApp;
let person: TestClient;
let personId: string;
let officer: TestClient;
let beside: Eraser;
let id: string;
/** What the effect waits for. */
let release: () => void;
let checks: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-erase-'));
  checks = 0;
  const check = async () => {
    checks++;
    await new Promise<void>((resolve) => (release = resolve));
    return { fine: true };
  };
  kit = await startTestApp({ matters: [smallMatter({ check })], folder });
  person = await kit.person();
  personId = (await person.get('/v1/me')).json().id;
  officer = await kit.staff('officer');
  id = (await person.post('/v1/matters/small/cases', {})).json().id;
  beside = openBeside(folder, kit.clock);
});
afterEach(async () => {
  await beside.store.close();
  await kit.close();
  rmSync(folder, { recursive: true });
});

const send = (body = { text: '你好', colour: 'red' }) =>
  person.post(`/v1/cases/${id}/events/note.send`, body, { prefer: 'wait=0', 'idempotency-key': 'k' });
const eraseThem = (eraser = beside) => erase(eraser, { personId, reason: 'person-asked', actor: ACTOR });
const entriesOf = (kind: 'accepted' | 'read' = 'accepted') => kit.runtime.store.readEntries(id, kind);

describe('a case whose person is erased', () => {
  it('ends where it stands: nothing waits, nothing is accepted, the facts stay', async () => {
    await send();
    await kit.until(() => checks === 1);
    const erased = await eraseThem();
    expect(erased).toMatchObject({ before: false, cases: [id], values: 1, purged: true });
    const view = (await officer.get(`/v1/cases/${id}`)).json();
    expect(view).toMatchObject({
      status: 'done',
      value: 'checking',
      seq: 3,
      allowed: [],
      deadlines: [],
      data: { colour: 'red', text: '', personErased: { message: expect.stringContaining('删除') } },
    });
    expect(await kit.runtime.store.readTasks(id)).toEqual([]);
    const refused = await officer.post(`/v1/cases/${id}/events/note.stamp`, {}, { 'idempotency-key': 's' });
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'event-not-allowed']);
  });

  it('leaves work for others undone, and says which', async () => {
    const db = new Database(join(folder, 'banjian.db'));
    db.exec(`INSERT INTO tasks (id, case_no, kind, ref, name, key, input, due_at, attempts, claimable_at)
      VALUES (1, 1, 'action', 'tellSomebody#1.0', 'tellSomebody', 'k', 'null', '2099', 0, '2099')`);
    db.close();
    expect(await eraseThem()).toMatchObject({ abandoned: ['tellSomebody'] });
    expect((await entriesOf()).at(-1)?.bytes).toContain('"abandoned":["tellSomebody"]');
    expect(await kit.runtime.store.readTasks(id)).toEqual([]);
  });

  it('takes no result that was on its way', async () => {
    await send();
    await kit.until(() => checks === 1);
    await eraseThem();
    release();
    await kit.worker.idle();
    expect(await entriesOf()).toHaveLength(3);
    expect(await kit.runtime.store.readTasks(id)).toEqual([]);
  });

  it('stays readable at every seq, without a value, though this process knew them', async () => {
    await send();
    await kit.until(() => checks === 1);
    expect((await officer.get(`/v1/cases/${id}?asOf=2`)).json().data.text).toBe('你');
    await eraseThem();
    // What this process holds in memory is of exactly that seq.
    expect(kit.runtime.hot.find(id)?.personal).toEqual({ text: '你好' });
    for (const seq of [1, 2, 3]) {
      const { data } = (await officer.get(`/v1/cases/${id}?asOf=${seq}`)).json();
      expect([seq, data.text, data.personErased !== undefined]).toEqual([seq, '', true]);
    }
  });

  it('that was over before keeps its end, and is told of the erasure too', async () => {
    await send();
    await kit.until(() => checks === 1);
    release();
    await kit.worker.idle();
    await person.post(`/v1/cases/${id}/events/note.close`);
    await eraseThem();
    const view = (await officer.get(`/v1/cases/${id}`)).json();
    expect(view).toMatchObject({ status: 'done', value: 'closed', seq: 5 });
  });

  it('holds in every check an auditor can ask for, and its stream is over', async () => {
    await send();
    await kit.until(() => checks === 1);
    await eraseThem();
    const auditor = await kit.staff('auditor');
    const { holds, firstBreak } = (await auditor.get(`/v1/audit/cases/${id}/verification`)).json();
    expect([holds, firstBreak]).toEqual([true, null]);
    const stream = await officer.get(`/v1/cases/${id}/stream`, { 'last-event-id': '3' });
    expect(stream.statusCode).toBe(204);
  });
});

describe('a person who is erased', () => {
  it('has no token, no key and no file any more', async () => {
    await send();
    await eraseThem();
    expect((await person.get('/v1/me')).statusCode).toBe(401);
    expect((await person.get(`/v1/cases/${id}`)).statusCode).toBe(401);
    expect(await kit.runtime.store.findPersonKey(personId)).toBeUndefined();
    expect(await kit.runtime.store.findProfile(personId)).toEqual({});
    expect(await beside.files.removeAll(personId)).toBe(false);
  });

  it('is erased once: again changes nothing', async () => {
    await send();
    await eraseThem();
    const before = [await kit.runtime.store.findCase(id), await entriesOf(), await kit.runtime.store.count()];
    expect(await eraseThem()).toMatchObject({ before: true, cases: [], values: 0 });
    expect([
      await kit.runtime.store.findCase(id),
      await entriesOf(),
      await kit.runtime.store.count(),
    ]).toEqual(before);
  });

  it('is erased whole or not at all, and a crash before the files go is made good by doing it again', async () => {
    const files = {
      removeAll: async () => {
        throw new Error('the power went');
      },
    };
    await expect(eraseThem({ ...beside, files })).rejects.toThrow('the power went');
    expect((await person.get('/v1/me')).statusCode).toBe(401);
    expect(await eraseThem()).toMatchObject({ before: true });
    expect(await beside.files.removeAll(personId)).toBe(false);
  });

  it('takes whatever their case does meanwhile with them', async () => {
    const { store } = beside;
    let moved = false;
    const overtaken: Eraser = {
      ...beside,
      store: {
        ...store,
        erase: async (erasure) => {
          if (!moved) await send();
          moved = true;
          return store.erase(erasure);
        },
      },
    };
    expect(await eraseThem(overtaken)).toMatchObject({ values: 1, cases: [id] });
    expect((await entriesOf()).at(-1)?.bytes).toContain('"type":"person.erased"');
    expect(await kit.runtime.store.readVault(id)).toEqual([]);
  });

  it('opens no case with a key that was in hand when they were erased', async () => {
    const { store } = kit.runtime;
    await send();
    const commit = store.commit.bind(store);
    store.commit = async (one) => {
      await eraseThem();
      store.commit = commit;
      return commit(one);
    };
    const answer = await person.post('/v1/matters/small/cases', {});
    expect([answer.statusCode, answer.json().code]).toEqual([410, 'person-erased']);
    expect((await store.count()).cases).toBe(1);
  });

  it('saves no name with a key that was in hand', async () => {
    const { store } = kit.runtime;
    await eraseThem();
    await store.saveProfile(personId, { nickname: Buffer.from('sealed') }, '2026-11-23T02:00:00.000Z');
    expect(await store.findProfile(personId)).toEqual({});
  });

  it('is told of to whoever never was', async () => {
    const nobody = { personId: 'AAAAAAAAAAAAAAAAAAAAAA', reason: 'person-asked', actor: ACTOR } as const;
    await expect(erase(beside, nobody)).rejects.toThrow('not-found');
  });
});

it('a plan of an erasure names what it comes to and changes nothing', async () => {
  await send();
  await kit.until(() => checks === 1);
  const before = await kit.runtime.store.findCase(id);
  const plan = await planErasure(beside, { personId, reason: 'person-asked', actor: ACTOR });
  expect(plan).toMatchObject({ values: 1, abandoned: [] });
  expect(plan.commits.map(({ row }) => row.id)).toEqual([id]);
  expect(await kit.runtime.store.findCase(id)).toEqual(before);
  expect((await person.get('/v1/me')).statusCode).toBe(200);
});

it('a running server lets go of keys, values and streams of whoever was erased beside it', async () => {
  await person.upload('PUT', '/v1/me/avatar', {}, { name: 'a.png', bytes: png() });
  await send();
  await kit.until(() => checks === 1);
  const stop = forgetErased(kit.runtime);
  await kit.until(() => true);
  const streaming = officer.get(`/v1/cases/${id}/stream`);
  await kit.until(() => kit.runtime.hot.find(id));
  await eraseThem();
  expect(kit.runtime.hot.find(id)).toBeDefined();
  kit.clock.move(1_000);
  await kit.until(() => kit.runtime.hot.find(id)?.personal === undefined);
  expect((await streaming).body).toContain('id: 3\n');
  stop();
});
