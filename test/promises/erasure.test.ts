import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { renewKey } from '../../src/cli/key-renew.ts';
import { erase } from '../../src/engine/erase.ts';
import { sized } from '../faults/scale.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import {
  invent,
  listPersons,
  listSealed,
  openBeside,
  openEverything,
  type Resident,
  settleIn,
} from './erased-world.ts';
import { createScan, digestsOf, type Hit, type Places, readFolder, writingsOf } from './scan.ts';

const PEOPLE = sized(30, 1_000);
const ACTOR = { role: 'operator', id: 'command-line' } as const;

/** A fifth of all people is erased beside the running server; then every byte that is left anywhere is looked at. */
describe('whoever was erased is nowhere any more', () => {
  let folder: string;
  let kit: TestApp;
  let auditor: TestClient;
  let residents: Resident[];
  let erased: Resident[];
  let others: Resident[];
  let before: { places: Places; sealed: [string, Buffer][]; opened: Buffer; answers: Map<string, string> };
  let after: { places: Places; opened: Buffer };

  const backup = () => join(folder, '..', `${folder.split('/').at(-1)}.backup.db`);
  const database = () => join(folder, 'banjian.db');
  const keyFile = () => join(folder, 'banjian.key');

  beforeAll(
    async () => {
      folder = mkdtempSync(join(tmpdir(), 'banjian-erase-'));
      kit = await startTestApp({ folder, logLevel: 'trace', people: invent(PEOPLE) });
      auditor = await kit.staff('auditor');
      residents = [];
      for (let number = 0; number < PEOPLE; number++) residents.push(await settleIn(kit, number));
      await kit.worker.idle();
      // Stages go by sixes, so that some of each are among them.
      erased = residents.filter((_, index) => index % 5 === 0);
      others = residents.filter((one) => !erased.includes(one));
      before = await lookBefore();
      await eraseBeside();
      after = { places: await lookAround(), opened: openEverything(database(), keyFile()) };
    },
    sized(60_000, 1_800_000),
  );
  // A scan of a large database keeps the server from its work, which it then says to whoever asks.
  beforeEach(async () => {
    const calm = async () => {
      if ((await kit.anyone.get('/v1/matters')).statusCode !== 200) throw new Error('still busy');
    };
    await vi.waitFor(calm, { timeout: 20_000 });
  });
  afterAll(async () => {
    await kit.close();
    rmSync(folder, { recursive: true });
    rmSync(backup(), { force: true });
  });

  async function lookBefore() {
    const answers = new Map<string, string>();
    for (const { caseId } of erased) {
      if (caseId) answers.set(caseId, (await auditor.get(`/v1/audit/cases/${caseId}/history`)).body);
    }
    const db = new Database(database());
    db.prepare('VACUUM INTO ?').run(backup());
    const sealed = erased.flatMap((one) => listTraces(db, one));
    db.close();
    return { places: readFolder(folder), sealed, opened: openEverything(backup(), keyFile()), answers };
  }

  async function eraseBeside(): Promise<void> {
    const eraser = openBeside(folder, kit.clock);
    for (const { id: personId } of erased) {
      await erase(eraser, { personId, reason: 'person-asked', actor: ACTOR });
    }
    await eraser.store.close();
  }

  /** What the database holds of a person that says nothing without a key, and says much with one. */
  function listTraces(db: Database.Database, { id, idNumber, mobile }: Resident): [string, Buffer][] {
    const person = listPersons(db).find((each) => each.id === id);
    const { vault } = kit.runtime;
    const digests = [
      ...[idNumber, mobile].flatMap((value) => ['limit', 'subject'].map((use) => vault.digestOf(use, value))),
      vault.digestOf('claim', id),
    ];
    return [
      ['wrapped key', head(person?.wrapped)],
      ['nickname', head(person?.nickname ?? undefined)],
      ...listSealed(db, id).map(({ field, sealed }): [string, Buffer] => [`sealed ${field}`, head(sealed)]),
      ...digests.map((digest): [string, Buffer] => ['keyed digest', Buffer.from(digest)]),
    ];
  }

  /** A longer value may go on in another page. */
  function head(bytes: Buffer | undefined): Buffer {
    if (!bytes || bytes.length < 28) throw new Error('nothing sealed there');
    return bytes.subarray(0, 28);
  }

  /** Files, log, and what is told to whoever asks. */
  async function lookAround(): Promise<Places> {
    const officer = await kit.staff('officer');
    const told: string[] = [];
    for (const { caseId } of erased) {
      if (!caseId) continue;
      const paths = ['history?refusals=true', 'replay', 'verification', 'reads'];
      for (const path of paths) told.push((await auditor.get(`/v1/audit/cases/${caseId}/${path}`)).body);
      for (const query of ['', '?asOf=1', '?asOf=3']) {
        told.push((await officer.get(`/v1/cases/${caseId}${query}`)).body);
      }
    }
    return readFolder(folder)
      .set('log', Buffer.from(kit.log.join('')))
      .set('told', Buffer.from(told.join('\n')));
  }

  function valuesOf(one: Resident): string[] {
    const { name, idNumber, mobile, nickname, fileName, token } = one;
    return [name, idNumber, mobile, nickname, token, ...(one.caseId ? [fileName] : [])];
  }

  function scanFor(people: Resident[]): (places: Places) => Hit[] {
    return createScan(
      people.flatMap((one) => [
        ...valuesOf(one).flatMap((value) =>
          writingsOf(value).map((bytes): [string, Buffer] => [value, bytes]),
        ),
        ...[one.name, one.idNumber, one.mobile].flatMap((value) =>
          digestsOf(value).map((bytes): [string, Buffer] => [`digest of ${value}`, bytes]),
        ),
      ]),
    );
  }

  it('a fifth of them was erased, with cases in every stage and without one', () => {
    expect(erased.length).toBe(PEOPLE / 5);
    expect(new Set(erased.map(({ caseId }) => caseId !== undefined))).toEqual(new Set([true, false]));
  });

  it('not a value of theirs stands anywhere, in any usual writing or plain digest', () => {
    expect(scanFor(erased)(after.places)).toEqual([]);
  });

  it('nor a sealed value, a wrapped key or a keyed digest: not in the database, its WAL or its free pages', () => {
    const scan = createScan(before.sealed);
    expect(new Set(scan(before.places).map(({ what }) => what.split(' ')[0]))).toEqual(
      new Set(['wrapped', 'nickname', 'sealed', 'keyed']),
    );
    expect(scan(after.places)).toEqual([]);
  });

  it('and that look finds what SQLite leaves of deleted rows when it is not told to overwrite them', () => {
    const copy = join(folder, '..', `${folder.split('/').at(-1)}.careless.db`);
    copyFileSync(backup(), copy);
    const db = new Database(copy);
    db.pragma('secure_delete = OFF');
    db.exec('DELETE FROM vault');
    db.close();
    const hits = createScan(before.sealed)(new Map([['careless', readFileSync(copy)]]));
    rmSync(copy);
    expect(hits.filter(({ what }) => what.startsWith('sealed')).length).toBeGreaterThan(0);
  });

  it('nor a file: their folders are gone', () => {
    const folders = readdirSync(join(folder, 'files'));
    expect(erased.filter(({ id }) => folders.includes(id))).toEqual([]);
    expect(others.every(({ id }) => folders.includes(id))).toBe(true);
  });

  it('whoever holds the database and the key opens everything of the others, and nothing of theirs', () => {
    const clear = (opened: Buffer, people: Resident[]) =>
      new Set(scanFor(people)(new Map([['opened', opened]])).map(({ what }) => what));
    const known = (people: Resident[]) =>
      people.flatMap(({ idNumber, name, nickname, caseId }) =>
        caseId ? [idNumber, name, nickname] : [nickname],
      );
    expect([...clear(before.opened, erased)]).toEqual(expect.arrayContaining(known(erased)));
    expect([...clear(after.opened, others)]).toEqual(expect.arrayContaining(known(others)));
    expect([...clear(after.opened, erased)]).toEqual([]);
  });

  it('the scan finds a value that was planted, in each writing', () => {
    const [one] = erased;
    if (!one) throw new Error('nobody was erased');
    const scan = scanFor([one]);
    for (const writing of [...writingsOf(one.idNumber), ...writingsOf(one.name), ...digestsOf(one.mobile)]) {
      const planted = new Map([['planted', Buffer.concat([Buffer.from('…'), writing, Buffer.from('…')])]]);
      expect(scan(planted).length).toBeGreaterThan(0);
    }
  });

  it('the others go on as if nothing had been', async () => {
    for (const { client, caseId, nickname } of others) {
      expect((await client.get('/v1/me')).json()).toMatchObject({ nickname });
      if (caseId) expect((await client.get(`/v1/cases/${caseId}`)).statusCode).toBe(200);
    }
  });

  it('every history of theirs still holds, and ends in an entry that says no more than why', async () => {
    for (const [caseId, history] of before.answers) {
      const { items } = (await auditor.get(`/v1/audit/cases/${caseId}/history`)).json();
      const told = JSON.parse(history).items;
      expect(items.slice(0, -1)).toEqual(told);
      expect(items.at(-1).entry).toMatchObject({
        type: 'person.erased',
        actor: ACTOR,
        data: { reason: 'person-asked' },
        personal: [],
      });
      const { holds, firstBreak } = (await auditor.get(`/v1/audit/cases/${caseId}/verification`)).json();
      expect([holds, firstBreak]).toEqual([true, null]);
      expect((await auditor.get(`/v1/audit/cases/${caseId}/replay`)).json().holds).toBe(true);
    }
  });

  it('nothing in any table is counted, claimed or indexed under them', () => {
    const db = new Database(database(), { readonly: true });
    const count = (sql: string) => db.prepare<[], { n: number }>(sql).get()?.n;
    const ofErased = 'case_no IN (SELECT no FROM cases WHERE owner IN (SELECT person_id FROM erasures))';
    for (const table of ['vault', 'tasks', 'keys', 'claims', 'subjects']) {
      expect([table, count(`SELECT count(*) AS n FROM ${table} WHERE ${ofErased}`)]).toEqual([table, 0]);
      expect(count(`SELECT count(*) AS n FROM ${table}`)).toBeGreaterThanOrEqual(table === 'keys' ? 0 : 1);
    }
    expect(
      count('SELECT count(*) AS n FROM sessions WHERE person_id IN (SELECT person_id FROM erasures)'),
    ).toBe(0);
    db.close();
  });

  it('once the key is renewed, a backup from before opens for nobody', async () => {
    const beside = openBeside(folder, kit.clock);
    await renewKey(keyFile(), beside.store, kit.clock);
    await beside.store.close();
    expect(openEverything(backup(), keyFile()).toString()).toBe('');
    expect(openEverything(database(), keyFile()).toString()).toBe(after.opened.toString());
    expect(existsSync(`${keyFile()}.draft`)).toBe(false);
    expect(JSON.parse(readFileSync(keyFile(), 'utf8')).wrapping).toHaveLength(1);
    const [someone] = others;
    expect((await someone?.client.get('/v1/me'))?.json()).toMatchObject({ nickname: someone?.nickname });
    expect((await (await kit.person()).get('/v1/me')).statusCode).toBe(200);
  });
});
