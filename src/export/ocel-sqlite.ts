import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell } from './ocel-json.ts';
import { createEventTables, createObjectTables } from './ocel-tables.ts';
import { openScratch } from './scratch.ts';
import { type ExportFormat, kindsOf } from './source.ts';

/** OCEL 2.0 as an SQLite database: made beside, and sent when it is whole. */
export const ocelSqlite: ExportFormat = {
  name: 'ocel-sqlite',
  mediaType: 'application/vnd.sqlite3',
  extension: 'sqlite',
  async *write(source, options = { kinds: kindsOf({}) }) {
    const folder = await mkdtemp(join(tmpdir(), 'banjian-export-'));
    try {
      const file = join(folder, 'log.sqlite');
      const db = openScratch(file);
      try {
        const [objects, events] = [createObjectTables(db), createEventTables(db)];
        for await (const told of tell(source, options)) {
          objects.add(told);
          events.add(told.event);
        }
        db.exec('COMMIT');
      } finally {
        db.close();
      }
      yield* createReadStream(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
