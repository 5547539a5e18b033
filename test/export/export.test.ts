import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inChunks } from '../../src/export/chunks.ts';
import { formats } from '../../src/export/formats.ts';
import { type ExportFormat, kindsOf, openSource, type Selection } from '../../src/export/source.ts';
import { hashLeaf } from '../../src/log/tree.ts';
import { readAll, type Told } from '../questions/naive.ts';
import { startWorld, type World } from '../questions/world.ts';
import { findSchema } from './schemas.ts';

const CASES = 18;
const MATTER = 'supervision-engineer-deregistration';

let world: World;
let all: Told[];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  world = await startWorld(CASES);
  all = await readAll(world.kit.runtime.store);
});
afterAll(async () => {
  await world.kit.close();
  rmSync(folder, { recursive: true });
});

interface Wanted extends Selection {
  refusals?: boolean;
}

function formatOf(name: string): ExportFormat {
  const format = formats.find((each) => each.name === name);
  if (!format) throw new Error(`no format ${name}`);
  return format;
}

async function write(name: string, { refusals = false, ...selection }: Wanted = {}): Promise<Buffer> {
  const source = await openSource(world.kit.runtime.store, selection);
  const pieces: Buffer[] = [];
  for await (const piece of formatOf(name).write(source, { kinds: kindsOf({ refusals }) }))
    pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const accepted = () => all.filter(({ kind }) => kind === 'accepted');
const owners = () =>
  new Set(
    accepted()
      .filter(({ seq }) => seq === 1)
      .map(({ entry }) => entry.actor.id),
  );
const filesOf = (told: Told[]) =>
  new Set(told.flatMap(({ entry }) => entry.files.map(({ digest }) => digest)));
const leafOf = ({ bytes }: Told) => hashLeaf(bytes).toString('hex');
/** The middle third of the time there is. */
const middle = () => ({
  from: all[Math.floor(all.length / 3)]?.entry.at ?? '',
  to: all[Math.floor((2 * all.length) / 3)]?.entry.at ?? '',
});
const isIn = ({ entry }: Told, { from, to }: { from: string; to: string }) =>
  entry.at >= from && entry.at < to;

interface Ocel {
  eventTypes: { name: string; attributes: { name: string; type: string }[] }[];
  objectTypes: { name: string; attributes: { name: string; type: string }[] }[];
  events: {
    id: string;
    type: string;
    time: string;
    attributes: { name: string; value: string }[];
    relationships: { objectId: string; qualifier: string }[];
  }[];
  objects: {
    id: string;
    type: string;
    attributes: { name: string; value: string; time: string }[];
    relationships: { objectId: string; qualifier: string }[];
  }[];
}

describe('OCEL 2.0 as JSON', () => {
  let ocel: Ocel;
  beforeAll(async () => {
    ocel = JSON.parse((await write('ocel-json')).toString());
  });

  const readValue = (attributes: { name: string; value: string }[], name: string) =>
    attributes.find((each) => each.name === name)?.value;

  it('has every accepted entry as an event, with its place in the log and its leaf', () => {
    expect(ocel.events).toHaveLength(accepted().length);
    for (const [at, told] of accepted().entries()) {
      const event = ocel.events[at];
      expect(event).toMatchObject({ id: `entry-${told.index}`, type: told.entry.type, time: told.entry.at });
      const attributes = event?.attributes ?? [];
      expect(readValue(attributes, 'index')).toBe(String(told.index));
      expect(readValue(attributes, 'leaf')).toBe(leafOf(told));
      expect(readValue(attributes, 'digest')).toBe(told.digest);
    }
  });

  it('has refusals as events of their own types, where they are asked for', async () => {
    const more: Ocel = JSON.parse((await write('ocel-json', { refusals: true })).toString());
    const refused = more.events.filter(({ type }) => type.startsWith('refused '));
    expect(refused).toHaveLength(all.filter(({ kind }) => kind === 'refused').length);
    expect(more.events).toHaveLength(all.length);
    expect(refused.map(({ type }) => type)).toContain('refused xstate.done.actor.checkFace');
    const staff = more.objects.filter(({ type }) => type === 'staff');
    expect(staff).toHaveLength(1);
    expect(staff[0]?.attributes).toEqual([
      { name: 'role', value: 'officer', time: '1970-01-01T00:00:00.000Z' },
    ]);
    expect(staff[0]?.relationships.every(({ qualifier }) => qualifier === 'acts on')).toBe(true);
  });

  it('has each case, person and file once, and relates nothing to what is not there', () => {
    const idsOf = (type: string) => ocel.objects.filter((each) => each.type === type).map(({ id }) => id);
    expect(idsOf('case')).toEqual([...new Set(all.map(({ caseId }) => caseId))]);
    expect(new Set(idsOf('person'))).toEqual(owners());
    expect(new Set(idsOf('file'))).toEqual(filesOf(accepted()));
    expect(idsOf('file').length).toBeGreaterThan(2);
    const ids = ocel.objects.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const related = [...ocel.events, ...ocel.objects].flatMap(({ relationships }) => relationships);
    expect(related.filter(({ objectId }) => !ids.includes(objectId))).toEqual([]);
    expect(new Set(related.map(({ qualifier }) => qualifier))).toEqual(
      new Set(['case', 'applicant', 'adds', 'material']),
    );
  });

  it('tells of each case where it stood, and when it moved', () => {
    for (const object of ocel.objects.filter(({ type }) => type === 'case')) {
      const own = accepted().filter(({ caseId }) => caseId === object.id);
      const moves: string[] = [];
      for (const { entry } of own) {
        const states = JSON.stringify(entry.state.value);
        if (states !== moves.at(-1)) moves.push(states);
      }
      const told = object.attributes.filter(({ name }) => name === 'states');
      expect(told).toHaveLength(moves.length);
      expect(told[0]?.time).toBe(own[0]?.entry.at);
      expect(readValue(object.attributes, 'matter')).toBe(MATTER);
    }
  });

  it('declares every type and every attribute that occurs', () => {
    for (const { events, types } of [
      { events: [...ocel.events, ...ocel.objects], types: [...ocel.eventTypes, ...ocel.objectTypes] },
    ]) {
      const declared = new Map(
        types.map(({ name, attributes }) => [name, attributes.map((each) => each.name)]),
      );
      for (const { type, attributes } of events)
        for (const { name, value } of attributes) {
          expect(declared.get(type)).toContain(name);
          expect(value).toBeTypeOf('string');
        }
    }
  });

  it('can be of a matter and of a time', async () => {
    const span = middle();
    const some: Ocel = JSON.parse((await write('ocel-json', { ...span, matter: MATTER })).toString());
    const expected = accepted().filter((told) => isIn(told, span));
    expect(expected.length).toBeGreaterThan(20);
    expect(some.events.map(({ id }) => id)).toEqual(expected.map(({ index }) => `entry-${index}`));
    const none: Ocel = JSON.parse((await write('ocel-json', { matter: 'other' })).toString());
    expect([none.events, none.objects]).toEqual([[], []]);
  });

  const schema = findSchema('ocel-2.0.schema.json');
  it.skipIf(schema === undefined)(
    'is valid by the standard’s schema (skipped where that is not beside the repository)',
    async () => {
      const ajv = new Ajv({ allErrors: true });
      addFormats.default(ajv);
      const validate = ajv.compile(JSON.parse(readFileSync(schema ?? '', 'utf8')));
      for (const wanted of [{}, { refusals: true }, { matter: 'other' }, middle()]) {
        expect(
          validate(JSON.parse((await write('ocel-json', wanted)).toString())),
          JSON.stringify(validate.errors),
        ).toBe(true);
      }
      const broken = structuredClone(ocel) as { events: { time?: string }[] };
      delete broken.events[3]?.time;
      expect(validate(broken)).toBe(false);
    },
  );
});

describe('OCEL 2.0 in SQLite', () => {
  let db: Database.Database;
  let ocel: Ocel;
  beforeAll(async () => {
    const file = join(folder, 'log.sqlite');
    writeFileSync(file, await write('ocel-sqlite', { refusals: true }));
    ocel = JSON.parse((await write('ocel-json', { refusals: true })).toString());
    db = new Database(file, { readonly: true });
  });
  afterAll(() => db.close());
  const count = (table: string) => db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get();

  it('is a whole database whose rows point at rows that are there', () => {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
  });

  it('has as many rows as the JSON has members', () => {
    expect(count('event')).toBe(ocel.events.length);
    expect(count('object')).toBe(ocel.objects.length);
    expect(count('event_map_type')).toBe(ocel.eventTypes.length);
    expect(count('object_map_type')).toBe(ocel.objectTypes.length);
    expect(count('event_object')).toBe(ocel.events.flatMap(({ relationships }) => relationships).length);
    expect(count('object_object')).toBe(ocel.objects.flatMap(({ relationships }) => relationships).length);
  });

  it('has a table for each type, every event in its own, by the standard’s map', () => {
    const maps = db
      .prepare<[], { ocel_type: string; ocel_type_map: string }>('SELECT * FROM event_map_type')
      .all();
    for (const { ocel_type: type, ocel_type_map: name } of maps) {
      expect(count(`event_${name}`)).toBe(ocel.events.filter((each) => each.type === type).length);
    }
    expect(new Set(maps.map(({ ocel_type_map: name }) => name.toLowerCase())).size).toBe(maps.length);
  });

  it('answers questions: who passed a face check, how a case went, which files it has', () => {
    const passes = db
      .prepare(
        `SELECT count(*) FROM event_XstateDoneActorCheckFace WHERE json_extract("fact.output", '$.outcome') = 'pass'`,
      )
      .pluck()
      .get();
    const expected = accepted().filter(
      ({ entry }) =>
        entry.type === 'xstate.done.actor.checkFace' && JSON.stringify(entry.data).includes('"pass"'),
    );
    expect(passes).toBe(expected.length);
    const [first] = accepted();
    const way = db
      .prepare(
        `SELECT states FROM object_Case WHERE ocel_id = ? AND ocel_changed_field = 'states' ORDER BY ocel_time, rowid LIMIT 3`,
      )
      .pluck()
      .all(first?.caseId);
    expect(way).toEqual(['identity.entering', 'identity.checking', 'faceVerification.consenting']);
    const row = db
      .prepare(`SELECT typeof("index") AS kind, leaf FROM event_CaseOpen ORDER BY "index" LIMIT 1`)
      .get();
    expect(row).toEqual({ kind: 'integer', leaf: first && leafOf(first) });
    const files = db
      .prepare(`SELECT count(*) FROM object_object WHERE ocel_qualifier = 'material'`)
      .pluck()
      .get();
    expect(files).toBe(
      new Set(accepted().flatMap((told) => told.entry.files.map(({ digest }) => told.caseId + digest))).size,
    );
  });
});

describe('XES', () => {
  const count = (text: string, tag: string) => text.split(tag).length - 1;

  it('has a trace for each case, its events together and in order, each with its place in the log and its leaf', async () => {
    const text = (await write('xes')).toString();
    expect(count(text, '<trace>')).toBe(CASES);
    expect(count(text, '<event>')).toBe(accepted().length);
    const traces = text.split('<trace>').slice(1);
    const cases = [...new Set(all.map(({ caseId }) => caseId))];
    for (const [at, trace] of traces.entries()) {
      const own = accepted().filter(({ caseId }) => caseId === cases[at]);
      expect(trace).toContain(`<string key="concept:name" value="${cases[at]}"/>`);
      const valuesOf = (key: string) =>
        [...trace.matchAll(new RegExp(`key="${key}" value="([^"]*)"`, 'g'))].map(([, value]) => value);
      expect(valuesOf('index')).toEqual(own.map(({ index }) => String(index)));
      expect(valuesOf('leaf')).toEqual(own.map(leafOf));
      expect(valuesOf('time:timestamp')).toEqual(own.map(({ entry }) => entry.at));
      expect(valuesOf('concept:name').slice(1)).toEqual(own.map(({ entry }) => entry.type));
    }
  });

  it('has refusals as activities of their own that complete nothing, where they are asked for', async () => {
    const text = (await write('xes', { refusals: true })).toString();
    expect(count(text, '<event>')).toBe(all.length);
    expect(count(text, 'key="concept:name" value="refused ')).toBe(all.length - accepted().length);
    expect(count(text, 'key="lifecycle:transition"')).toBe(accepted().length);
  });

  it('can be of a time', async () => {
    const span = middle();
    expect(count((await write('xes', span)).toString(), '<event>')).toBe(
      accepted().filter((told) => isIn(told, span)).length,
    );
  });

  const schema = findSchema('xes-ieee-1849-2016.xsd');
  const lint = spawnSync('xmllint', ['--version']).error === undefined;
  it.skipIf(schema === undefined || !lint)(
    'is valid by the standard’s schema (skipped where that is not beside the repository, or xmllint is not installed)',
    async () => {
      const validate = (text: string) => {
        const file = join(folder, 'log.xes');
        writeFileSync(file, text);
        return execFileSync('xmllint', ['--noout', '--huge', '--schema', schema ?? '', file], {
          stdio: 'pipe',
        });
      };
      for (const wanted of [{}, { refusals: true }, { matter: 'other' }, middle()])
        validate((await write('xes', wanted)).toString());
      const broken = (await write('xes'))
        .toString()
        .replace('key="time:timestamp" value="2', 'key="time:timestamp" value="x');
      expect(() => validate(broken)).toThrow('fails to validate');
    },
  );
});

describe('no export holds anything personal', () => {
  const canaries = () =>
    Array.from({ length: CASES }, (_, index) => world.person(index)).flatMap(({ name, idNumber, mobile }) => [
      name,
      idNumber,
      mobile,
    ]);
  const findIn = (bytes: Buffer) =>
    canaries().filter((canary) => {
      const utf8 = Buffer.from(canary);
      const writings = [
        utf8,
        Buffer.from(canary, 'utf16le'),
        Buffer.from(utf8.toString('hex')),
        Buffer.from(utf8.toString('base64').replace(/=+$/, '').slice(0, -1)),
      ];
      return writings.some((writing) => bytes.includes(writing));
    });

  it.each(['jsonl', 'ocel-json', 'ocel-sqlite', 'xes'])('%s', async (name) => {
    const bytes = await write(name, { refusals: true });
    expect(bytes.length).toBeGreaterThan(100_000);
    expect(findIn(bytes)).toEqual([]);
  });

  it('and what is there would be found', () => {
    const { idNumber, name } = world.person(3);
    expect(findIn(Buffer.from(`…${idNumber}…${name}`))).toEqual([name, idNumber]);
  });
});

describe('GET /v1/audit/export', () => {
  it('streams each format, by matter and time, to auditors alone', async () => {
    const { from, to } = middle();
    for (const [format, name, type] of [
      ['jsonl', 'jsonl', 'application/jsonl'],
      ['ocel', 'ocel-json', 'application/json'],
      ['xes', 'xes', 'application/xml'],
    ] as const) {
      const answer = await world.auditor.get(
        `/v1/audit/export?format=${format}&refusals=true&from=${from}&to=${to}&matter=${MATTER}`,
      );
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toContain(type);
      expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="banjian\.\w+"$/);
      expect(answer.headers['content-length']).toBeUndefined();
      const expected = await write(name, { refusals: true, from, to, matter: MATTER });
      expect(answer.rawPayload.equals(expected)).toBe(true);
      expect((await world.officer.get(`/v1/audit/export?format=${format}`)).statusCode).toBe(403);
      expect((await world.kit.anyone.get(`/v1/audit/export?format=${format}`)).statusCode).toBe(401);
    }
  });

  it.each([
    ['', '/format'],
    ['?format=csv', '/format'],
    ['?format=xes&from=yesterday', '/from'],
    ['?format=xes&refusals=yes', '/refusals'],
  ])('%s names what is wrong', async (query, pointer) => {
    const answer = await world.auditor.get(`/v1/audit/export${query}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].pointer).toBe(pointer);
  });

  it.each(['jsonl', 'ocel-json'])('%s is read from the log only as fast as it is taken', async (name) => {
    let read = 0;
    const source = await openSource(world.kit.runtime.store, {}, (n) => (read = n));
    const chunks = inChunks(formatOf(name).write(source));
    expect((await chunks.next()).value?.length).toBeGreaterThan(0);
    const soFar = read;
    expect(soFar).toBeLessThan(source.size);
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBe(soFar);
    for await (const chunk of chunks) expect(chunk.length).toBeLessThan(80 * 1024);
    expect(read).toBe(source.size);
  });

  it('takes two at a time, and the third again when one is done', async () => {
    const ask = () => world.auditor.get('/v1/audit/export?format=jsonl');
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 503]);
    expect((await ask()).statusCode).toBe(200);
  });
});
