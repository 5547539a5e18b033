import type Database from 'better-sqlite3';
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { earliestOf } from '../../engine/tags.ts';
import type {
  ActFilter,
  LogEntry,
  Page,
  Pass,
  PassFilter,
  QuestionStore,
  RefusalCount,
  RefusalFilter,
  TagRow,
  VersionFilter,
} from '../store.ts';
import type { Batch } from './batch.ts';
import { pageOf, readCursor } from './cursor.ts';
import { cases, entries, tags } from './schema.ts';
import { createWaitingSearch } from './waiting.ts';

/** What auditors ask, on `tags` and on the rows of cases; no question looks at every entry. */
export function createQuestions(
  client: Database.Database,
  db: BetterSQLite3Database,
  batch: Batch,
): QuestionStore {
  return {
    searchRefusals: async (filter) => searchRefusals(db, filter),
    searchActs: async (filter) => searchActs(db, filter),
    searchVersion: async (filter) => searchVersion(db, filter),
    searchPasses: async (filter) => searchPasses(db, filter),
    searchWaiting: createWaitingSearch(client, db),
    countRefusals: async (filter) => countRefusals(db, filter),
    readTags: async (caseId) => readTags(db, caseId),
    readCaseLog: async (caseId) => readCaseLog(db, caseId),
    listUnindexed: async (limit) => listUnindexed(db, limit),
    writeIndex: (index) => batch.join(() => writeIndex(db, index)),
  };
}

/** An entry in its place, as the log reads it. */
const logColumns = {
  index: sql<number>`${entries.id} - 1`,
  caseId: sql<string>`coalesce(${cases.id}, '')`,
  kind: entries.kind,
  seq: entries.seq,
  bytes: entries.bytes,
  digest: entries.digest,
};

/** Its log entry, and beside it where it stands in a list of tags. */
function selectTagged(db: BetterSQLite3Database) {
  return db
    .select({ entry: logColumns, at: tags.at, id: tags.id, trial: tags.trial, failures: tags.failures })
    .from(tags)
    .innerJoin(entries, eq(entries.id, tags.id))
    .leftJoin(cases, eq(cases.no, tags.caseNo))
    .$dynamic();
}
type Tagged = ReturnType<ReturnType<typeof selectTagged>['all']>[number];

const byTime = [desc(tags.at), desc(tags.id)];
const placeInTime = ({ at, id }: Tagged) => [at, id];
const PLACE_IN_TIME = /^(\d{4}-\d\d-\d\dT\S+) (\d{1,15})$/;

function searchRefusals(db: BetterSQLite3Database, filter: RefusalFilter): Page<LogEntry> {
  const { codes, caseId, actor, event, limit } = filter;
  const found = selectTagged(db)
    .where(
      and(
        isNotNull(tags.code),
        codes && inArray(tags.code, codes),
        caseId === undefined ? undefined : refusalsOf(db, caseId),
        actor === undefined ? undefined : eq(tags.actor, actor),
        event === undefined ? undefined : eq(tags.type, event),
        ...within(filter),
      ),
    )
    .orderBy(...byTime)
    .limit(limit + 1)
    .all();
  return pageOf(found, limit, placeInTime, ({ entry }) => entry);
}

/** By the place of its chain: tags know a case for its trials only. */
function refusalsOf(db: BetterSQLite3Database, caseId: string): SQL | undefined {
  const no = db.select({ no: cases.no }).from(cases).where(eq(cases.id, caseId));
  const refused = and(eq(entries.caseNo, no), eq(entries.kind, 'refused'));
  return inArray(tags.id, db.select({ id: entries.id }).from(entries).where(refused));
}

function searchActs(db: BetterSQLite3Database, filter: ActFilter): Page<LogEntry> {
  const { actor, limit } = filter;
  const found = selectTagged(db)
    .where(and(eq(tags.actor, actor), ...within(filter)))
    .orderBy(...byTime)
    .limit(limit + 1)
    .all();
  return pageOf(found, limit, placeInTime, ({ entry }) => entry);
}

function within({ from, to, cursor }: Pick<ActFilter, 'from' | 'to' | 'cursor'>): (SQL | undefined)[] {
  return [
    from === undefined ? undefined : gte(tags.at, from),
    to === undefined ? undefined : lt(tags.at, to),
    cursor === undefined ? undefined : before(cursor),
  ];
}

/** A cursor that is not ours finds nothing. */
function before(cursor: string): SQL {
  const [at, id] = readCursor(cursor, PLACE_IN_TIME) ?? [];
  return at === undefined ? sql`0` : sql`(${tags.at}, ${tags.id}) < (${at}, ${Number(id)})`;
}

function searchPasses(db: BetterSQLite3Database, filter: PassFilter): Page<Pass> {
  const { trial, failures, cursor, limit } = filter;
  const found = selectTagged(db)
    .where(
      and(
        eq(tags.trial, trial),
        gte(tags.failures, failures),
        cursor === undefined ? undefined : fewer(cursor),
      ),
    )
    .orderBy(desc(tags.failures), desc(tags.id))
    .limit(limit + 1)
    .all();
  return pageOf(
    found,
    limit,
    (last) => [last.failures ?? 0, last.id],
    (one) => ({ ...one.entry, trial, failures: one.failures ?? 0 }),
  );
}

function fewer(cursor: string): SQL {
  const [failures, id] = readCursor(cursor, /^(\d{1,9}) (\d{1,15})$/) ?? [];
  if (failures === undefined) return sql`0`;
  return sql`(${tags.failures}, ${tags.id}) < (${Number(failures)}, ${Number(id)})`;
}

/** Cases are taken one after the other, so that what an answer costs does not grow with how many there are. */
function searchVersion(db: BetterSQLite3Database, filter: VersionFilter): Page<LogEntry> {
  const { limit, cursor = '' } = filter;
  const place = cursor === '' ? ['0', '0'] : (readCursor(cursor, /^(\d{1,15}) (\d{1,15})$/) ?? []);
  const found: { no: number; id: number; entry: LogEntry }[] = [];
  let [no, id] = place.map(Number);
  while (no !== undefined && found.length <= limit) {
    const next = findCaseUnder(db, filter, no);
    if (next === undefined) break;
    const after = next === no ? (id ?? 0) : 0;
    found.push(...readUnder(db, next, filter.version, after, limit + 1 - found.length));
    [no, id] = [next + 1, 0];
  }
  return pageOf(
    found,
    limit,
    (last) => [last.no, last.id],
    ({ entry }) => entry,
  );
}

/** The first case from a number on that is under a version, or was until it left it. */
function findCaseUnder(db: BetterSQLite3Database, filter: VersionFilter, from: number): number | undefined {
  const { matter, version } = filter;
  const now = db
    .select({ no: cases.no })
    .from(cases)
    .where(and(eq(cases.matter, matter), eq(cases.machineVersion, version), gte(cases.no, from)))
    .orderBy(asc(cases.no))
    .limit(1)
    .get();
  const once = db
    .select({ no: cases.no })
    .from(tags)
    .innerJoin(cases, eq(cases.no, tags.caseNo))
    .where(and(eq(tags.left, version), gte(tags.caseNo, from), eq(cases.matter, matter)))
    .orderBy(asc(tags.caseNo))
    .limit(1)
    .get();
  const numbers = [now, once].flatMap((row) => (row ? [row.no] : []));
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

function readUnder(db: BetterSQLite3Database, no: number, version: string, after: number, limit: number) {
  return db
    .select({ no: cases.no, id: entries.id, entry: logColumns })
    .from(entries)
    .innerJoin(cases, eq(cases.no, entries.caseNo))
    .where(
      and(
        eq(entries.caseNo, no),
        gt(entries.id, after),
        sql`json_extract(${entries.bytes}, '$.machine.version') = ${version}`,
      ),
    )
    .orderBy(asc(entries.id))
    .limit(limit)
    .all();
}

function countRefusals(db: BetterSQLite3Database, filter: Parameters<QuestionStore['countRefusals']>[0]) {
  const { from, to, cursor, limit } = filter;
  const hour = sql<string>`substr(${tags.at}, 1, 13)`;
  const found = db
    .select({ hour, code: sql<string>`${tags.code}`, count: sql<number>`count(*)` })
    .from(tags)
    .where(
      and(
        isNotNull(tags.code),
        from === undefined ? undefined : gte(tags.at, from),
        to === undefined ? undefined : lt(tags.at, to),
        cursor === undefined ? undefined : later(cursor),
      ),
    )
    .groupBy(hour, tags.code)
    .orderBy(hour, tags.code)
    .limit(limit + 1)
    .all();
  return pageOf(
    found,
    limit,
    (last) => [last.hour, last.code],
    (one): RefusalCount => ({ ...one, hour: `${one.hour}:00:00.000Z` }),
  );
}

function later(cursor: string): SQL {
  const [hour, code] = readCursor(cursor, /^(\d{4}-\d\d-\d\dT\d\d) (\S+)$/) ?? [];
  if (hour === undefined) return sql`0`;
  return sql`${tags.at} >= ${hour} and (substr(${tags.at}, 1, 13), ${tags.code}) > (${hour}, ${code})`;
}

/** Every chain of a case, or the service's own. */
function ofCase(db: BetterSQLite3Database, caseId: string): SQL {
  const no = db.select({ no: cases.no }).from(cases).where(eq(cases.id, caseId));
  return caseId === '' ? isNull(entries.caseNo) : eq(entries.caseNo, no);
}

function readCaseLog(db: BetterSQLite3Database, caseId: string): LogEntry[] {
  return db
    .select(logColumns)
    .from(entries)
    .leftJoin(cases, eq(cases.no, entries.caseNo))
    .where(ofCase(db, caseId))
    .orderBy(asc(entries.id))
    .all();
}

function listUnindexed(db: BetterSQLite3Database, limit: number): string[] {
  const rows = db.select({ id: cases.id }).from(cases).where(sql`${cases.entered} = ''`).limit(limit).all();
  return rows.map(({ id }) => id);
}

function writeIndex(db: BetterSQLite3Database, index: Parameters<QuestionStore['writeIndex']>[0]): void {
  const { caseId, entered } = index;
  const no = db.select({ no: cases.no }).from(cases).where(eq(cases.id, caseId)).get()?.no;
  const old = db.select({ id: entries.id }).from(entries).where(ofCase(db, caseId));
  db.delete(tags).where(inArray(tags.id, old)).run();
  db.update(cases)
    .set({ entered: JSON.stringify(entered), enteredAt: earliestOf(entered) })
    .where(eq(cases.id, caseId))
    .run();
  for (const { index: leaf, ...found } of index.tags) {
    db.insert(tags)
      .values({ id: leaf + 1, caseNo: no ?? null, ...found })
      .run();
  }
}

function readTags(db: BetterSQLite3Database, caseId: string): TagRow[] {
  return db
    .select(getTableColumns(tags))
    .from(entries)
    .innerJoin(tags, eq(tags.id, entries.id))
    .where(ofCase(db, caseId))
    .orderBy(asc(entries.id))
    .all()
    .map(({ id, caseNo: _caseNo, ...columns }) => {
      const given = Object.entries(columns).filter(([, value]) => value !== null);
      return { index: id - 1, ...Object.fromEntries(given) } as TagRow;
    });
}
