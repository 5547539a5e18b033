import { setImmediate as nextTurn } from 'node:timers/promises';
import { OBJECT_TYPES, type OcelEvent, toOcel } from './ocel.ts';
import { createObjectTables, readObjects, type StoredObject } from './ocel-tables.ts';
import { openScratch } from './scratch.ts';
import { type ExportFormat, type ExportOptions, type ExportSource, kindsOf } from './source.ts';

/** Objects that are written before others get a turn. */
const OBJECTS_A_TURN = 256;

/**
 * OCEL 2.0 as JSON, in one pass: events as they come, meanwhile the objects they tell of are gathered on disk, then these,
 * and last what types there were. The members of an object have no order, so that nobody has to know them first.
 */
export const ocelJson: ExportFormat = {
  name: 'ocel-json',
  mediaType: 'application/json',
  extension: 'json',
  async *write(source, options = { kinds: kindsOf({}) }) {
    const scratch = openScratch();
    try {
      const types = new Map<string, Map<string, string>>();
      const objects = createObjectTables(scratch);
      yield '{"events":[';
      let comma = '';
      for await (const told of tell(source, options)) {
        objects.add(told);
        noteType(types, told.event);
        yield `${comma}\n${JSON.stringify(writeEvent(told.event))}`;
        comma = ',';
      }
      yield '\n],"objects":[';
      yield* writeObjects(readObjects(scratch));
      yield `\n],"eventTypes":${JSON.stringify(writeTypes(types))},"objectTypes":${JSON.stringify(objectTypes())}}\n`;
    } finally {
      scratch.close();
    }
  },
};

/** Entries of cases, of the kinds that are wanted, in OCEL's terms. */
export async function* tell(source: ExportSource, { kinds }: ExportOptions) {
  for await (const exported of source.entries()) {
    const { entry } = exported;
    if (entry.kind !== 'service' && kinds.has(entry.kind)) yield toOcel(exported, entry);
  }
}

function noteType(types: Map<string, Map<string, string>>, { type, attributes }: OcelEvent): void {
  const known = types.get(type) ?? new Map<string, string>();
  for (const { name, type: kind } of attributes) known.set(name, kind);
  types.set(type, known);
}

function writeEvent({ id, type, time, attributes, relations }: OcelEvent) {
  const values = attributes.map(({ name, value }) => ({ name, value }));
  return { id, type, time, attributes: values, relationships: relations };
}

async function* writeObjects(objects: Iterable<StoredObject>): AsyncGenerator<string> {
  let count = 0;
  for (const { id, type, attributes, relations } of objects) {
    const line = JSON.stringify({ id, type, attributes, relationships: relations });
    yield `${count === 0 ? '' : ','}\n${line}`;
    if (++count % OBJECTS_A_TURN === 0) await nextTurn();
  }
}

function writeTypes(types: Map<string, Map<string, string>>) {
  return [...types].map(([name, attributes]) => ({
    name,
    attributes: [...attributes].map(([attribute, type]) => ({ name: attribute, type })),
  }));
}

function objectTypes() {
  return Object.entries(OBJECT_TYPES).map(([name, attributes]) => ({
    name,
    attributes: attributes.map((attribute) => ({ name: attribute, type: 'string' })),
  }));
}
