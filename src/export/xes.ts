import { setImmediate as nextTurn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Entry } from '../engine/types.ts';
import { eventType, factsOf } from './ocel.ts';
import { openScratch } from './scratch.ts';
import { type ExportedEntry, type ExportFormat, kindsOf } from './source.ts';

/** Events that are gathered, or written, before others get a turn; while gathering, a line break then tells that we live. */
const EVENTS_A_TURN = 4_096;

/**
 * XES (IEEE 1849-2016): a trace for each case. The log has its cases side by side and a trace needs its own together, so
 * events are put in order on disk.
 */
export const xes: ExportFormat = {
  name: 'xes',
  mediaType: 'application/xml',
  extension: 'xes',
  async *write(source, { kinds } = { kinds: kindsOf({}) }) {
    const scratch = openScratch();
    try {
      const traces = createTraces(scratch);
      yield* [HEAD, ''];
      let count = 0;
      for await (const exported of source.entries()) {
        const { entry } = exported;
        if (entry.kind === 'service' || !kinds.has(entry.kind)) continue;
        traces.add(exported, entry);
        if (++count % EVENTS_A_TURN === 0) yield* ['\n', ''];
      }
      for (const line of traces.read()) {
        yield line;
        if (++count % EVENTS_A_TURN === 0) await nextTurn();
      }
      yield '</log>\n';
    } finally {
      scratch.close();
    }
  },
};

/** What every event has stands in the globals, with what it would be if it had it not. */
const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
    <string key="concept:name" value="UNKNOWN"/>
    <string key="matter" value="UNKNOWN"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="UNKNOWN"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="org:resource" value="UNKNOWN"/>
    <string key="org:role" value="UNKNOWN"/>
    <string key="kind" value="UNKNOWN"/>
    <int key="seq" value="0"/>
    <int key="index" value="-1"/>
    <string key="leaf" value="UNKNOWN"/>
    <string key="digest" value="UNKNOWN"/>
    <string key="machineVersion" value="UNKNOWN"/>
  </global>
  <classifier name="Activity" scope="event" keys="concept:name"/>
  <classifier name="ActivityByRole" scope="event" keys="concept:name org:role"/>
  <classifier name="Matter" scope="trace" keys="matter"/>
  <string key="concept:name" value="banjian"/>
  <string key="lifecycle:model" value="standard"/>
`;

function createTraces(db: Database.Database) {
  db.exec(`
    CREATE TABLE trace (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, head TEXT NOT NULL);
    CREATE TABLE event (no INTEGER, at INTEGER, xml TEXT NOT NULL, PRIMARY KEY (no, at)) WITHOUT ROWID;
  `);
  const find = db.prepare<[string], number>('SELECT no FROM trace WHERE id = ?').pluck();
  const open = db.prepare('INSERT INTO trace (id, head) VALUES (?, ?)');
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?)');
  return {
    add(exported: ExportedEntry, entry: Entry) {
      const no = find.get(entry.case) ?? Number(open.run(entry.case, writeTraceHead(entry)).lastInsertRowid);
      insert.run(no, exported.index, writeEvent(exported, entry));
    },
    /** Traces in the order in which they began. */
    *read(): Generator<string> {
      const rows = db.prepare<[], { no: number; head: string; xml: string }>(
        'SELECT no, head, xml FROM event JOIN trace USING (no) ORDER BY no, at',
      );
      let last = 0;
      for (const { no, head, xml } of rows.iterate()) {
        if (no !== last) yield `${last === 0 ? '' : '  </trace>\n'}${head}`;
        last = no;
        yield xml;
      }
      if (last !== 0) yield '  </trace>\n';
    },
  };
}

function writeTraceHead({ case: id, machine }: Entry): string {
  return `  <trace>\n    ${attribute('string', 'concept:name', id)}\n    ${attribute('string', 'matter', machine.id)}\n`;
}

function writeEvent({ index, leaf, digest }: ExportedEntry, entry: Entry): string {
  const { at, actor, kind, seq, machine } = entry;
  const transition = transitionOf(entry);
  const attributes = [
    attribute('string', 'concept:name', eventType(entry)),
    attribute('date', 'time:timestamp', at),
    ...(transition === undefined ? [] : [attribute('string', 'lifecycle:transition', transition)]),
    attribute('string', 'org:resource', actor.id),
    attribute('string', 'org:role', actor.role),
    attribute('string', 'kind', kind),
    attribute('int', 'seq', String(seq)),
    attribute('int', 'index', String(index)),
    attribute('string', 'leaf', leaf),
    attribute('string', 'digest', digest),
    attribute('string', 'machineVersion', machine.version),
    ...entry.files.map((file) => attribute('string', 'file', file.digest)),
    ...factsOf(entry).map(([name, value]) => attribute('string', nameOf(name), value)),
  ];
  return `    <event>\n      ${attributes.join('\n      ')}\n    </event>\n`;
}

/** In the standard's life cycle. What was refused, or only read, is no part of the life of what it is about. */
function transitionOf({ kind, type }: Entry): string | undefined {
  if (kind !== 'accepted') return undefined;
  return type.startsWith('xstate.error.') ? 'ate_abort' : 'complete';
}

function attribute(type: 'string' | 'date' | 'int', key: string, value: string): string {
  return `<${type} key="${key}" value="${escapeXml(value)}"/>`;
}

/** A key is a name in XML's sense. */
function nameOf(name: string): string {
  return name.replace(/[^\w.:-]/g, '_');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // As they are, these would be read as blanks.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** XML 1.0 has no way to write other control characters. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
