import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { readEntry } from '../../src/engine/entry.ts';
import { moveCase } from '../../src/engine/move.ts';
import { findVersion, versionsOf } from '../../src/engine/versions.ts';
import { defineMatter, joinVersions } from '../../src/machines/define.ts';
import type { TestApp } from '../helpers.ts';
import {
  createPermitWorld,
  elsewhere,
  loadPermit,
  openPermit,
  type PermitWorld,
  stampIn,
  versionOf,
} from './permit-world.ts';

let world: PermitWorld;
beforeEach(async () => {
  world = await createPermitWorld();
});
afterEach(() => world.close());

const move = (kit: TestApp, id: string, to: string) =>
  moveCase({ store: kit.runtime.store, clock: world.clock }, id, versionOf(world.permit, to));
const audit = async (kit: TestApp, path: string) =>
  (await (await kit.staff('auditor')).get(`/v1/audit/cases/${path}`)).json();

describe('the versions of a matter', () => {
  it('are found in its versions folder, newest first, with the ways between them', async () => {
    const { version, versions } = await loadPermit();
    expect(version).toBe('3');
    expect(versions?.all.map((each) => each.version)).toEqual(['3', '2', '1']);
    expect(versions?.migrations.map(({ from, to }) => `${from} → ${to}`)).toEqual(
      expect.arrayContaining(['1 → 2', '1 → 3', '2 → 3']),
    );
  });

  it('that do not fit together are refused when they are loaded, with everything that does not fit', async () => {
    const [first, second] = [versionOf(world.permit, '1'), versionOf(world.permit, '2')];
    const way = { from: '1', to: '2', migrate: () => undefined };
    expect(() => joinVersions(second, [first, first], [way, way])).toThrow(
      /version twice: 1; two migrations 1 → 2/,
    );
    expect(() => joinVersions(first, [], [way])).toThrow('migration to nowhere: 1 → 2');
    expect(() => joinVersions(first, [{ ...second, id: 'other' }], [])).toThrow('another matter: other');
  });

  it('give way to a matter that was made from one of them: it stands for its own version', () => {
    const [newest, oldest] = [world.permit, versionOf(world.permit, '1')];
    const wrapped = { ...newest, effects: {} };
    expect(findVersion(wrapped, stampIn(newest, '3'))).toBe(wrapped);
    expect(findVersion(wrapped, stampIn(newest, '1'))).toBe(oldest);
    expect(versionsOf(wrapped)[0]).toBe(wrapped);
    expect(versionsOf(wrapped).map(({ version }) => version)).toEqual(['3', '2', '1']);
  });

  it('leave what the engine writes to the engine', () => {
    const first = versionOf(world.permit, '1');
    const events = { ...first.events, 'case.migrate': Object.values(first.events)[0] };
    expect(() => defineMatter({ ...first, events } as never)).toThrow('event of the engine: case.migrate');
  });
});

describe('a case', () => {
  it('stays on the version it was opened with, and new ones begin on the newest', async () => {
    const before = await openPermit(await world.start('1'));
    await before.send('permit.send', { colour: 'red' });
    const kit = await world.start('3', '2', '1');
    const old = elsewhere(kit, before);
    expect(await old.read()).toMatchObject({ machineVersion: '1', states: ['waiting'], message: '版本 1' });
    expect((await old.read()).allowed.map(({ event }: { event: string }) => event)).toContain('permit.ask');
    expect((await old.send('permit.ask')).body).toMatchObject({ machineVersion: '1', states: ['asking'] });
    const fresh = await openPermit(kit);
    expect((await fresh.send('permit.send', { colour: 'red' })).body).toMatchObject({
      machineVersion: '3',
      states: ['deciding'],
    });
    expect((await fresh.send('permit.ask')).status).toBe(409);
    const { paths } = (await kit.anyone.get('/openapi.json')).json();
    expect(Object.keys(paths)).toContain('/v1/cases/{id}/events/permit.ask');
  });

  it('shows the chart of its own version, marked where it stands', async () => {
    const before = await openPermit(await world.start('1'));
    await before.send('permit.send', { colour: 'red' });
    const { client, id } = elsewhere(await world.start('3', '1'), before);
    const chart = (await client.get(`/v1/matters/permit/machine?case=${id}`)).json();
    expect(chart).toMatchObject({ version: '1', active: ['waiting'] });
    expect((await client.get('/v1/matters/permit/machine')).json().version).toBe('3');
  });

  it('moves by one entry that names both machines, and goes on under the new one', async () => {
    const permit = await openPermit(await world.start('1'));
    await permit.send('permit.send', { colour: 'red', name: '林知远' });
    const now = await world.start('3', '2', '1');
    const moved = elsewhere(now, permit);
    expect(await move(now, permit.id, '2')).toMatchObject({ kind: 'moved' });
    const last = readEntry((await now.runtime.store.readEntries(permit.id, 'accepted')).at(-1)?.bytes ?? '');
    expect(last).toMatchObject({
      seq: 4,
      type: 'case.migrate',
      actor: { role: 'system' },
      machine: stampIn(world.permit, '2'),
      data: { from: stampIn(world.permit, '1'), to: stampIn(world.permit, '2') },
      personal: [],
    });
    expect(await moved.read()).toMatchObject({
      machineVersion: '2',
      states: ['deciding'],
      data: { name: '林' },
    });
    expect((await moved.send('permit.ask')).body.states).toEqual(['asking']);
    expect(await audit(now, `${permit.id}/verification`)).toMatchObject({ holds: true, entries: 5 });
  });

  it('moves while a server runs that has it in memory, and cannot be decided on its old version any more', async () => {
    const permit = await openPermit(await world.start('1'));
    await permit.send('permit.send', { colour: 'red' });
    const server = await world.start('3', '2', '1');
    const mine = elsewhere(server, permit);
    expect((await mine.read()).machineVersion).toBe('1');
    const beside = openStore(`${world.folder}/banjian.db`);
    await moveCase({ store: beside, clock: world.clock }, permit.id, world.permit);
    await beside.close();
    expect((await mine.send('permit.ask')).status).toBe(409);
    expect((await mine.send('permit.confirm')).body).toMatchObject({
      machineVersion: '3',
      states: ['confirmed'],
    });
  });

  it('that has ended, or is there already, is not moved', async () => {
    const before = await world.start('1');
    const permit = await openPermit(before);
    await permit.send('permit.withdraw');
    const fresh = await openPermit(before);
    const kit = await world.start('2', '1');
    expect(await move(kit, permit.id, '2')).toEqual({ kind: 'stays' });
    expect(await move(kit, fresh.id, '2')).toMatchObject({ kind: 'moved' });
    expect(await move(kit, fresh.id, '2')).toEqual({ kind: 'stays' });
    expect((await elsewhere(kit, permit).read()).machineVersion).toBe('1');
  });

  it('that the migration does not take stays as it is', async () => {
    const permit = await openPermit(await world.start('1'));
    const kit = await world.start('3', '1');
    expect(await move(kit, permit.id, '3')).toMatchObject({ kind: 'cannot' });
    expect(await elsewhere(kit, permit).read()).toMatchObject({ machineVersion: '1', seq: 1 });
  });

  it('cannot be moved by anyone over HTTP, and who tried stands in its history', async () => {
    const kit = await world.start('2', '1');
    const permit = await openPermit(kit);
    const answer = await permit.send('case.migrate', { to: '1' });
    expect(answer).toMatchObject({ status: 409, body: { why: { because: 'internal-event' } } });
    const { items } = await audit(kit, `${permit.id}/history?refusals=true`);
    expect(items.at(-1).entry).toMatchObject({ kind: 'refused', type: 'case.migrate' });
    expect((await permit.read()).allowed.map(({ event }: { event: string }) => event)).not.toContain(
      'case.migrate',
    );
  });

  it('of a version that is not loaded answers 503 and says when to come again', async () => {
    const permit = await openPermit(await world.start('1'));
    const kit = await world.start('3', '2');
    const { client, id } = elsewhere(kit, permit);
    const path = `/v1/cases/${id}`;
    for (const answer of [await client.get(path), await client.post(`${path}/events/permit.withdraw`, {})]) {
      expect(answer.statusCode).toBe(503);
      expect(answer.json().code).toBe('version-not-loaded');
      expect(answer.headers['retry-after']).toBe('60');
    }
  });
});

describe('after a move', () => {
  it('a deadline that is still wanted keeps its moment, a new one begins, one that is not is over', async () => {
    const permit = await openPermit(await world.start('1'));
    await permit.send('permit.send', { colour: 'red' });
    const kit = await world.start('3', '2', '1');
    world.clock.move(30_000);
    await move(kit, permit.id, '2');
    const due = new Date(Date.parse((await permitRow(kit, permit.id)).openedAt) + 60_000).toISOString();
    expect(await tasksOf(kit, permit.id)).toEqual([`timer xstate.after.answerDue.permit.deciding ${due}`]);
    await move(kit, permit.id, '3');
    const confirm = new Date(world.clock.now() + 20_000).toISOString();
    expect(await tasksOf(kit, permit.id)).toEqual([
      `timer xstate.after.answerDue.permit.deciding ${due}`,
      `timer xstate.after.confirmationDue.permit.deciding ${confirm}`,
    ]);
    await kit.advance(20_000);
    expect(await elsewhere(kit, permit).read()).toMatchObject({ states: ['drafting'], deadlines: [] });
    expect(await audit(kit, `${permit.id}/verification`)).toMatchObject({ holds: true });
  });

  it('work without a result that was asked for before is still done, though the new version knows nothing of it', async () => {
    const permit = await openPermit(await world.start('1'));
    await permit.send('permit.send', { colour: 'red' });
    world.find = async () => Promise.reject(new Error('down'));
    await permit.send('permit.ask');
    const kit = await world.start('3', '2', '1');
    await move(kit, permit.id, '3');
    world.find = async () => ({ registered: true });
    await kit.advance(10_000);
    expect((await tasksOf(kit, permit.id)).join()).not.toContain('remind');
    expect(new Set(world.asked.slice(1))).toEqual(new Set([`${permit.id}:remind#4.1`]));
  });

  it('a deadline of a state that is gone is over, and never comes', async () => {
    const permit = await openPermit(await world.start('1'));
    await permit.send('permit.send', { colour: 'red' });
    await permit.send('permit.ask');
    const kit = await world.start('3', '2', '1');
    await move(kit, permit.id, '3');
    expect((await tasksOf(kit, permit.id)).join()).not.toContain('reminderDue');
    await kit.advance(15_000);
    const view = await elsewhere(kit, permit).read();
    expect(view).toMatchObject({ machineVersion: '3', states: ['deciding'], seq: 5 });
  });

  it('an effect that is still wanted is asked again under its key, and an answer to the old asking changes nothing', async () => {
    const waiting: ((answer: { registered: boolean }) => void)[] = [];
    world.find = () => new Promise((resolve) => void waiting.push(resolve));
    const old = await openPermit(await world.start('1'));
    await old.send('permit.send', { colour: 'red' }, { prefer: 'wait=0' });
    const server = await world.start('2', '1');
    await server.advance(0);
    expect(world.asked).toHaveLength(2);
    await move(server, old.id, '2');
    waiting[1]?.({ registered: true });
    await server.until(async () => (await server.runtime.store.readTasks(old.id)).length === 1);
    expect(await elsewhere(server, old).read()).toMatchObject({ states: ['checking'], seq: 3 });
    await server.advance(0);
    waiting[2]?.({ registered: true });
    await server.until(async () => (await elsewhere(server, old).read()).states[0] === 'deciding');
    expect(new Set(world.asked)).toEqual(new Set([`${old.id}:2:check`]));
    expect(await audit(server, `${old.id}/verification`)).toMatchObject({ holds: true });
  });
});

describe('over a switch of versions inside one history', () => {
  it('asOf answers, for every seq and in both languages, exactly what was answered live then', async () => {
    const live: { seq: number; zh: unknown; en: unknown }[] = [];
    const english = { 'accept-language': 'en' };
    let kit = await world.start('1');
    let permit = await openPermit(kit);
    const record = async () => {
      const zh = await permit.read();
      live.push({ seq: zh.seq, zh, en: await permit.read('', english) });
    };
    await record();
    kit.runtime.bus.subscribe(permit.id, () => void record());
    await permit.send('permit.send', { colour: 'red' }, { 'idempotency-key': 'k1' });
    await permit.send('permit.ask');
    for (const version of ['2', '3']) {
      kit = await world.start('3', '2', '1');
      permit = elsewhere(kit, permit);
      world.clock.move(1_000);
      await move(kit, permit.id, version);
      await record();
    }
    await permit.send('permit.confirm');
    await record();
    expect(live.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { seq, zh, en } of live) {
      expect(await permit.read(`?asOf=${seq}`), `seq ${seq}`).toEqual(zh);
      expect(await permit.read(`?asOf=${seq}`, english), `seq ${seq}`).toEqual(en);
    }
    const again = await permit.send('permit.send', { colour: 'red' }, { 'idempotency-key': 'k1' });
    expect(again).toEqual({ status: 200, body: live[2]?.zh });
    const { holds, items } = await audit(kit, `${permit.id}/replay`);
    expect(holds).toBe(true);
    expect(items.map((item: { machineVersion: string }) => item.machineVersion).join('')).toBe('1111233');
  });
});

async function permitRow(kit: TestApp, id: string) {
  const row = await kit.runtime.store.findCase(id);
  if (!row) throw new Error('no case');
  return row;
}

async function tasksOf(kit: TestApp, id: string): Promise<string[]> {
  const tasks = await kit.runtime.store.readTasks(id);
  return tasks.map(({ kind, ref, dueAt }) => `${kind} ${ref} ${dueAt}`).toSorted();
}
