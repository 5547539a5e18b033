import type Database from 'better-sqlite3';
import { OBJECT_TYPES, type ObjectType, type OcelEvent, type Relation, type Told } from './ocel.ts';

/** The moment that the standard gives to what an object had from the beginning on. */
const ALWAYS = '1970-01-01T00:00:00.000Z';

/** Objects and what is between them, in the tables of the OCEL 2.0 standard: each object once, however often it is told of. */
export interface ObjectTables {
  add(told: Told): void;
}

export function createObjectTables(db: Database.Database): ObjectTables {
  db.exec(`
    CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
    CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type));
    CREATE TABLE object_object (
      ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
      ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
      ocel_qualifier TEXT NOT NULL,
      PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
    );
  `);
  const types = Object.keys(OBJECT_TYPES) as ObjectType[];
  const initial = Object.fromEntries(types.map((type) => [type, createObjectTable(db, type)]));
  const insert = db.prepare('INSERT OR IGNORE INTO object VALUES (?, ?)');
  const relate = db.prepare('INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)');
  const change = createChanges(db);
  return {
    add({ event, objects, between, now }) {
      for (const { id, type, attributes } of objects) {
        if (insert.run(id, type).changes > 0) initial[type]?.(id, attributes);
        if (type === 'case') change(id, event.time, now);
      }
      for (const { from, to, qualifier } of between) relate.run(from, to, qualifier);
    },
  };
}

/** Answers what writes the first row of an object. */
function createObjectTable(db: Database.Database, type: ObjectType) {
  const attributes = OBJECT_TYPES[type];
  const table = `object_${tableName(type)}`;
  const columns = attributes.map((name) => `, ${quote(name)} TEXT`).join('');
  db.prepare('INSERT INTO object_map_type VALUES (?, ?)').run(type, tableName(type));
  db.exec(`
    CREATE TABLE ${table} (
      ocel_id TEXT NOT NULL REFERENCES object (ocel_id), ocel_time TEXT NOT NULL, ocel_changed_field TEXT${columns}
    );
    CREATE INDEX ${table}_id ON ${table} (ocel_id, ocel_changed_field);
  `);
  const insert = db.prepare(
    `INSERT INTO ${table} VALUES (?, '${ALWAYS}', NULL${attributes.map(() => ', ?').join('')})`,
  );
  return (id: string, values: Record<string, string>) =>
    insert.run(id, ...attributes.map((name) => values[name] ?? null));
}

/** A row for each new value, as the standard has it, and none for a value that stays. */
function createChanges(db: Database.Database) {
  const fields = (['machineVersion', 'states'] as const).map((field) => ({
    field,
    last: db
      .prepare<[string], string>(
        `SELECT ${field} FROM object_Case WHERE ocel_id = ? AND ocel_changed_field = '${field}' ORDER BY rowid DESC LIMIT 1`,
      )
      .pluck(),
    insert: db.prepare(
      `INSERT INTO object_Case (ocel_id, ocel_time, ocel_changed_field, ${field}) VALUES (?, ?, '${field}', ?)`,
    ),
  }));
  return (id: string, at: string, now: Told['now']) => {
    for (const { field, last, insert } of fields) {
      if (last.get(id) !== now[field]) insert.run(id, at, now[field]);
    }
  };
}

export interface EventTables {
  add(event: OcelEvent): void;
}

/** Events in the tables of the standard: one for each type, made when the first of it comes. */
export function createEventTables(db: Database.Database): EventTables {
  db.exec(`
    CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
    CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type));
    CREATE TABLE event_object (
      ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
      ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
      ocel_qualifier TEXT NOT NULL,
      PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
    );
  `);
  const insert = db.prepare('INSERT INTO event VALUES (?, ?)');
  const relate = db.prepare<[string, string, string]>('INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)');
  const tables = new Map<string, EventTable>();
  const names = createNames();
  return {
    add(event) {
      let table = tables.get(event.type);
      if (!table) {
        table = createEventTable(db, event.type, names(tableName(event.type)));
        tables.set(event.type, table);
      }
      insert.run(event.id, event.type);
      table(event);
      for (const { objectId, qualifier } of event.relations) relate.run(event.id, objectId, qualifier);
    },
  };
}

type EventTable = (event: OcelEvent) => void;

function createEventTable(db: Database.Database, type: string, name: string): EventTable {
  const table = quote(`event_${name}`);
  db.prepare('INSERT INTO event_map_type VALUES (?, ?)').run(type, name);
  db.exec(
    `CREATE TABLE ${table} (ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id), ocel_time TEXT NOT NULL)`,
  );
  const columns = new Map<string, string>();
  const names = createNames();
  for (const own of ['ocel_id', 'ocel_time']) names(own);
  const columnOf = (attribute: OcelEvent['attributes'][number]) => {
    let column = columns.get(attribute.name);
    if (column === undefined) {
      column = names(attribute.name);
      columns.set(attribute.name, column);
      const kind = attribute.type === 'integer' ? 'INTEGER' : 'TEXT';
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${quote(column)} ${kind}`);
    }
    return quote(column);
  };
  const inserts = new Map<string, Database.Statement>();
  return ({ id, time, attributes }) => {
    const list = attributes.map(columnOf).join(', ');
    let insert = inserts.get(list);
    if (!insert) {
      const marks = attributes.map(() => '?').join(', ');
      insert = db.prepare(`INSERT INTO ${table} (ocel_id, ocel_time, ${list}) VALUES (?, ?, ${marks})`);
      inserts.set(list, insert);
    }
    insert.run(id, time, ...attributes.map(({ value }) => value));
  };
}

/** To SQLite names are the same whatever their case: the second gets a number. */
function createNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  };
}

/** `face.begin` is FaceBegin. */
function tableName(type: string): string {
  return type
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An object as it comes out of the tables again. */
export interface StoredObject {
  id: string;
  type: ObjectType;
  attributes: { name: string; value: string; time: string }[];
  relations: Relation[];
}

/** Every object, one after the other, in the order in which they were first told of. */
export function* readObjects(db: Database.Database): Generator<StoredObject> {
  const objects = db.prepare<[], { id: string; type: ObjectType }>(
    'SELECT ocel_id AS id, ocel_type AS type FROM object ORDER BY rowid',
  );
  const rows = (type: ObjectType) =>
    db.prepare<[string], Record<string, string | null>>(
      `SELECT * FROM object_${tableName(type)} WHERE ocel_id = ? ORDER BY rowid`,
    );
  const values = {
    case: rows('case'),
    person: rows('person'),
    staff: rows('staff'),
    file: rows('file'),
  };
  const relations = db.prepare<[string], Relation>(
    'SELECT ocel_target_id AS objectId, ocel_qualifier AS qualifier FROM object_object WHERE ocel_source_id = ? ORDER BY rowid',
  );
  for (const { id, type } of objects.iterate()) {
    const attributes = values[type].all(id).flatMap((row) => readAttributes(row, OBJECT_TYPES[type]));
    yield { id, type, attributes, relations: relations.all(id) };
  }
}

function readAttributes(row: Record<string, string | null>, names: readonly string[]) {
  return names.flatMap((name) => {
    const value = row[name];
    return value === null || value === undefined ? [] : [{ name, value, time: row.ocel_time ?? ALWAYS }];
  });
}
