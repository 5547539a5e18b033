import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Matter } from '../../src/engine/types.ts';
import { ed25519Keys, ed25519Signer } from '../../src/log/note.ts';
import { signRotation } from '../../src/log/rotation.ts';
import { newApplicant } from '../applicant.ts';
import { createHandClock, startTestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';
import { type Attacker, attack } from './attacker.ts';
import {
  appendRotation,
  type Look,
  look,
  makeWorld,
  mattersToRead,
  removeWorld,
  type World,
} from './world.ts';

let world: World;
let matter: Matter;
beforeAll(async () => {
  world = await makeWorld();
  const [only] = (await mattersToRead()).values();
  if (!only) throw new Error('no matter');
  matter = only;
});
afterAll(() => removeWorld(world));

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(world.root, 'copy-'));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Does it to a copy of the data, and answers what verification finds there. */
async function find(work: (attacker: Attacker) => void, options: Look = {}) {
  const folder = copyOf(world.folder);
  attack(folder, matter, work);
  return (await look(folder, world.vkey, options)).finding;
}

/** Swaps the rows of two entries with one another. */
function swap(log: Attacker['log'], one: number, other: number): void {
  const [first, second] = [log[one], log[other]];
  if (!first || !second) throw new Error('no such entries');
  log[one] = second;
  log[other] = first;
}

function get<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('not there');
  return found;
}

describe('the control', () => {
  it('holds where nothing was tampered with', async () => {
    const report = await look(world.folder, world.vkey, { kept: [world.early, world.late] });
    expect(report).toMatchObject({ finding: undefined, cases: 3, replayed: report.entries.accepted });
    expect(report.entries).toMatchObject({ refused: 1, read: 2, service: 1 });
    expect(report.published).toBe(Object.values(report.entries).reduce((sum, count) => sum + count));
  });

  it('holds for who knows the key that the log was handed over to, and not for who knows another', async () => {
    const { folder, newVkey, late, early } = world;
    expect((await look(folder, newVkey, { kept: [late] })).finding).toBeUndefined();
    const { vkey: other } = ed25519Keys('banjian.local/log', randomBytes(32));
    expect((await look(folder, other, { kept: [early] })).finding).toMatchObject({ check: 'signature' });
  });

  it('holds for a service that nobody came to yet', async () => {
    const folder = mkdtempSync(join(world.root, 'new-'));
    const kit = await startTestApp({ folder });
    const [vkey = ''] = kit.publisher.vkeys();
    await kit.close();
    expect(await look(folder, vkey)).toMatchObject({ finding: undefined, cases: 0, published: 0 });
  });

  it('holds beside a running service, and says what is not published yet', async () => {
    const folder = copyOf(world.folder);
    const kit = await startTestApp({ folder });
    const applicant = await newApplicant(kit);
    await applicant.open();
    const report = await look(folder, world.vkey, { kept: [world.late] });
    await kit.close();
    const total = Object.values(report.entries).reduce((sum, count) => sum + count);
    expect(report).toMatchObject({ finding: undefined, cases: 4, published: total - 1 });
  });

  it('holds where an attacker writes everything again as it was', async () => {
    expect(await find(({ rewrite }) => rewrite())).toBeUndefined();
  });
});

describe('twelve ways to tamper, each made to fit by somebody who has the database file', () => {
  it('an entry is edited', async () => {
    let index = 0;
    const finding = await find(({ log, indexOf, rewrite }) => {
      index = log.findIndex(({ entry }) => entry.type === 'notice.acknowledge');
      Object.assign(get(log[index]).entry, { at: '2026-11-23T02:00:00.001Z' });
      rewrite();
      expect(indexOf(world.cases.done, 1)).toBe(0);
    });
    expect(finding).toMatchObject({
      check: 'tree',
      what: 'leaf',
      index,
      place: { caseId: world.cases.done },
    });
  });

  it('an entry is edited, and nothing made to fit', async () => {
    const finding = await find(({ db, indexOf }) => {
      const id = indexOf(world.cases.middle, 2) + 1;
      db.prepare(`UPDATE entries SET bytes = replace(bytes, '"seq":2', '"seq":02') WHERE id = ?`).run(id);
    });
    expect(finding).toMatchObject({
      check: 'chain',
      what: 'digest',
      place: { caseId: world.cases.middle, seq: 2 },
    });
  });

  it('the vault is edited: a value that does not open, and one whose digest is another', async () => {
    const place = { caseId: world.cases.done, kind: 'accepted', seq: 2 };
    const edit = (column: string) => (attacker: Attacker) => {
      const { db, noOf } = attacker;
      db.prepare(`UPDATE vault SET ${column} WHERE case_no = ? AND seq = 2`).run(noOf(world.cases.done));
    };
    const flipped = `sealed = substr(sealed, 1, 40) || x'00' || substr(sealed, 42)`;
    expect(await find(edit(flipped))).toMatchObject({ check: 'vault', what: 'sealed', place });
    expect(await find(edit(`digest = 'another'`), { keyFile: false })).toMatchObject({
      check: 'vault',
      what: 'personal',
      place,
    });
  });

  it('the last entry is deleted', async () => {
    let index = 0;
    const finding = await find(({ log, rewrite }) => {
      log.pop();
      index = log.length;
      rewrite();
    });
    expect(finding).toMatchObject({
      check: 'checkpoint',
      what: 'size',
      index,
      place: { caseId: world.cases.middle, kind: 'read' },
    });
  });

  it('an entry in the middle is deleted, with and without closing the gap', async () => {
    let index = 0;
    const closed = await find(({ log, indexOf, rewrite }) => {
      index = indexOf(world.cases.middle, 1, 'refused');
      log.splice(index, 1);
      rewrite();
    });
    expect(closed).toMatchObject({ check: 'tree', index });
    const open = await find(({ db }) => db.prepare('DELETE FROM entries WHERE id = ?').run(index + 1));
    expect(open).toMatchObject({
      check: 'chain',
      what: 'index',
      expected: String(index),
      found: String(index + 1),
    });
  });

  it('two entries change places', async () => {
    let index = 0;
    const finding = await find(({ log, indexOf, rewrite }) => {
      index = indexOf(world.cases.middle, 1);
      swap(log, index, indexOf(world.cases.middle, 1, 'refused'));
      rewrite();
    });
    expect(finding).toMatchObject({ check: 'tree', index });
  });

  it('an entry is put in between', async () => {
    let index = 0;
    const finding = await find(({ log, indexOf, rewrite }) => {
      index = indexOf(world.cases.done, 1, 'read');
      log.splice(index, 0, structuredClone(get(log[index])));
      rewrite();
    });
    expect(finding).toMatchObject({ check: 'tree', index: index + 1 });
  });

  it('a current row is edited', async () => {
    const edits: [set: string, what: string][] = [
      [`state = json_set(state, '$.context.filing', 'forged')`, 'state'],
      [`leaves = ' submitted.granted '`, 'leaves'],
      [`owner = (SELECT owner FROM cases WHERE no = 1)`, 'owner'],
      [`reads = reads + 1`, 'reads'],
    ];
    for (const [set, what] of edits) {
      let index = 0;
      const finding = await find(({ db, noOf, indexOf, log }) => {
        const no = noOf(world.cases.middle);
        index = indexOf(
          world.cases.middle,
          log.filter((one) => one.caseNo === no && one.kind === 'accepted').length,
        );
        db.prepare(`UPDATE cases SET ${set} WHERE no = ?`).run(no);
      });
      expect(finding).toMatchObject({ check: 'currentRow', what, index });
    }
  });

  it('rows beside the history are edited: work, rights, keys', async () => {
    const edits: [sql: string, check: string][] = [
      [
        `UPDATE tasks SET due_at = '2030-01-01T00:00:00.000Z', claimable_at = '2030-01-01T00:00:00.000Z'`,
        'tasks',
      ],
      [`UPDATE tasks SET claimable_at = '2030-01-01T00:00:00.000Z' WHERE attempts = 0`, 'beside'],
      [`UPDATE cases SET state = json_set(state, '$.status', 'done')`, 'currentRow'],
      [
        `INSERT INTO keys (scope, key, case_no, event, fields, seq, wait_ms) VALUES ('s', 'k', 1, 'form.submit', '{}', 2, 0)`,
        'beside',
      ],
      [
        `INSERT INTO vault (case_no, seq, field, digest, sealed) VALUES (99, 1, 'name', 'd', x'00')`,
        'beside',
      ],
    ];
    for (const [sql, check] of edits) {
      expect(await find(({ db }) => db.prepare(sql).run()), sql).toMatchObject({ check });
    }
  });

  it('two people’s vault rows are swapped, with their digests and without', async () => {
    const swapped = (columns: string[]) => (attacker: Attacker) => {
      const { db, noOf } = attacker;
      const [one, other] = [world.cases.done, world.cases.middle].map((id) =>
        db
          .prepare<[number], { id: number; digest: string; sealed: Buffer }>(
            `SELECT * FROM vault WHERE case_no = ? AND field = 'name'`,
          )
          .get(noOf(id)),
      );
      const put = db.prepare(
        `UPDATE vault SET ${columns.map((name) => `${name} = @${name}`).join()} WHERE id = @id`,
      );
      put.run({ ...get(other), id: get(one).id });
      put.run({ ...get(one), id: get(other).id });
    };
    const first = { check: 'vault', place: { caseId: world.cases.done, seq: 2 } };
    expect(await find(swapped(['digest', 'sealed']), { keyFile: false })).toMatchObject({
      ...first,
      what: 'personal',
    });
    expect(await find(swapped(['sealed']))).toMatchObject({ ...first, what: 'sealed' });
    // Without the key file nobody can tell whose a sealed value is: the report says so.
    expect(await find(swapped(['sealed']), { keyFile: false })).toBeUndefined();
  });

  it('the database is rolled back, its log with it', async () => {
    const { backup, vkey, early, late } = world;
    expect((await look(backup, vkey, { kept: [early] })).finding).toBeUndefined();
    const { finding, published } = await look(backup, vkey, { kept: [early, late] });
    expect(finding).toMatchObject({ check: 'keptCheckpoint', what: 'size', index: published });
  });

  it('the log is forked: rolled back, and gone on with otherwise under its own key', async () => {
    const { vkey, early, late } = world;
    const fork = copyOf(world.backup);
    const kit = await startTestApp({ folder: fork, clock: createHandClock('2026-11-24T02:00:00.000Z') });
    for (let other = 0; other < 3; other++) {
      const applicant = await newApplicant(kit);
      await applicant.walk((await applicant.open()).id, person.ordinary, 'faceVerification.consenting');
    }
    for (let opened = 0; opened < 10; opened++) await (await newApplicant(kit)).open();
    await kit.publisher.publish();
    await kit.close();
    const alone = await look(fork, vkey, { kept: [early] });
    expect(alone.finding).toBeUndefined();
    const { finding } = await look(fork, vkey, { kept: [late, early] });
    const index = (await look(world.backup, vkey)).published;
    expect(finding).toMatchObject({ check: 'keptCheckpoint', what: 'root', index });
    expect(alone.published).toBeGreaterThan(index);
  });

  it('the machine is changed: what a guard says, and its structure', async () => {
    const { folder, vkey, cases } = world;
    const guarded = matter.machine.provide({ guards: { isRegistered: () => false } });
    const { versions: _all, ...alone } = matter;
    const matters = (machine: Matter['machine']) => new Map([[matter.id, { ...alone, machine }]]);
    const { finding } = await look(folder, vkey, { matters: matters(guarded) });
    expect(finding).toMatchObject({ check: 'replay', what: 'state', place: { caseId: cases.done, seq: 3 } });
    const none = await look(folder, vkey, { matters: new Map() });
    expect(none.finding).toMatchObject({ check: 'replay', what: 'machine', index: 0 });
    const renamed = await find(({ log, db, rewrite }) => {
      for (const { entry } of log) if ('machine' in entry) entry.machine = { ...entry.machine, version: '9' };
      db.exec(`UPDATE cases SET machine_version = '9'`);
      rewrite({ ...alone, version: '9' });
    });
    expect(renamed).toMatchObject({ check: 'tree', index: 0 });
  });

  it('the key is replaced by an entry that hands the log over to another', async () => {
    const folder = copyOf(world.folder);
    const ours = await startTestApp({ folder });
    const thief = ed25519Keys('banjian.local/log', randomBytes(32));
    const forged = signRotation([world.newVkey], [thief.vkey], ed25519Signer(thief.skey));
    await appendRotation(ours, forged);
    const index = (await ours.runtime.store.findLogSize()) - 1;
    await ours.close();
    // All of it published again, by a service that has the thief's key under every name.
    const vkeys = [world.vkey, world.newVkey, thief.vkey];
    const generations = vkeys.map((vkey) => ({ vkeys: [vkey], skeys: [thief.skey] }));
    writeFileSync(join(folder, 'keys/log.json'), JSON.stringify({ v: 1, generations }), { mode: 0o600 });
    rmSync(join(folder, 'log'), { recursive: true });
    const theirs = await startTestApp({ folder });
    await theirs.publisher.publish();
    await theirs.close();
    expect((await look(folder, world.vkey)).finding).toMatchObject({
      check: 'signature',
      what: 'rotation',
      index,
    });
  });

  it('the key is replaced, and everything published again under another', async () => {
    const folder = copyOf(world.backup);
    for (const name of ['log', 'keys']) rmSync(join(folder, name), { recursive: true });
    const kit = await startTestApp({ folder });
    await kit.publisher.publish();
    const [forged = ''] = kit.publisher.vkeys();
    await kit.close();
    expect((await look(folder, forged)).finding).toBeUndefined();
    expect((await look(folder, world.vkey)).finding).toMatchObject({
      check: 'signature',
      what: 'log/checkpoint',
    });
  });
});
