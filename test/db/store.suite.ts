import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseFilter, CaseRow, Commit, CommitOutcome, SideEntry, Store } from '../../src/db/store.ts';
import type { CaseState, Limit, NewTask } from '../../src/engine/types.ts';
import {
  action,
  at,
  caseRow,
  effect,
  entryOf,
  firstCommit,
  keyRow,
  limit,
  nextCommit,
  sealed,
  stateOf,
  timer,
} from './samples.ts';

export type MakeStore = () => Promise<{ store: Store; close: () => Promise<void> }>;
type GetStore = () => Store;

/** Holds a store to the contract of src/db/store.ts. Every store runs it. */
export function storeSuite(name: string, makeStore: MakeStore): void {
  describe(`a store ${name}`, () => {
    let opened: Awaited<ReturnType<MakeStore>>;
    beforeEach(async () => {
      opened = await makeStore();
    });
    afterEach(() => opened.close());
    const store = () => opened.store;

    describe('an accepted event', () => {
      acceptedEvents(store);
    });
    describe('an event that cannot be written', () => {
      undoneEvents(store);
    });
    describe('two that come at once', () => {
      races(store);
    });
    describe('limits', () => {
      limits(store);
    });
    describe('claims', () => {
      claims(store);
    });
    describe('refusals', () => {
      refusals(store);
    });
    describe('reads', () => {
      reads(store);
    });
    describe('the log', () => {
      log(store);
    });
    describe('tasks', () => {
      tasks(store);
    });
    describe('searching cases', () => {
      searching(store);
    });
    describe('the vault', () => {
      vault(store);
    });
    describe('people and tokens', () => {
      people(store);
    });
    describe('erasing a person', () => {
      erasures(store);
    });
  });
}

function acceptedEvents(get: GetStore): void {
  test('its entry, state, work, personal values and key are all there afterwards', async () => {
    const row = await openCase(get());
    const commit = nextCommit(row, {
      row: { state: stateOf('submitted', { reason: 'retired' }) },
      start: [effect('check'), timer('expiry', at(300))],
      vault: [sealed('name', 'a sealed name')],
      key: keyRow('case:1', 'k1', row.id, { '/name': 'digest' }),
    });
    expect(await get().commit(commit)).toMatchObject({ kind: 'committed' });

    expect(await get().findCase(row.id)).toEqual(commit.row);
    expect((await get().readEntries(row.id, 'accepted')).at(-1)).toEqual(commit.entry);
    expect(await get().readTasks(row.id)).toMatchObject([{ ref: 'check' }, { ref: 'expiry' }]);
    expect(await get().readVault(row.id)).toMatchObject([
      { caseId: row.id, seq: 2, ...sealed('name', 'a sealed name') },
    ]);
    expect(await get().findKey('case:1', 'k1')).toEqual({ ...commit.key, seq: 2 });
    expect(await get().count()).toEqual({ cases: 1, entries: 2, tasks: 2 });
  });

  test('an entry comes back byte for byte, the history in the order of its seq', async () => {
    const bytes = ['{"a":"办件 𠮷 \\u0000"}', '{ "b" : 1 }', '{"c":"é"}'];
    let row = await openCase(get(), { entry: entryOf(bytes[0] ?? '') });
    for (const text of bytes.slice(1)) row = await commitNext(get(), row, { entry: entryOf(text) });
    expect(await get().readEntries(row.id, 'accepted')).toEqual(bytes.map(entryOf));
    expect(await get().readEntries(row.id, 'refused')).toEqual([]);
  });

  test('the state comes back as it was, with its history, children and timers', async () => {
    const state: CaseState = {
      status: 'active',
      value: { form: { sms: 'sent', fields: 'open' } },
      context: { text: '注销', list: [1, null, true], none: {} },
      history: { 'm.form': ['m.form.fields.open'] },
      children: { w: { src: 'work', key: 'c:1:w' } },
      timers: { t: { event: 'expires', dueAt: at(60) } },
      failed: { w: 'k' },
    };
    const row = await openCase(get(), { row: { state } });
    expect((await get().findCase(row.id))?.state).toEqual(state);
  });

  test('it ends the task whose result it is', async () => {
    const { row, task } = await openWithTask(get(), effect('check'));
    const done = await get().commit(nextCommit(row, { settles: task.id }));
    expect(done).toMatchObject({ kind: 'committed' });
    expect(await get().readTasks(row.id)).toEqual([]);
  });

  test('it names the tasks it started, as the worker will hold them', async () => {
    const row = await openCase(get());
    const start = [effect('check', { input: { n: 1 } }), action('notify#2.0'), timer('expiry', at(300))];
    const outcome = await get().commit(nextCommit(row, { start }));
    const started = outcome.kind === 'committed' ? outcome.tasks : [];
    expect(started).toMatchObject([
      { ...start[0], caseId: row.id, attempts: 1 },
      { ...start[1], caseId: row.id, attempts: 1 },
      { ...start[2], caseId: row.id, attempts: 0 },
    ]);
    expect(started).toEqual(await get().readTasks(row.id));
  });

  test('what was never written is not found', async () => {
    expect(await get().findCase('nobody')).toBeUndefined();
    expect(await get().findKey('scope', 'key')).toBeUndefined();
    expect(await get().readEntries('nobody', 'accepted')).toEqual([]);
    expect(await get().readVault('nobody')).toEqual([]);
    expect(await get().readTasks('nobody')).toEqual([]);
    expect(await get().count()).toEqual({ cases: 0, entries: 0, tasks: 0 });
  });
}

/** Each stops a commit that is otherwise in order, and most of them late. */
const obstacles: {
  cause: string;
  spoil: (commit: Commit) => Commit;
  outcome: CommitOutcome['kind'] | 'throws';
}[] = [
  {
    cause: 'two of its tasks have the same ref',
    spoil: (commit) => ({ ...commit, start: [...commit.start, effect('again'), effect('again')] }),
    outcome: 'throws',
  },
  {
    cause: 'one of its tasks has a ref still in use',
    spoil: (commit) => ({ ...commit, start: [...commit.start, effect('wanted')] }),
    outcome: 'throws',
  },
  {
    cause: 'its claim is taken',
    spoil: (commit) => ({ ...commit, claim: { scope: 'right', subject: 'taken' } }),
    outcome: 'claim-taken',
  },
  {
    cause: 'a limit is reached',
    spoil: (commit) => ({ ...commit, limits: [limit('sms', 'full', 1)] }),
    outcome: 'limited',
  },
  {
    cause: 'its idempotency key was used',
    spoil: (commit) => ({ ...commit, key: keyRow('case', 'used', commit.row.id) }),
    outcome: 'key-used',
  },
  {
    cause: 'the seq moved on',
    spoil: (commit) => ({ ...commit, row: { ...commit.row, seq: 2 } }),
    outcome: 'seq-taken',
  },
  {
    cause: 'the seq is ahead of the case',
    spoil: (commit) => ({ ...commit, row: { ...commit.row, seq: 9 } }),
    outcome: 'seq-taken',
  },
  {
    cause: 'its case was never opened',
    spoil: (commit) => ({ ...commit, row: { ...commit.row, id: 'nobody' } }),
    outcome: 'seq-taken',
  },
  {
    cause: 'the task it settles is gone',
    spoil: (commit) => ({ ...commit, settles: 1_000_000 }),
    outcome: 'task-gone',
  },
];

function undoneEvents(get: GetStore): void {
  test.each(obstacles)('leaves nothing at all when $cause', async ({ spoil, outcome }) => {
    const { row, commit } = await prepareFullCommit(get());
    const before = await readEverything(get(), row.id);

    expect(await kindOf(get().commit(spoil(commit)))).toBe(outcome);

    expect(await readEverything(get(), row.id)).toEqual(before);
    await expectNothingCounted(get());
    expect(await kindOf(get().commit(commit))).toBe('committed');
  });

  test('says which case holds the claim, and which limit was reached', async () => {
    const { commit } = await prepareFullCommit(get());
    const taken = { scope: 'right', subject: 'taken' };
    expect(await get().commit({ ...commit, claim: taken })).toEqual({
      kind: 'claim-taken',
      caseId: 'holder',
    });
    const full = limit('sms', 'full', 1);
    expect(await get().commit({ ...commit, limits: [limit('sms', 'free', 1), full] })).toMatchObject({
      kind: 'limited',
      limit: full,
    });
  });

  test('a late result does not hit a task that later took the same place', async () => {
    const { row, task } = await openWithTask(get(), effect('check'));
    const left = await commitNext(get(), row, { cancel: ['check'] });
    const again = await commitNext(get(), left, { start: [effect('check', { key: 'second' })] });

    expect(await kindOf(get().commit(nextCommit(again, { settles: task.id })))).toBe('task-gone');
    expect(await get().readTasks(row.id)).toMatchObject([{ ref: 'check', key: 'second' }]);
  });
}

function races(get: GetStore): void {
  test('of twenty events decided on the same seq, one is taken', async () => {
    const row = await openCase(get());
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => get().commit(nextCommit(row, { entry: entryOf(`{"try":${i}}`) }))),
    );
    expect(countKinds(outcomes)).toEqual({ committed: 1, 'seq-taken': 19 });
    expect(await get().readEntries(row.id, 'accepted')).toHaveLength(2);
  });

  test('one that cannot be written for a fault of ours fails alone', async () => {
    await newPerson(get(), 'p1');
    const rows = Array.from({ length: 12 }, (_, i) => caseRow({ id: `c${i}` }));
    const outcomes = await Promise.allSettled(
      rows.map((row, i) => get().commit(i === 5 ? unwritable(row) : firstCommit(row))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      rows.map((_, i) => (i === 5 ? 'rejected' : 'fulfilled')),
    );
    expect((await get().count()).cases).toBe(11);
    for (const { id } of rows) {
      expect(await get().readEntries(id, 'accepted')).toHaveLength(id === 'c5' ? 0 : 1);
    }
  });

  test('one that is refused, for whatever reason, takes nothing from those it waited with', async () => {
    const marks = [{ scope: 'sms', subject: 'one' }];
    const row = await openCase(get(), { key: keyRow('case', 'used', 'c1'), marks });
    const others = Array.from({ length: 6 }, (_, i) => caseRow({ id: `other${i}` }));
    const full = { limits: [limit('sms', 'one', 1)] };
    const outcomes = await Promise.all([
      get().commit(firstCommit(caseRow({ id: 'a' }), full)),
      ...others.slice(0, 3).map((other) => get().commit(firstCommit(other))),
      get().commit(nextCommit(row, { key: keyRow('case', 'used', 'c1') })),
      get().commit(nextCommit({ ...row, seq: 9 })),
      get().commit(nextCommit(row, { settles: 404 })),
      ...others.slice(3).map((other) => get().commit(firstCommit(other))),
      get().commit(nextCommit(row)),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'limited',
      'committed',
      'committed',
      'committed',
      'key-used',
      'seq-taken',
      'task-gone',
      'committed',
      'committed',
      'committed',
      'committed',
    ]);
    expect((await get().findCase('c1'))?.seq).toBe(2);
    expect((await get().count()).cases).toBe(7);
  });

  test('a case that was read before is given back where it still stands, and read anew where it has moved on', async () => {
    const row = await openCase(get());
    await get().append(refusal(row.id, 1));
    const again = await get().findCase(row.id, row);
    expect(again?.state).toBe(row.state);
    expect(again).toEqual(await get().findCase(row.id));
    const next = await commitNext(get(), row, {});
    const read = await get().findCase(row.id, row);
    expect(read?.seq).toBe(2);
    expect(read?.state).toEqual(next.state);
    expect(await get().findCase('nobody', row)).toBeUndefined();
  });

  test('of twenty openings under the same key, one is taken', async () => {
    await newPerson(get(), 'p1');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        get().commit(firstCommit(caseRow({ id: `c${i}` }), { key: keyRow('open:p1', 'k', `c${i}`) })),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ committed: 1, 'key-used': 19 });
    expect((await get().count()).cases).toBe(1);
    const winner = (await search(get(), {})).rows[0];
    expect((await get().findKey('open:p1', 'k'))?.caseId).toBe(winner?.id);
  });

  test('the same key of another scope is another key', async () => {
    const row = await openCase(get(), { key: keyRow('scope a', 'k', 'c1', { '/x': '1' }) });
    await commitNext(get(), row, { key: keyRow('scope b', 'k', 'c1', { '/x': '2' }) });
    expect(await get().findKey('scope a', 'k')).toMatchObject({ fields: { '/x': '1' }, seq: 1 });
    expect(await get().findKey('scope b', 'k')).toMatchObject({ fields: { '/x': '2' }, seq: 2 });
  });
}

function limits(get: GetStore): void {
  test('of fifty events at once under a limit of five, exactly five are taken', async () => {
    await newPerson(get(), 'p1');
    const counted = { limits: [limit('sms', 'one', 5)], marks: [{ scope: 'sms', subject: 'one' }] };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => get().commit(firstCommit(caseRow({ id: `c${i}` }), counted))),
    );
    expect(countKinds(outcomes)).toEqual({ committed: 5, limited: 45 });
    expect(await get().count()).toMatchObject({ cases: 5, entries: 5 });
  });

  test('a mark counts for its own scope and subject only', async () => {
    const row = await openCase(get(), { marks: [{ scope: 'sms', subject: 'one' }] });
    expect(await isLimited(get(), row, limit('sms', 'two', 1))).toBe(false);
    expect(await isLimited(get(), row, limit('identity', 'one', 1))).toBe(false);
    expect(await isLimited(get(), row, limit('sms', 'one', 1))).toBe(true);
    expect(await isLimited(get(), row, limit('sms', 'one', 2))).toBe(false);
  });

  test('an event is not counted against its own limit', async () => {
    const row = await openCase(get());
    const commit = nextCommit(row, {
      limits: [limit('sms', 'one', 1)],
      marks: [{ scope: 'sms', subject: 'one' }],
    });
    expect(await kindOf(get().commit(commit))).toBe('committed');
  });

  test('Retry-After is the whole second in which the oldest mark falls out, and then it is taken', async () => {
    let row = await openCase(get(), { marks: [{ scope: 'sms', subject: 'one' }] });
    row = await commitNext(get(), row, { at: at(30), marks: [{ scope: 'sms', subject: 'one' }] });
    const atMost2 = limit('sms', 'one', 2, 60_000);

    const early = await get().commit(nextCommit(row, { at: at(45.4), limits: [atMost2] }));
    expect(early).toMatchObject({ kind: 'limited', retryAfterSeconds: 15 });
    const justBefore = await get().commit(nextCommit(row, { at: at(59.999), limits: [atMost2] }));
    expect(justBefore).toMatchObject({ kind: 'limited', retryAfterSeconds: 1 });
    expect(await isLimited(get(), row, atMost2, at(60))).toBe(false);
  });

  test('Retry-After is kept when more was counted than the limit allows', async () => {
    let row = await openCase(get(), { marks: [{ scope: 'face', subject: 'one' }] });
    row = await commitNext(get(), row, { at: at(30), marks: [{ scope: 'face', subject: 'one' }] });
    const atMost1 = limit('face', 'one', 1, 60_000);
    const outcome = await get().commit(nextCommit(row, { at: at(40), limits: [atMost1] }));
    const seconds = outcome.kind === 'limited' ? outcome.retryAfterSeconds : 0;
    expect(await isLimited(get(), row, atMost1, at(40 + seconds))).toBe(false);
  });
}

function claims(get: GetStore): void {
  const right = { scope: 'open', subject: 'one' };

  test('a right is held by one case', async () => {
    const first = await openCase(get(), { claim: right });
    await newPerson(get(), 'p2');
    const second = firstCommit(caseRow({ id: 'c2', owner: 'p2' }), { claim: right });
    expect(await get().commit(second)).toEqual({ kind: 'claim-taken', caseId: first.id });
    expect(await get().findCase('c2')).toBeUndefined();
  });

  test('the case that holds it may claim it again', async () => {
    const row = await openCase(get(), { claim: right });
    expect(await kindOf(get().commit(nextCommit(row, { claim: right })))).toBe('committed');
  });

  test('another scope or subject is another right', async () => {
    await openCase(get(), { claim: right });
    await openCase(get(), { row: { id: 'c2' }, claim: { ...right, subject: 'two' } });
    await openCase(get(), { row: { id: 'c3' }, claim: { ...right, scope: 'register' } });
    expect((await get().count()).cases).toBe(3);
  });

  test('it is freed when its case is done', async () => {
    const row = await openCase(get(), { claim: right });
    await commitNext(get(), row, { row: { state: { ...stateOf('withdrawn'), status: 'done' } } });
    expect(await kindOf(get().commit(firstCommit(caseRow({ id: 'c2' }), { claim: right })))).toBe(
      'committed',
    );
  });

  test('it is held while its case is not done, whatever else happens', async () => {
    const row = await openCase(get(), { claim: right });
    const later = await commitNext(get(), row, {});
    await get().append(refusal(later.id, 1));
    expect(await kindOf(get().commit(firstCommit(caseRow({ id: 'c2' }), { claim: right })))).toBe(
      'claim-taken',
    );
  });

  test('of twenty cases that claim the same right at once, one gets it', async () => {
    await newPerson(get(), 'p1');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        get().commit(firstCommit(caseRow({ id: `c${i}` }), { claim: right })),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ committed: 1, 'claim-taken': 19 });
  });
}

function reads(get: GetStore): void {
  const read = (caseId: string, number: number): SideEntry => ({
    ...refusal(caseId, number),
    kind: 'read',
    entry: entryOf(`{"read":${number}}`),
  });

  test('they stand in a chain of their own, beside history and refusals, and move neither', async () => {
    const row = await openCase(get());
    await get().append(refusal(row.id, 1));
    expect(await get().append(read(row.id, 1))).toBe(true);
    expect(await get().readEntries(row.id, 'read')).toEqual([read(row.id, 1).entry]);
    expect(await get().findCase(row.id)).toMatchObject({
      seq: 1,
      refusals: 1,
      reads: 1,
      readHead: read(row.id, 1).entry.digest,
    });
  });

  test('of many at once each number is taken once', async () => {
    const row = await openCase(get());
    const kept = await Promise.all(Array.from({ length: 10 }, () => get().append(read(row.id, 1))));
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect(await get().append(read(row.id, 3))).toBe(false);
  });
}

function log(get: GetStore): void {
  const service = (number: number) => ({
    number,
    entry: entryOf(`{"service":${number}}`),
    tags: undefined,
  });

  test('the service has a chain of its own, each number once', async () => {
    expect(await get().findServiceHead()).toEqual({ seq: 0, head: '' });
    expect(await get().appendService(service(1))).toBe(true);
    expect(await get().appendService(service(1))).toBe(false);
    expect(await get().appendService(service(3))).toBe(false);
    expect(await get().appendService(service(2))).toBe(true);
    expect(await get().findServiceHead()).toEqual({ seq: 2, head: service(2).entry.digest });
    expect(await get().readServiceEntries()).toEqual([service(1).entry, service(2).entry]);
  });

  test('holds every entry of every chain in the order in which they were written, without a gap', async () => {
    const row = await openCase(get());
    await get().append(refusal(row.id, 1));
    await get().appendService(service(1));
    await get().commit(nextCommit(row, {}));
    const log = await get().readLog(0, 10);
    expect(log.map(({ index, caseId, kind, seq }) => [index, caseId, kind, seq])).toEqual([
      [0, row.id, 'accepted', 1],
      [1, row.id, 'refused', 1],
      [2, '', 'service', 1],
      [3, row.id, 'accepted', 2],
    ]);
    expect(await get().findLogSize()).toBe(4);
    expect(log[2]).toMatchObject(service(1).entry);
    expect(await get().readLog(1, 2)).toEqual(log.slice(1, 3));
    expect(await get().findLogIndex(row.id, 'accepted', 2)).toBe(3);
    expect(await get().findLogIndex(row.id, 'accepted', 3)).toBeUndefined();
  });

  test('an event that was not taken leaves no place empty', async () => {
    const row = await openCase(get());
    const outcomes = await Promise.all([
      get().commit(nextCommit(row, {})),
      get().commit(nextCommit(row, {})),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'seq-taken']);
    await get().append(refusal(row.id, 1));
    expect((await get().readLog(0, 10)).map(({ index }) => index)).toEqual([0, 1, 2]);
  });
}

function refusals(get: GetStore): void {
  test('they stand in a chain of their own, in the order of their number', async () => {
    const row = await openCase(get());
    expect(await get().append(refusal(row.id, 1))).toBe(true);
    expect(await get().append(refusal(row.id, 2))).toBe(true);
    expect(await get().readEntries(row.id, 'refused')).toEqual([
      refusal(row.id, 1).entry,
      refusal(row.id, 2).entry,
    ]);
    expect(await get().readEntries(row.id, 'accepted')).toHaveLength(1);
  });

  test('one moves the refusals and their head, and nothing else of the case', async () => {
    const row = await openCase(get(), { start: [timer('expiry', at(60))] });
    const before = await readEverything(get(), row.id);
    await get().append(refusal(row.id, 1));
    expect(await get().findCase(row.id)).toEqual({
      ...row,
      refusals: 1,
      refusalHead: refusal(row.id, 1).entry.digest,
    });
    expect(await get().readTasks(row.id)).toEqual(before.tasks);
  });

  test('one that came second says so and leaves nothing', async () => {
    const row = await openCase(get());
    await get().append(refusal(row.id, 1));
    const before = await readEverything(get(), row.id);
    expect(await get().append(refusal(row.id, 1))).toBe(false);
    expect(await get().append(refusal(row.id, 3))).toBe(false);
    expect(await get().append(refusal('nobody', 1))).toBe(false);
    expect(await readEverything(get(), row.id)).toEqual(before);
  });

  test('of ten at once with the same number, one is kept', async () => {
    const row = await openCase(get());
    const kept = await Promise.all(Array.from({ length: 10 }, () => get().append(refusal(row.id, 1))));
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect(await get().readEntries(row.id, 'refused')).toHaveLength(1);
  });

  test('an event decided before a refusal does not take it back', async () => {
    const row = await openCase(get());
    await get().append(refusal(row.id, 1));
    await commitNext(get(), row, {});
    expect(await get().findCase(row.id)).toMatchObject({
      seq: 2,
      refusals: 1,
      refusalHead: refusal(row.id, 1).entry.digest,
    });
    expect(await get().append(refusal(row.id, 2))).toBe(true);
  });
}

function tasks(get: GetStore): void {
  test('effects and actions are born held: nobody can claim them before the lease ends', async () => {
    await openCase(get(), { start: [effect('check'), action('notify#1.0')] });
    expect(await claim(get(), at(59.999))).toEqual([]);
    expect(await claim(get(), at(60))).toMatchObject([
      { ref: 'check', attempts: 2 },
      { ref: 'notify#1.0', attempts: 2 },
    ]);
  });

  test('a timer can be claimed when it is due and not before', async () => {
    await openCase(get(), { start: [timer('expiry', at(300))] });
    expect(await claim(get(), at(299.999))).toEqual([]);
    expect(await claim(get(), at(300))).toMatchObject([{ ref: 'expiry', dueAt: at(300), attempts: 1 }]);
  });

  test('what one has claimed nobody else gets until the lease ends', async () => {
    await openCase(get(), { start: [timer('expiry', at(10))] });
    expect(await claim(get(), at(10))).toHaveLength(1);
    expect(await claim(get(), at(69.999))).toEqual([]);
    expect(await claim(get(), at(70))).toMatchObject([{ ref: 'expiry', attempts: 2 }]);
  });

  test('those due first come first, and no more than asked for', async () => {
    const due = [40, 10, 30, 20, 10];
    await openCase(get(), { start: due.map((seconds, i) => timer(`t${i}`, at(seconds))) });
    expect(refs(await claim(get(), at(50), 3))).toEqual(['t1', 't4', 't3']);
    expect(refs(await claim(get(), at(50), 3))).toEqual(['t2', 't0']);
  });

  test('claims at the same moment never share a task', async () => {
    await openCase(get(), { start: Array.from({ length: 20 }, (_, i) => timer(`t${i}`, at(0))) });
    const claimed = await Promise.all(Array.from({ length: 10 }, () => claim(get(), at(1), 3)));
    const all = claimed.flat().map((task) => task.ref);
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
  });

  test('one given back is claimed again when its next try is due, and its tries count on', async () => {
    const { task } = await openWithTask(get(), effect('check'));
    await get().retryTask(task.id, at(20));
    expect(await claim(get(), at(19.999))).toEqual([]);
    expect(await claim(get(), at(20))).toMatchObject([{ id: task.id, attempts: 2 }]);
    await get().retryTask(task.id, at(90));
    expect(await claim(get(), at(85))).toEqual([]);
    expect(await claim(get(), at(90))).toMatchObject([{ id: task.id, attempts: 3, key: task.key }]);
  });

  test('at a new start, what was held can be claimed at once', async () => {
    await openCase(get(), { start: [effect('check'), timer('soon', at(5)), timer('later', at(500))] });
    await claim(get(), at(5));
    await get().releaseLeases();
    expect(refs(await claim(get(), at(6)))).toEqual(['check', 'soon']);
    expect(await claim(get(), at(499))).toMatchObject([{ ref: 'check' }, { ref: 'soon' }]);
    expect(refs(await claim(get(), at(500)))).toEqual(['later']);
  });

  test('at a new start, what waits for its next try keeps waiting', async () => {
    const { task } = await openWithTask(get(), effect('check'));
    await get().retryTask(task.id, at(40));
    await get().releaseLeases();
    expect(await claim(get(), at(39))).toEqual([]);
    expect(refs(await claim(get(), at(40)))).toEqual(['check']);
  });

  test('the next due is the first moment at which anything can be claimed', async () => {
    expect(await get().findNextDue()).toBeUndefined();
    const { row, task } = await openWithTask(get(), effect('check'));
    expect(await get().findNextDue()).toBe(at(60));
    await get().retryTask(task.id, at(20));
    expect(await get().findNextDue()).toBe(at(20));
    await commitNext(get(), row, { start: [timer('expiry', at(10))], cancel: [] });
    expect(await get().findNextDue()).toBe(at(10));
    await claim(get(), at(10));
    expect(await get().findNextDue()).toBe(at(20));
  });

  test('one that is cancelled is gone, and the same ref of another case is not', async () => {
    const row = await openCase(get(), { start: [effect('check'), timer('expiry', at(10))] });
    const other = await openCase(get(), { row: { id: 'c2' }, start: [effect('check')] });
    await commitNext(get(), row, { cancel: ['check', 'never-there'] });
    expect(refs(await get().readTasks(row.id))).toEqual(['expiry']);
    expect(refs(await get().readTasks(other.id))).toEqual(['check']);
  });

  test('one that is left and entered again in the same event is another task', async () => {
    const { row, task } = await openWithTask(get(), effect('check', { key: 'first' }));
    await commitNext(get(), row, { cancel: ['check'], start: [effect('check', { key: 'second' })] });
    const [again, ...others] = await get().readTasks(row.id);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ ref: 'check', key: 'second', attempts: 1 });
    expect(again?.id).not.toBe(task.id);
  });

  test('one can end and start again under its ref in the event that brings its result', async () => {
    const { row, task } = await openWithTask(get(), timer('poll', at(10)));
    await commitNext(get(), row, { settles: task.id, start: [timer('poll', at(20))] });
    expect(await get().readTasks(row.id)).toMatchObject([{ ref: 'poll', dueAt: at(20) }]);
  });

  test('an action that is done is gone', async () => {
    const { row, task } = await openWithTask(get(), action('notify#1.0'));
    await get().finishTask(task.id);
    expect(await get().readTasks(row.id)).toEqual([]);
    expect(await get().findNextDue()).toBeUndefined();
  });

  test('an input comes back as it went in', async () => {
    for (const [i, input] of [null, 0, 'text 办', [1, { a: null }], { deep: { list: [true] } }].entries()) {
      const { task } = await openWithTask(get(), effect('check', { input }), `c${i}`);
      expect(task.input).toEqual(input);
    }
  });
}

function searching(get: GetStore): void {
  test('by matter, by owner, and by both', async () => {
    await openCases(get(), [
      { id: 'a', matter: 'm1', owner: 'p1' },
      { id: 'b', matter: 'm2', owner: 'p1' },
      { id: 'c', matter: 'm1', owner: 'p2' },
    ]);
    expect(await found(get(), {})).toEqual(['a', 'b', 'c']);
    expect(await found(get(), { matter: 'm1' })).toEqual(['a', 'c']);
    expect(await found(get(), { owner: 'p1' })).toEqual(['a', 'b']);
    expect(await found(get(), { matter: 'm1', owner: 'p2' })).toEqual(['c']);
    expect(await found(get(), { matter: 'm' })).toEqual([]);
  });

  test('by the state itself or any state above it, never by a part of a name', async () => {
    await openCases(get(), [
      { id: 'a', state: stateOf('draft') },
      { id: 'b', state: stateOf({ submitted: 'received' }) },
      { id: 'c', state: stateOf({ submitted: { review: 'open' } }) },
      { id: 'd', state: stateOf('submittedElsewhere') },
      { id: 'e', state: stateOf({ form: { sms: 'sent', fields: { page: 'one' } } }) },
    ]);
    expect(await found(get(), { state: 'draft' })).toEqual(['a']);
    expect(await found(get(), { state: 'submitted' })).toEqual(['b', 'c']);
    expect(await found(get(), { state: 'submitted.review' })).toEqual(['c']);
    expect(await found(get(), { state: 'submitted.received' })).toEqual(['b']);
    expect(await found(get(), { state: 'form.sms.sent' })).toEqual(['e']);
    expect(await found(get(), { state: 'form.fields.page' })).toEqual(['e']);
    for (const state of ['submit', 'received', 'page.one', 'draft.', 'draft.x', '%', '_raft', 'dra%', '']) {
      expect({ state, found: await found(get(), { state }) }).toEqual({ state, found: [] });
    }
  });

  test('a state is found under the name it now has, not the one it had', async () => {
    const row = await openCase(get(), { row: { state: stateOf('draft') } });
    await commitNext(get(), row, { row: { state: stateOf('submitted') } });
    expect(await found(get(), { state: 'draft' })).toEqual([]);
    expect(await found(get(), { state: 'submitted' })).toEqual([row.id]);
  });

  test('a state whose name has a _ is found', async () => {
    await openCases(get(), [{ id: 'a', state: stateOf('in_review') }]);
    expect(await found(get(), { state: 'in_review' })).toEqual(['a']);
  });

  test('the case of letters matters in a state, as it does in its machine', async () => {
    await openCases(get(), [{ id: 'a', state: stateOf('reviewOpen') }]);
    expect(await found(get(), { state: 'reviewopen' })).toEqual([]);
  });

  test('by the time of opening, the end not included', async () => {
    await openCases(
      get(),
      [10, 20, 30].map((seconds) => ({ id: `t${seconds}`, openedAt: at(seconds) })),
    );
    expect(await found(get(), { openedFrom: at(20) })).toEqual(['t20', 't30']);
    expect(await found(get(), { openedTo: at(20) })).toEqual(['t10']);
    expect(await found(get(), { openedFrom: at(10), openedTo: at(30) })).toEqual(['t10', 't20']);
  });

  test('newest first, page by page, without gap or double, though many were opened in the same moment', async () => {
    // The later ids were opened the earlier, so that neither order can stand in for the other.
    const opened = Array.from({ length: 23 }, (_, i) => ({
      id: `c${String(i).padStart(2, '0')}`,
      openedAt: at(i < 15 ? 10 : 40 - i),
    }));
    await openCases(get(), opened);
    const expected = opened
      .toSorted((a, b) => (`${a.openedAt} ${a.id}` < `${b.openedAt} ${b.id}` ? 1 : -1))
      .map((one) => one.id);
    for (const size of [1, 4, 23, 100]) {
      expect((await readPages(get(), { limit: size })).flat()).toEqual(expected);
    }
  });

  test('the last page has no cursor, even when it is full', async () => {
    await openCases(get(), [{ id: 'a' }, { id: 'b' }]);
    expect((await search(get(), { limit: 2 })).next).toBeUndefined();
    expect((await search(get(), { limit: 1 })).next).toBeDefined();
    expect(await search(get(), { owner: 'nobody' })).toEqual({ rows: [], next: undefined });
  });

  test('a case opened between two pages is on neither of the later ones', async () => {
    await openCases(get(), [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    const { next } = await search(get(), { limit: 2 });
    await openCases(get(), [{ id: 'd', openedAt: at(99) }]);
    const second = await search(get(), { limit: 2, ...(next === undefined ? {} : { cursor: next }) });
    expect(second.rows.map((row) => row.id)).toEqual(['a']);
  });

  test('a cursor that is not ours finds nothing', async () => {
    await openCases(get(), [{ id: 'a' }]);
    for (const cursor of ['zzzz', 'not a cursor', '', Buffer.from('z').toString('base64url')]) {
      expect({ cursor, found: await found(get(), { cursor }) }).toEqual({ cursor, found: [] });
    }
  });
}

function vault(get: GetStore): void {
  test('of each field the newest value up to a seq is read, or all in the order they came', async () => {
    let row = await openCase(get(), { vault: [sealed('name', 'one')] });
    row = await commitNext(get(), row, { vault: [sealed('mobile', 'two'), sealed('name', 'three')] });
    row = await commitNext(get(), row, {});
    await commitNext(get(), row, { vault: [sealed('name', 'four')] });
    const places = async (toSeq?: number) =>
      (await get().readLatestVault(row.id, toSeq)).map((value) => `${value.seq} ${value.field}`).toSorted();
    expect(await places(0)).toEqual([]);
    expect(await places(1)).toEqual(['1 name']);
    expect(await places(3)).toEqual(['2 mobile', '2 name']);
    expect(await places()).toEqual(['2 mobile', '4 name']);
    const all = (await get().readVault(row.id)).map((value) => `${value.seq} ${value.field}`);
    expect(all).toEqual(['1 name', '2 mobile', '2 name', '4 name']);
  });

  test('sealed bytes come back unchanged, and a case shows only its own', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const row = await openCase(get(), { vault: [{ field: 'name', digest: 'd', sealed: bytes }] });
    const other = await openCase(get(), { row: { id: 'c2' } });
    expect(Buffer.compare((await get().readVault(row.id))[0]?.sealed ?? Buffer.of(), bytes)).toBe(0);
    expect(await get().readVault(other.id)).toEqual([]);
  });
}

function people(get: GetStore): void {
  const session = {
    digest: 's1',
    personId: 'p1',
    channel: 'web',
    wrappedKey: Buffer.from([1, 0, 255]),
    keyEpoch: 1,
    createdAt: at(0),
    expiresAt: at(900),
  };

  test('a session finds its person, and the person its wrapped key', async () => {
    await get().createSession(session);
    expect(await get().findSession('s1')).toMatchObject({
      personId: 'p1',
      channel: 'web',
      expiresAt: at(900),
    });
    expect(await get().findPersonKey('p1')).toEqual(session.wrappedKey);
    expect(await get().findSession('s2')).toBeUndefined();
    expect(await get().findPersonKey('p2')).toBeUndefined();
  });

  test('a session that cannot be written leaves no person behind', async () => {
    await get().createSession(session);
    await expect(get().createSession({ ...session, personId: 'p2' })).rejects.toThrow(Error);
    expect(await get().findPersonKey('p2')).toBeUndefined();
    expect(await get().findSession('s1')).toMatchObject({ personId: 'p1' });
  });

  test('a person is added under the wrapping key of today, never under an older one', async () => {
    await get().beginEpoch(2, at(1));
    expect(await get().createSession(session)).toBe(false);
    expect(await get().findPersonKey('p1')).toBeUndefined();
    expect(await get().createSession({ ...session, keyEpoch: 2 })).toBe(true);
    await get().beginEpoch(2, at(2));
    expect(await get().createSession({ ...session, digest: 's2', personId: 'p2', keyEpoch: 3 })).toBe(true);
  });

  test('keys are read by id, page by page, and changed only where they still are what they were', async () => {
    for (const id of ['b', 'a', 'c']) await newPerson(get(), id);
    const first = await get().readPersonKeys('', 2);
    expect(first.map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await get().readPersonKeys('b', 2)).map(({ id }) => id)).toEqual(['c']);
    const after = Buffer.from('anew');
    await get().rewrapKeys([
      { id: 'a', before: Buffer.from('key of a'), after },
      { id: 'b', before: Buffer.from('another'), after },
    ]);
    expect(await get().findPersonKey('a')).toEqual(after);
    expect(await get().findPersonKey('b')).toEqual(Buffer.from('key of b'));
  });

  test('a token finds who holds it', async () => {
    await get().createToken({ digest: 't1', id: 'o1', role: 'auditor', name: 'Audit', createdAt: at(0) });
    expect(await get().findToken('t1')).toEqual({ id: 'o1', role: 'auditor', name: 'Audit' });
    expect(await get().findToken('t2')).toBeUndefined();
  });

  test('a token is not written twice', async () => {
    const token = { digest: 't1', id: 'o1', role: 'officer' as const, name: 'A', createdAt: at(0) };
    await get().createToken(token);
    await expect(get().createToken({ ...token, id: 'o2' })).rejects.toThrow(Error);
    await expect(get().createToken({ ...token, digest: 't2' })).rejects.toThrow(Error);
    expect(await get().findToken('t1')).toMatchObject({ id: 'o1' });
  });

  test('a profile begins empty; saving one part keeps the other', async () => {
    await get().createSession(session);
    expect(await get().findProfile('p1')).toEqual({});
    await get().saveProfile('p1', { nickname: Buffer.from('sealed') }, at(1));
    const avatar = { digest: 'sha256:00', mediaType: 'image/png' };
    await get().saveProfile('p1', { avatar }, at(2));
    expect(await get().findProfile('p1')).toEqual({ nickname: Buffer.from('sealed'), avatar });
    await get().saveProfile('p1', { nickname: Buffer.from('other') }, at(3));
    expect(await get().findProfile('p1')).toEqual({ nickname: Buffer.from('other'), avatar });
    expect(await get().findProfile('p2')).toEqual({});
  });
}

function erasures(get: GetStore): void {
  const end = (row: CaseRow) =>
    nextCommit(row, {
      row: { state: { ...row.state, status: 'done' } },
      entry: entryOf(`{"end":"${row.id}"}`),
    });
  const erasure = (commits: Commit[]) => ({
    personId: 'p1',
    reason: 'asked',
    at: at(9),
    commits,
    digests: ['one'],
  });

  async function openTwo(): Promise<[CaseRow, CaseRow]> {
    const row = await openCase(get(), {
      start: [timer('expiry', at(60))],
      vault: [sealed('name', 'one')],
      key: keyRow('case', 'k', 'c1'),
      marks: [
        { scope: 'sms', subject: 'one' },
        { scope: 'sms', subject: 'two' },
      ],
      claim: { scope: 'right', subject: 'one' },
      subject: 'number',
    });
    const other = await openCase(get(), { row: { id: 'c2' }, vault: [sealed('name', 'two')] });
    return [row, other];
  }

  test('takes all that is a person’s and ends their cases; entries stay, and so do others', async () => {
    const [row, other] = await openTwo();
    const third = await openCase(get(), { row: { id: 'c3', owner: 'p2' }, vault: [sealed('name', 'three')] });
    expect(await get().findPersonsBySubject('number')).toEqual(['p1']);
    expect(await get().erase(erasure([end(row), end(other)]))).toBe('erased');
    for (const id of ['c1', 'c2']) {
      expect(await get().readVault(id)).toEqual([]);
      expect(await get().readTasks(id)).toEqual([]);
      expect(await get().readEntries(id, 'accepted')).toHaveLength(2);
      expect((await get().findCase(id))?.state.status).toBe('done');
    }
    expect(await get().findKey('case', 'k')).toBeUndefined();
    expect(await get().findPersonsBySubject('number')).toEqual([]);
    expect(await get().findSession('session of p1')).toBeUndefined();
    expect(await get().findPersonKey('p1')).toBeUndefined();
    expect((await get().readPersonKeys('', 9)).map(({ id }) => id)).toEqual(['p2']);
    expect(await get().readVault('c3')).toHaveLength(1);
    const free = nextCommit(third, { claim: { scope: 'right', subject: 'one' } });
    expect(await get().commit(free)).toMatchObject({ kind: 'committed' });
    expect(await get().findErased(0)).toEqual([{ id: 1, personId: 'p1' }]);
    expect(await get().findErased(1)).toEqual([]);
  });

  test('counts nothing under the digests of their values any more, and everything else as before', async () => {
    const [row, other] = await openTwo();
    const third = await openCase(get(), { row: { id: 'c3', owner: 'p2' } });
    await get().erase(erasure([end(row), end(other)]));
    const limited = (subject: string) => limit('sms', subject, 1, 900_000);
    const two = nextCommit(third, { limits: [limited('two')], at: at(1) });
    expect(await get().commit(two)).toMatchObject({ kind: 'limited' });
    const one = nextCommit(third, { limits: [limited('one')], at: at(1) });
    expect(await get().commit(one)).toMatchObject({ kind: 'committed' });
  });

  test('changes nothing when a case moved on, or was opened, since it was planned', async () => {
    const [row, other] = await openTwo();
    const before = [await get().findCase('c1'), await get().findCase('c2'), await get().count()];
    expect(await get().erase(erasure([end(row)]))).toBe('moved');
    expect(await get().erase(erasure([end(row), end({ ...other, seq: 7 })]))).toBe('moved');
    expect([await get().findCase('c1'), await get().findCase('c2'), await get().count()]).toEqual(before);
    expect(await get().findPersonKey('p1')).toBeDefined();
  });

  test('is whole or not at all', async () => {
    const [row, other] = await openTwo();
    const broken = { ...end(other), entry: { ...end(other).entry, bytes: null as unknown as string } };
    await expect(get().erase(erasure([end(row), broken]))).rejects.toThrow(Error);
    expect((await get().findCase('c1'))?.seq).toBe(1);
    expect(await get().readVault('c1')).toHaveLength(1);
    expect(await get().findPersonKey('p1')).toBeDefined();
  });

  test('happens once, and to somebody', async () => {
    const [row, other] = await openTwo();
    await get().erase(erasure([end(row), end(other)]));
    const count = await get().count();
    expect(await get().erase(erasure([]))).toBe('erased-before');
    expect(await get().erase({ ...erasure([]), personId: 'nobody' })).toBe('unknown');
    expect(await get().count()).toEqual(count);
  });

  test('is the end: no case is opened for them, and no name saved', async () => {
    await newPerson(get(), 'p1');
    await get().erase(erasure([]));
    expect(await get().commit(firstCommit(caseRow()))).toEqual({ kind: 'person-erased' });
    await get().saveProfile('p1', { nickname: Buffer.from('sealed') }, at(1));
    expect(await get().findProfile('p1')).toEqual({});
  });
}

/** An entry without bytes, which no table takes. */
function unwritable(row: CaseRow): Commit {
  const commit = firstCommit(row);
  return { ...commit, entry: { ...commit.entry, bytes: null as unknown as string } };
}

async function newPerson(store: Store, id: string): Promise<void> {
  if (await store.findPersonKey(id)) return;
  await store.createSession({
    digest: `session of ${id}`,
    personId: id,
    channel: 'web',
    wrappedKey: Buffer.from(`key of ${id}`),
    keyEpoch: 1,
    createdAt: at(0),
    expiresAt: at(900),
  });
}

type Changes = Partial<Omit<Commit, 'row'>> & { row?: Partial<CaseRow> };

async function openCase(store: Store, { row, ...changes }: Changes = {}): Promise<CaseRow> {
  const commit = firstCommit(caseRow(row), changes);
  await newPerson(store, commit.row.owner);
  expect(await store.commit(commit)).toMatchObject({ kind: 'committed' });
  return commit.row;
}

async function openCases(store: Store, rows: Partial<CaseRow>[]): Promise<void> {
  for (const row of rows) await openCase(store, { row });
}

/** The case after an event that must be taken. */
async function commitNext(store: Store, row: CaseRow, changes: Changes): Promise<CaseRow> {
  const commit = nextCommit(row, changes);
  expect(await store.commit(commit)).toMatchObject({ kind: 'committed' });
  return commit.row;
}

async function openWithTask(store: Store, start: NewTask, id = 'c1') {
  const row = await openCase(store, { row: { id }, start: [start] });
  const [task] = await store.readTasks(id);
  if (!task) throw new Error('the task was not written');
  return { row, task };
}

/**
 * An event that brings something of everything, for a case that has a task to settle, one to cancel and one still
 * wanted, beside a case that holds a right, a used key and a full limit.
 */
async function prepareFullCommit(store: Store): Promise<{ row: CaseRow; commit: Commit }> {
  const start = [effect('settled'), timer('cancelled', at(600)), effect('wanted')];
  const opened = await openCase(store, { start });
  const row = await commitNext(store, opened, {});
  await openCase(store, {
    row: { id: 'holder' },
    claim: { scope: 'right', subject: 'taken' },
    key: keyRow('case', 'used', 'holder'),
    marks: [{ scope: 'sms', subject: 'full' }],
  });
  const [settled] = await store.readTasks(row.id);
  const commit = nextCommit(row, {
    row: { state: stateOf('next') },
    start: [effect('new'), timer('later', at(700))],
    cancel: ['cancelled'],
    ...(settled ? { settles: settled.id } : {}),
    vault: [sealed('name', 'x'), sealed('mobile', 'y')],
    key: keyRow('case', 'fresh', row.id),
    limits: [limit('sms', 'free', 1)],
    marks: [{ scope: 'sms', subject: 'free' }],
    claim: { scope: 'right', subject: 'free' },
    subject: 'keyed digest of an ID number',
  });
  return { row, commit };
}

/** Everything of a case that can be read back through the contract. */
async function readEverything(store: Store, id: string) {
  return {
    row: await store.findCase(id),
    accepted: await store.readEntries(id, 'accepted'),
    refused: await store.readEntries(id, 'refused'),
    tasks: await store.readTasks(id),
    vault: await store.readVault(id),
    key: await store.findKey('case', 'fresh'),
    nextDue: await store.findNextDue(),
    count: await store.count(),
  };
}

/** Marks and claims cannot be read: another case must be able to take what the undone one asked for. */
async function expectNothingCounted(store: Store): Promise<void> {
  const probe = await openCase(store, {
    row: { id: 'probe' },
    limits: [limit('sms', 'free', 1)],
    claim: { scope: 'right', subject: 'free' },
  });
  await commitNext(store, probe, { row: { state: { ...stateOf('over'), status: 'done' } } });
}

async function kindOf(outcome: Promise<CommitOutcome>): Promise<CommitOutcome['kind'] | 'throws'> {
  return outcome.then(
    ({ kind }) => kind,
    () => 'throws',
  );
}

function countKinds(outcomes: CommitOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Asks a limit and leaves nothing: limits come before claims, and a taken claim stops whatever they let pass. */
async function isLimited(store: Store, row: CaseRow, one: Limit, moment = at(1)): Promise<boolean> {
  const claim = { scope: 'right', subject: 'taken' };
  if (!(await store.findCase('holder'))) await openCase(store, { row: { id: 'holder' }, claim });
  const kind = await kindOf(store.commit(nextCommit(row, { at: moment, limits: [one], claim })));
  expect(['limited', 'claim-taken']).toContain(kind);
  return kind === 'limited';
}

function refusal(caseId: string, number: number): SideEntry {
  return { caseId, kind: 'refused', number, tags: undefined, entry: entryOf(`{"refused":${number}}`) };
}

async function claim(store: Store, now: string, limitTo = 100) {
  const until = new Date(Date.parse(now) + 60_000).toISOString();
  return store.claimTasks({ now, owner: 'another process', until, limit: limitTo });
}

function refs(list: { ref: string }[]): string[] {
  return list.map((task) => task.ref);
}

async function search(store: Store, filter: Partial<CaseFilter>) {
  return store.searchCases({ limit: 100, ...filter });
}

async function found(store: Store, filter: Partial<CaseFilter>): Promise<string[]> {
  return (await search(store, filter)).rows.map((row) => row.id).toSorted();
}

async function readPages(store: Store, filter: Partial<CaseFilter>): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await search(store, { ...filter, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.rows.map((row) => row.id));
    cursor = page.next;
  } while (cursor !== undefined && pages.length < 200);
  return pages;
}
