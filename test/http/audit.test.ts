import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

let kit: TestApp;
let person: TestClient;
let auditor: TestClient;
let id: string;
beforeEach(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
  person = await kit.person();
  auditor = await kit.staff('auditor');
  id = (await person.post('/v1/matters/small/cases', {})).json().id;
  await person.post(`/v1/cases/${id}/events/note.close`);
  kit.clock.move(1000);
  await person.post(`/v1/cases/${id}/events/note.send`, { text: '你好', colour: 'red' });
});
afterEach(() => kit.close());

const audit = (path: string) => auditor.get(`/v1/audit/cases${path}`);

describe('an auditor', () => {
  it('alone may look: neither applicants nor officers', async () => {
    const officer = await kit.staff('officer');
    for (const path of ['', `/${id}/history`, `/${id}/replay`, `/${id}/verification`]) {
      expect((await audit(path)).statusCode).toBe(200);
      expect((await officer.get(`/v1/audit/cases${path}`)).statusCode).toBe(403);
      expect((await person.get(`/v1/audit/cases${path}`)).statusCode).toBe(403);
      expect((await kit.anyone.get(`/v1/audit/cases${path}`)).statusCode).toBe(401);
    }
    expect((await audit('/nothing/history')).json().code).toBe('case-not-found');
  });

  it('finds cases by matter, state and time', async () => {
    const find = async (query: string) => (await audit(`?${query}`)).json().items.length;
    expect(await find('matter=small&state=sent')).toBe(1);
    expect(await find('state=writing')).toBe(0);
    expect(await find('matter=other')).toBe(0);
    expect(await find('openedFrom=2026-11-23T10:00:00%2B08:00&openedTo=2026-11-24T00:00:00Z')).toBe(1);
    expect(await find('openedFrom=2026-11-24T00:00:00Z')).toBe(0);
    expect((await audit('?openedFrom=yesterday')).statusCode).toBe(422);
  });

  it('reads every entry as it was stored, and the refusals among them', async () => {
    const { items } = (await audit(`/${id}/history`)).json();
    expect(items.map(({ entry }: { entry: { type: string } }) => entry.type)).toEqual([
      'case.open',
      'note.send',
      'xstate.done.actor.check',
    ]);
    expect(JSON.parse(items[1].bytes)).toEqual(items[1].entry);
    expect(items[1].entry.data).toEqual({ colour: 'red' });
    const all = (await audit(`/${id}/history?refusals=true`)).json().items;
    expect(all.map(({ entry }: { entry: { kind: string } }) => entry.kind)).toEqual([
      'accepted',
      'refused',
      'accepted',
      'accepted',
    ]);
  });

  it('sees the history run again, and where it led each time', async () => {
    const { holds, items } = (await audit(`/${id}/replay?to=2`)).json();
    expect(holds).toBe(true);
    expect(items).toMatchObject([
      { seq: 1, type: 'case.open', states: ['writing'], holds: true },
      { seq: 2, type: 'note.send', states: ['checking'], holds: true },
    ]);
  });

  it('is told that everything holds', async () => {
    expect((await audit(`/${id}/verification`)).json()).toEqual({
      holds: true,
      entries: 3,
      refusals: 1,
      // This very one.
      reads: 1,
      checks: {
        chain: true,
        refusalChain: true,
        readChain: true,
        replay: true,
        currentRow: true,
        tasks: true,
        vault: true,
      },
      firstBreak: null,
    });
  });
});
