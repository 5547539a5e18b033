import Database from 'better-sqlite3';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeRead } from '../../src/cli/who-saw.ts';
import { findChainBreak, readEntry, writeEntry } from '../../src/engine/entry.ts';
import type { Caller, Entry } from '../../src/engine/types.ts';
import { recordReads } from '../../src/http/reads.ts';
import { png, startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

let kit: TestApp;
let person: TestClient;
let auditor: TestClient;
let officer: TestClient;
let id: string;
/** The statement that every entry is written with. */
let insertEntry: Database.Statement;

beforeEach(async () => {
  const prepared = vi.spyOn(Database.prototype, 'prepare');
  kit = await startTestApp({ matters: [smallMatter()] });
  insertEntry = statementOf(prepared, 'insert into "entries"');
  prepared.mockRestore();
  person = await kit.person();
  auditor = await kit.staff('auditor');
  officer = await kit.staff('officer');
  id = (await person.post('/v1/matters/small/cases', {})).json().id;
});
afterEach(() => kit.close());

interface Spied {
  mock: { calls: unknown[][]; results: { value: unknown }[] };
}
function statementOf(prepared: Spied, beginning: string): Database.Statement {
  const at = prepared.mock.calls.findIndex(([sql]) => String(sql).startsWith(beginning));
  return prepared.mock.results[at]?.value as Database.Statement;
}

async function readsOf(caseId = id): Promise<Entry[]> {
  return (await kit.runtime.store.readEntries(caseId, 'read')).map(({ bytes }) => readEntry(bytes));
}
const lastRead = async () => (await readsOf()).at(-1);
async function lastOfService(): Promise<Record<string, unknown>> {
  const [last] = (await kit.runtime.store.readServiceEntries()).slice(-1);
  return JSON.parse(last?.bytes ?? 'null');
}

describe('whoever looks at a case that is not theirs', () => {
  it('is recorded before they see it: who, what, when, and what for', async () => {
    const answer = await officer.get(`/v1/cases/${id}?asOf=1`, { purpose: 'complaint; ref=TS-2026-17' });
    expect(answer.statusCode).toBe(200);
    const officerId = (await officer.get('/v1/me')).json().id;
    expect(await readsOf()).toMatchObject([
      {
        kind: 'read',
        type: 'case.read',
        seq: 1,
        case: id,
        at: '2026-11-23T02:00:00.000Z',
        actor: { role: 'officer', id: officerId },
        data: {
          route: '/v1/cases/:id',
          asked: { asOf: '1' },
          seq: 1,
          purpose: 'complaint',
          ref: 'TS-2026-17',
        },
        prev: '',
      },
    ]);
  });

  it('is recorded on every route of the document that has a case in its address', async () => {
    const { paths } = (await kit.anyone.get('/openapi.json')).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      // What shows one value is recorded where it does: test/http/audit-personal.test.ts.
      path.includes('/cases/{id}') && !path.endsWith('/disclosures')
        ? Object.keys(operations).map((method) => [method, path] as const)
        : [],
    );
    expect(routes.length).toBeGreaterThan(8);
    for (const [method, path] of routes) {
      const before = await tracesOf();
      const url = path.replace('{id}', id).replaceAll(/\{\w+\}/g, '1');
      const asked = ask(path.includes('/audit/') ? auditor : officer, method, url);
      // A stream goes on until its case ends: it is recorded when it begins.
      if (path.endsWith('/stream')) await kit.until(async () => (await tracesOf()) > before);
      else await asked;
      expect([method, path, await tracesOf()]).toEqual([method, path, before + 1]);
    }
  });

  /** Reads, refusals and events: what somebody else than the owner does leaves one of them. */
  async function tracesOf(): Promise<number> {
    const row = await kit.runtime.store.findCase(id);
    return (row?.reads ?? 0) + (row?.refusals ?? 0) + (row?.seq ?? 0);
  }

  function ask(client: TestClient, method: string, url: string) {
    if (method === 'get') return client.get(url);
    if (method === 'delete') return client.delete(url);
    if (!url.endsWith('/attachments')) return client.post(url, {});
    return client.upload('POST', url, { material: 'x' }, { name: 'a.png', bytes: png() });
  }

  it('is recorded where only the headers are asked for', async () => {
    const authorization = `Bearer ${officer.token}`;
    const answer = await kit.app.inject({
      method: 'HEAD',
      url: `/v1/cases/${id}`,
      headers: { authorization },
    });
    expect(answer.headers.etag).toBe('"1"');
    expect(await readsOf()).toHaveLength(1);
  });

  it('is recorded where a chart shows them where the case stands', async () => {
    const url = `/v1/matters/small/machine?format=svg&case=${id}`;
    expect((await officer.get(url, { purpose: 'inspection' })).statusCode).toBe(200);
    expect(await lastRead()).toMatchObject({
      data: { route: '/v1/matters/:matter/machine', purpose: 'inspection' },
    });
  });

  it('is not shown anything that could not be recorded', async () => {
    const failing = vi.spyOn(insertEntry, 'run').mockImplementation(() => {
      throw new Database.SqliteError('full', 'SQLITE_FULL');
    });
    const paths = [`/v1/cases/${id}`, `/v1/audit/cases/${id}/history`, '/v1/audit/cases'];
    for (const path of paths) {
      const answer = await auditor.get(path);
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 503, 'storage-unavailable']);
      expect(answer.body).not.toContain(id);
    }
    failing.mockRestore();
    expect((await auditor.get(`/v1/cases/${id}`)).statusCode).toBe(200);
    expect(await readsOf()).toHaveLength(1);
  });

  it('is recorded one by one, however many look at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => officer.get(`/v1/cases/${id}`)));
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const stored = await kit.runtime.store.readEntries(id, 'read');
    expect(stored).toHaveLength(40);
    expect(findChainBreak(id, stored)).toBeUndefined();
  });

  it('is recorded behind whom another process recorded first', async () => {
    const { store } = kit.runtime;
    const append = store.append.bind(store);
    store.append = async (mine) => {
      store.append = append;
      const theirs = { ...readEntry(mine.entry.bytes), actor: { role: 'auditor' as const, id: 'elsewhere' } };
      expect(await append({ ...mine, entry: writeEntry(theirs) })).toBe(true);
      return append(mine);
    };
    expect((await officer.get(`/v1/cases/${id}`)).statusCode).toBe(200);
    expect((await readsOf()).map(({ actor }) => actor.role)).toEqual(['auditor', 'officer']);
    expect(findChainBreak(id, await store.readEntries(id, 'read'))).toBeUndefined();
  });

  it('is recorded on a route that nobody has thought of yet, by its address alone', async () => {
    const app = Fastify();
    const caller: Caller = { role: 'officer', id: 'o1', address: '', channel: 'api' };
    app.addHook('onRequest', async (request) => void Object.assign(request, { caller, problems: {} }));
    recordReads(app, kit.runtime);
    app.get('/v1/cases/:id/anything', async () => 'what is in it');
    app.get('/v1/staff/cases', async () => 'all there is');
    app.get('/v1/audit/anything', async () => 'all there is');
    expect((await app.inject(`/v1/cases/${id}/anything`)).body).toBe('what is in it');
    expect(await lastRead()).toMatchObject({ data: { route: '/v1/cases/:id/anything' } });
    for (const route of ['/v1/staff/cases', '/v1/audit/anything']) {
      await app.inject(route);
      expect(await lastOfService()).toMatchObject({ data: { route } });
    }
    await app.close();
  });

  it('leaves the case as it is: its seq, its history, its owner’s view', async () => {
    const before = (await person.get(`/v1/cases/${id}`)).body;
    await officer.get(`/v1/cases/${id}`);
    expect((await person.get(`/v1/cases/${id}`)).body).toBe(before);
    expect(await kit.runtime.store.readEntries(id, 'accepted')).toHaveLength(1);
  });
});

it('the owner’s own looks are nobody’s business, and a stranger’s lead nowhere', async () => {
  await person.get(`/v1/cases/${id}`);
  await person.get(`/v1/cases/${id}`, { purpose: 'whatever' });
  const stranger = await kit.person();
  expect((await stranger.get(`/v1/cases/${id}`)).statusCode).toBe(404);
  expect(await readsOf()).toEqual([]);
});

describe('the header that says what for', () => {
  it.each([
    'curiosity',
    'inspection; ref=370105198006151238',
    'inspection; ref=张三',
    'inspection, review',
    'constructor',
  ])('%s is refused by its name, and nothing is shown', async (purpose) => {
    const answer = await officer.get(`/v1/cases/${id}`, {
      purpose: encode(purpose),
      'accept-language': 'en',
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'purpose-invalid',
      detail: expect.stringContaining('Purpose'),
    });
    expect(await readsOf()).toEqual([]);
  });

  it('may be left out', async () => {
    await officer.get(`/v1/cases/${id}`);
    expect(await lastRead()).toMatchObject({ data: { purpose: 'unspecified' } });
  });
});

/** Headers are sent as bytes. */
function encode(text: string): string {
  return Buffer.from(text).toString('latin1');
}

it('nothing typed into an address is written down, unless it has no room for anybody', async () => {
  const typed = ['379999198504120030', '13800001234', 'zhangsan'];
  for (const text of typed) {
    await officer.get(`/v1/cases/${id}/attachments/${text}`);
    await auditor.get(`/v1/audit/cases?matter=${text}&state=${text}`);
    expect(await lastRead()).toMatchObject({ data: { asked: { attachment: 'other' } } });
    expect(await lastOfService()).toMatchObject({ data: { asked: { matter: 'other', state: 'other' } } });
  }
  const written = JSON.stringify([await readsOf(), await kit.runtime.store.readServiceEntries()]);
  for (const text of typed) expect(written).not.toContain(text);
});

it('a search is one entry of the service’s own chain, with its filter and how many it showed', async () => {
  await auditor.get('/v1/audit/cases?matter=small&state=writing&openedFrom=2026-11-01T00:00:00Z&limit=5', {
    purpose: 'statistics',
  });
  expect(await lastOfService()).toMatchObject({
    kind: 'service',
    type: 'cases.read',
    actor: { role: 'auditor' },
    data: {
      route: '/v1/audit/cases',
      asked: { matter: 'small', state: 'writing', openedFrom: '2026-11-01T00:00:00.000Z', limit: '5' },
      count: 1,
      purpose: 'statistics',
    },
  });
  await Promise.all(Array.from({ length: 20 }, () => auditor.get('/v1/audit/cases')));
  expect(await kit.runtime.store.readServiceEntries()).toHaveLength(21);
});

describe('who has seen a case', () => {
  it('is told to an auditor, whose look is the last of them, and to nobody else', async () => {
    await officer.get(`/v1/cases/${id}`, { purpose: 'handling' });
    const answer = await auditor.get(`/v1/audit/cases/${id}/reads`, { purpose: 'inspection' });
    const { holds, items } = answer.json<{ holds: boolean; items: { entry: Entry; bytes: string }[] }>();
    expect(holds).toBe(true);
    expect(items.map(({ entry }) => [entry.actor.role, entry.data.route, entry.data.purpose])).toEqual([
      ['officer', '/v1/cases/:id', 'handling'],
      ['auditor', '/v1/audit/cases/:id/reads', 'inspection'],
    ]);
    expect((await officer.get(`/v1/audit/cases/${id}/reads`)).statusCode).toBe(403);
    expect((await person.get(`/v1/audit/cases/${id}/reads`)).statusCode).toBe(403);
  });

  it('reads as a line each', async () => {
    await officer.get(`/v1/cases/${id}?asOf=1`, { purpose: 'handling; ref=BJ-2026-3' });
    const [read] = await readsOf();
    if (!read) throw new Error('nobody looked');
    expect(describeRead(read)).toBe(
      `2026-11-23T02:00:00.000Z  officer ${read.actor.id}  /v1/cases/:id  asOf=1  业务办理 handling BJ-2026-3`,
    );
  });
});
