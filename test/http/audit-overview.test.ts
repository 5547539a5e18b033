import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

const HOUR_MS = 3_600_000;
let kit: TestApp;
let auditor: TestClient;
let check: () => Promise<{ fine: boolean }>;
beforeEach(async () => {
  check = async () => ({ fine: true });
  kit = await startTestApp({ matters: [smallMatter({ check: () => check() })] });
  auditor = await kit.staff('auditor');
});
afterEach(() => kit.close());

const overview = async (query = '') => (await auditor.get(`/v1/audit/overview${query}`)).json();
async function openCase(): Promise<{ person: TestClient; id: string }> {
  const person = await kit.person();
  return { person, id: (await person.post('/v1/matters/small/cases', {})).json().id };
}
const note = { text: '你好', colour: 'red' };

describe('the overview', () => {
  it('is for auditors alone', async () => {
    expect((await (await kit.staff('officer')).get('/v1/audit/overview')).statusCode).toBe(403);
    expect((await auditor.get('/v1/audit/overview?days=0')).statusCode).toBe(422);
    expect((await auditor.get('/v1/audit/overview?days=367')).statusCode).toBe(422);
  });

  it('counts cases by the day in China on which they were opened', async () => {
    await openCase();
    // From ten in the morning to one at night.
    await kit.advance(15 * HOUR_MS);
    await openCase();
    await openCase();
    const { opened, from } = await overview('?days=2');
    expect(opened).toEqual([
      { day: '2026-11-23', cases: 1 },
      { day: '2026-11-24', cases: 2 },
    ]);
    expect(from).toBe('2026-11-22T16:00:00.000Z');
    expect((await overview('?days=1')).opened).toEqual([{ day: '2026-11-24', cases: 2 }]);
  });

  it('says where cases stand, for how long, and which of them are at their end', async () => {
    await openCase();
    await kit.advance(25 * HOUR_MS);
    await openCase();
    const { person, id } = await openCase();
    await person.post(`/v1/cases/${id}/events/note.send`, note);
    await person.post(`/v1/cases/${id}/events/note.close`);
    const { standing, reached } = await overview();
    expect(standing).toMatchObject([
      {
        matter: 'small',
        states: ['writing'],
        stage: 'under-way',
        cases: 2,
        since: '2026-11-23T02:00:00.000Z',
        ages: { hour: 1, day: 0, week: 1, older: 0 },
      },
      { states: ['closed'], stage: 'ended', cases: 1 },
    ]);
    expect(reached).toContainEqual({ day: '2026-11-24', stage: 'ended', cases: 1 });
  });

  it('counts effects that gave up, and no word that a person chose', async () => {
    check = async () => {
      throw new Error('down');
    };
    const { person, id } = await openCase();
    await person.post(`/v1/cases/${id}/events/note.send`, note, { prefer: 'wait=0' });
    await kit.advance(10_000);
    expect((await overview()).failures).toEqual([
      { day: '2026-11-23', effect: 'check', code: 'Error', times: 1 },
    ]);
  });

  it('shows work that is wanted, how often it was tried, and the oldest of it; timers are none', async () => {
    check = async () => {
      throw new Error('down');
    };
    const { person, id } = await openCase();
    await person.post(`/v1/cases/${id}/events/note.send`, note, { prefer: 'wait=0' });
    await kit.worker.idle();
    await kit.advance(0);
    const { work, oldest, failures } = await overview();
    expect(work).toEqual([
      { name: 'check', kind: 'effect', tasks: 1, retried: 1, attempts: 1, since: '2026-11-23T02:00:00.000Z' },
    ]);
    expect(oldest).toEqual([
      { case: id, name: 'check', kind: 'effect', attempts: 1, since: '2026-11-23T02:00:00.000Z' },
    ]);
    expect(failures).toEqual([]);
  });
});
