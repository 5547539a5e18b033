import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApplicant } from '../applicant.ts';
import {
  naiveActs,
  naiveCounts,
  naivePasses,
  naiveSkips,
  naiveWaiting,
  readAll,
  type Told,
} from './naive.ts';
import { failFace, startWorld, type World } from './world.ts';

const CASES = 48;

let world: World;
let all: Told[];
beforeAll(async () => {
  world = await startWorld(CASES);
  all = await readAll(world.kit.runtime.store);
});
afterAll(() => world.kit.close());

type Item = Record<string, unknown> & { index: number; case: string; failures: number; since: string };

/** All pages of an answer, each of a few: so that every cursor is used. */
async function ask(question: string, query: Record<string, string> = {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const asked = new URLSearchParams({ ...query, limit: '3', ...(cursor ? { cursor } : {}) });
    const answer = await world.auditor.get(`/v1/audit/questions/${question}?${asked.toString()}`);
    expect(answer.statusCode, answer.body).toBe(200);
    const page = answer.json<{ items: Item[]; next: string | null }>();
    expect(page.items.length).toBeLessThanOrEqual(3);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}
const indexes = (items: { index: number }[]) => items.map(({ index }) => index);

describe('each question answers what a look at every history finds:', () => {
  it('who tried to skip a step', async () => {
    const expected = naiveSkips(all);
    expect(expected.length).toBeGreaterThan(CASES / 2);
    expect(indexes(await ask('skips'))).toEqual(expected);
  });

  it('the same by case, by person, by event and by time', async () => {
    const one = all.find(
      ({ kind, entry }) => kind === 'refused' && entry.type === 'xstate.done.actor.checkFace',
    );
    const { caseId = '', entry } = one ?? {};
    const person = entry?.actor.id ?? '';
    const ofCase = naiveSkips(all, (told) => told.caseId === caseId);
    expect(ofCase.length).toBeGreaterThan(2);
    expect(indexes(await ask('skips', { case: caseId }))).toEqual(ofCase);
    expect(indexes(await ask('skips', { person }))).toEqual(
      naiveSkips(all, (told) => told.entry.actor.id === person),
    );
    for (const event of ['form.submit', 'xstate.done.actor.checkFace', 'unknown', 'notice.proceed']) {
      const expected = naiveSkips(all, (told) => told.entry.type === event);
      expect(expected.length).toBeGreaterThan(2);
      expect(indexes(await ask('skips', { event }))).toEqual(expected);
    }
    const [from = '', to = ''] = [all[200]?.entry.at, all[400]?.entry.at];
    const expected = naiveSkips(all, (told) => told.entry.at >= from && told.entry.at < to);
    expect(expected.length).toBeGreaterThan(2);
    expect(indexes(await ask('skips', { from, to }))).toEqual(expected);
    expect(await ask('skips', { case: 'nothing' })).toEqual([]);
  });

  it.each(['sms', 'face'] as const)('who failed %s so often, and then passed', async (trial) => {
    for (const failures of [1, 2, 3, 4]) {
      const expected = naivePasses(all, trial, failures);
      expect(expected.length > 0).toBe(failures < 4);
      const found = await ask('passes-after-failures', { trial, failures: String(failures) });
      expect(found.map((item) => `${item.index}:${item.failures}`)).toEqual(expected);
    }
  });

  it.each([
    'notice.reading',
    'faceVerification',
    'faceVerification.capturing',
    'registration',
    'form',
    'form.forced',
    'submitted',
    'withdrawn',
    'form.norm',
  ])('which cases are in %s for longer than', async (state) => {
    for (const [longerThan, ms] of [
      ['PT0S', 0],
      ['PT90M', 90 * 60_000],
      ['P1D', 86_400_000],
    ] as const) {
      const before = new Date(world.kit.clock.now() - ms).toISOString();
      const expected = naiveWaiting(all, state, before);
      const found = await ask('waiting', { state, longerThan });
      expect(new Map(found.map((item) => [item.case, item.since]))).toEqual(expected);
      expect(found).toHaveLength(expected.size);
    }
  });

  it('the states of the world are not all empty, nor all full', () => {
    const now = new Date(world.kit.clock.now()).toISOString();
    const early = new Date(world.kit.clock.now() - 90 * 60_000).toISOString();
    const [late, waited] = [
      naiveWaiting(all, 'notice.reading', now),
      naiveWaiting(all, 'notice.reading', early),
    ];
    expect(waited.size).toBeGreaterThan(2);
    expect(late.size).toBeGreaterThan(waited.size);
  });

  it('everything a member of staff did', async () => {
    const officers = [
      ...new Set(
        all.filter(({ entry }) => entry.actor.role === 'officer').map(({ entry }) => entry.actor.id),
      ),
    ];
    expect(officers).toHaveLength(1);
    for (const staff of officers) {
      const expected = naiveActs(all, staff);
      expect(expected.length).toBeGreaterThan(3);
      expect(indexes(await ask('acts-of-staff', { staff }))).toEqual(expected);
    }
  });

  it('all cases of a person', async () => {
    const owners = all.filter(({ seq, kind }) => seq === 1 && kind === 'accepted').slice(0, 5);
    for (const { caseId, entry } of owners) {
      const found = await ask('cases-of-person', { person: entry.actor.id });
      expect(found.map((item) => item.case)).toEqual([caseId]);
    }
  });

  it('all entries under a machine version', async () => {
    const matter = 'supervision-engineer-deregistration';
    const found = await ask('entries-of-version', { matter, version: '1' });
    expect(new Set(indexes(found))).toEqual(new Set(all.map(({ index }) => index)));
    expect(found).toHaveLength(all.length);
    expect(await ask('entries-of-version', { matter, version: '2' })).toEqual([]);
    expect(await ask('entries-of-version', { matter: 'other', version: '1' })).toEqual([]);
  });

  it('refusals by code and hour', async () => {
    const [from = '', to = ''] = [all[100]?.entry.at, all[500]?.entry.at];
    const windows: Record<string, string>[] = [{}, { from, to }];
    for (const query of windows) {
      const found = await ask('refusals-by-hour', query);
      const expected = naiveCounts(all, query.from, query.to);
      expect(Object.keys(expected).length).toBeGreaterThan(4);
      expect(
        Object.fromEntries(
          found.map(({ hour, code, count }) => [`${String(hour).slice(0, 13)} ${String(code)}`, count]),
        ),
      ).toEqual(expected);
    }
  });
});

describe('an answer', () => {
  it('names entries and cases by what leads to them, and nobody by name', async () => {
    const [skip] = await ask('skips');
    expect(skip).toMatchObject({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      kind: 'refused',
      actor: { role: 'applicant' },
      code: expect.any(String),
      href: `/v1/audit/cases/${skip?.case}/history?refusals=true`,
    });
    expect((await world.auditor.get(String(skip?.href))).statusCode).toBe(200);
  });

  it('is for auditors alone', async () => {
    for (const client of [world.officer, await world.kit.person()]) {
      expect((await client.get('/v1/audit/questions/skips')).statusCode).toBe(403);
    }
    expect((await world.kit.anyone.get('/v1/audit/questions/skips')).statusCode).toBe(401);
  });

  it.each([
    ['skips?person=a%20b', '/person'],
    ['skips?from=yesterday', '/from'],
    ['waiting?state=form', '/longerThan'],
    ['waiting?state=form&longerThan=P', '/longerThan'],
    ['waiting?state=form&longerThan=P1M', '/longerThan'],
    ['waiting?longerThan=P1D', '/state'],
    ['passes-after-failures?trial=face&failures=0', '/failures'],
    ['entries-of-version?version=1', '/matter'],
    ['refusals-by-hour?limit=0', '/limit'],
    ['acts-of-staff?staff=x&colour=red', '/colour'],
  ])('to %s says which field is wrong', async (asked, pointer) => {
    const answer = await world.auditor.get(`/v1/audit/questions/${asked}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].pointer).toBe(pointer);
  });

  it('to a cursor of somebody else is empty', async () => {
    for (const question of ['skips?', 'waiting?state=form&longerThan=PT0S&', 'refusals-by-hour?'])
      expect((await world.auditor.get(`/v1/audit/questions/${question}cursor=bm90aGluZw`)).json()).toEqual({
        items: [],
        next: null,
      });
  });
});

describe('no answer is stale', () => {
  it('right after each write', async () => {
    const by = await newApplicant(world.kit);
    const { id } = await by.open();
    const before = (await ask('skips')).length;
    for (let n = 1; n <= 5; n++) {
      await by.send(id, 'notice.declare');
      const found = await ask('skips', { case: id });
      expect(found).toHaveLength(n);
      expect((await ask('skips')).length).toBe(before + n);
    }
    expect(
      (await ask('waiting', { state: 'identity.entering', longerThan: 'PT0S' })).map((item) => item.case),
    ).toContain(id);
  });

  it('while others write', async () => {
    const walking = Promise.all(Array.from({ length: 12 }, (_, n) => world.walk(CASES + n)));
    let over = false;
    const done = walking.finally(() => (over = true));
    const { store } = world.kit.runtime;
    let looks = 0;
    while (!over) {
      // Asked together, they are answered of one moment: nothing is written between.
      const [now, skipped, passed] = await Promise.all([
        readAll(store),
        store.searchRefusals({ codes: ['event-not-allowed'], limit: 10_000 }),
        store.searchPasses({ trial: 'face', failures: 1, limit: 10_000 }),
      ]);
      const refused = now.filter(({ entry }) => entry.data.code === 'event-not-allowed');
      expect(new Set(indexes(skipped.rows))).toEqual(new Set(indexes(refused)));
      expect(passed.rows.map((row) => `${row.index}:${row.failures}`)).toEqual(naivePasses(now, 'face', 1));
      looks++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(looks).toBeGreaterThan(10);
  });

  it('and a pass after five failures of the day, whatever case they were in, is none', async () => {
    const person = world.person(396);
    const [one, other] = [await newApplicant(world.kit), await newApplicant(world.kit)];
    const [first, second] = [(await one.open()).id, (await other.open()).id];
    await one.walk(first, person, 'faceVerification.consenting');
    await other.walk(second, person, 'faceVerification.consenting');
    await failFace(world.kit, one, first);
    await one.send(first, 'face.begin', { consent: true });
    for (let n = 0; n < 4; n++) await failFace(world.kit, other, second);
    const { token } = (await one.ask('GET', `/v1/cases/${first}`)).body.data.face;
    world.kit.simulator.control.setFaceOutcome(token, 'pass');
    expect((await one.send(first, 'face.finish', { token })).body.states).toEqual([
      'faceVerification.locked',
    ]);
    const found = await ask('passes-after-failures', { trial: 'face' });
    expect(found.map((item) => item.case)).not.toContain(first);
  });
});
