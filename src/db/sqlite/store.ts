import type Database from 'better-sqlite3';
import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  lt,
  lte,
  or,
  type Placeholder,
  placeholder,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { MachineStamp, Role } from '../../engine/types.ts';
import { toCaseRow, toKeyRow, toTask } from '../rows.ts';
import type { CaseFilter, CasePage, Store } from '../store.ts';
import { createBatch } from './batch.ts';
import { createWriter, ofService, selectServiceHead } from './commit.ts';
import { createOverview } from './overview.ts';
import { createErasing, createPersons } from './persons.ts';
import { createQuestions } from './questions.ts';
import {
  cases,
  entries,
  hasKey,
  keyEpochs,
  keys,
  persons,
  sessions,
  subjects,
  tasks,
  tokens,
  vault,
} from './schema.ts';
import { compileAll, compileChanges, compileGet, compileRun } from './statements.ts';

/** The store on SQLite. better-sqlite3 answers at once; the promises are the contract's. */
export function createSqliteStore(client: Database.Database, db: BetterSQLite3Database): Store {
  const batch = createBatch(client);
  const { look } = batch;
  const writer = createWriter(client, db);
  const writeErasure = createErasing(db, writer);
  const numberOf = (id: string | Placeholder) =>
    db.select({ no: cases.no }).from(cases).where(eq(cases.id, id));
  const ofCase = { caseId: cases.id };
  const q = {
    findCase: compileGet(
      client,
      db
        .select()
        .from(cases)
        .where(eq(cases.id, placeholder('id'))),
    ),
    findHead: compileGet(
      client,
      db
        .select({
          seq: cases.seq,
          refusals: cases.refusals,
          refusalHead: cases.refusalHead,
          reads: cases.reads,
          readHead: cases.readHead,
        })
        .from(cases)
        .where(eq(cases.id, placeholder('id'))),
    ),
    findLeaves: compileGet(
      client,
      db
        .select({ leaves: cases.leaves })
        .from(cases)
        .where(eq(cases.id, placeholder('id'))),
    ),
    findKey: compileGet(
      client,
      db
        .select({ ...getTableColumns(keys), ...ofCase })
        .from(keys)
        .innerJoin(cases, eq(cases.no, keys.caseNo))
        .where(and(eq(keys.scope, placeholder('scope')), eq(keys.key, placeholder('key')))),
    ),
    readEntries: compileAll(
      client,
      db
        .select({ bytes: entries.bytes, digest: entries.digest })
        .from(entries)
        .where(
          and(
            eq(entries.caseNo, numberOf(placeholder('caseId'))),
            eq(entries.kind, sql`${placeholder('kind')}`),
          ),
        )
        .orderBy(asc(entries.seq)),
    ),
    readServiceEntries: compileAll(
      client,
      db
        .select({ bytes: entries.bytes, digest: entries.digest })
        .from(entries)
        .where(ofService)
        .orderBy(asc(entries.seq)),
    ),
    findServiceHead: compileGet(client, selectServiceHead(db)),
    readLog: compileAll(
      client,
      db
        .select({
          index: sql<number>`${entries.id} - 1`,
          caseId: sql<string>`coalesce(${cases.id}, '')`,
          kind: entries.kind,
          seq: entries.seq,
          bytes: entries.bytes,
          digest: entries.digest,
        })
        .from(entries)
        .leftJoin(cases, eq(cases.no, entries.caseNo))
        .where(gt(entries.id, placeholder('fromIndex')))
        .orderBy(asc(entries.id))
        .limit(placeholder('limit')),
    ),
    findLogSize: compileGet(
      client,
      db.select({ size: sql<number>`coalesce(max(${entries.id}), 0)` }).from(entries),
    ),
    findLogIndex: compileGet(
      client,
      db
        .select({ index: sql<number>`${entries.id} - 1` })
        .from(entries)
        .where(
          and(
            eq(entries.caseNo, numberOf(placeholder('caseId'))),
            eq(entries.kind, sql`${placeholder('kind')}`),
            eq(entries.seq, placeholder('seq')),
          ),
        ),
    ),
    // What a worker does all day is prepared once: a statement prepared anew keeps some KB for good.
    claimTasks: compileChanges(
      client,
      db
        .update(tasks)
        .set({
          owner: sql`${placeholder('owner')}`,
          claimableAt: sql`${placeholder('until')}`,
          attempts: sql`${tasks.attempts} + 1`,
        })
        .where(
          inArray(
            tasks.id,
            db
              .select({ id: tasks.id })
              .from(tasks)
              .where(lte(tasks.claimableAt, placeholder('now')))
              .orderBy(asc(tasks.claimableAt), asc(tasks.id))
              .limit(placeholder('limit')),
          ),
        )
        .returning({ id: tasks.id }),
    ),
    findTask: compileGet(
      client,
      db
        .select({ ...getTableColumns(tasks), ...ofCase })
        .from(tasks)
        .innerJoin(cases, eq(cases.no, tasks.caseNo))
        .where(eq(tasks.id, placeholder('id'))),
    ),
    retryTask: compileRun(
      client,
      db
        .update(tasks)
        .set({ owner: null, claimableAt: sql`${placeholder('dueAt')}` })
        .where(eq(tasks.id, placeholder('id'))),
    ),
    finishTask: compileRun(client, db.delete(tasks).where(eq(tasks.id, placeholder('id')))),
    readTasks: compileAll(
      client,
      db
        .select({ ...getTableColumns(tasks), ...ofCase })
        .from(tasks)
        .innerJoin(cases, eq(cases.no, tasks.caseNo))
        .where(eq(cases.id, placeholder('caseId')))
        .orderBy(asc(tasks.id)),
    ),
    readVault: compileAll(
      client,
      db
        .select({ ...getTableColumns(vault), ...ofCase })
        .from(vault)
        .innerJoin(cases, eq(cases.no, vault.caseNo))
        .where(eq(cases.id, placeholder('caseId')))
        .orderBy(asc(vault.seq)),
    ),
    readLatestVault: compileAll(
      client,
      db
        .select({ ...getTableColumns(vault), ...ofCase })
        .from(vault)
        .innerJoin(cases, eq(cases.no, vault.caseNo))
        .where(
          inArray(
            vault.id,
            db
              .select({ id: sql<number>`max(${vault.id})` })
              .from(vault)
              .where(
                and(eq(vault.caseNo, numberOf(placeholder('caseId'))), lte(vault.seq, placeholder('toSeq'))),
              )
              .groupBy(vault.field),
          ),
        ),
    ),
    findSession: compileGet(
      client,
      db
        .select()
        .from(sessions)
        .where(eq(sessions.digest, placeholder('digest'))),
    ),
    findToken: compileGet(
      client,
      db
        .select()
        .from(tokens)
        .where(eq(tokens.digest, placeholder('digest'))),
    ),
    findPerson: compileGet(
      client,
      db
        .select()
        .from(persons)
        .where(eq(persons.id, placeholder('id'))),
    ),
    findEpoch: compileGet(
      client,
      db.select({ epoch: sql<number | null>`max(${keyEpochs.epoch})` }).from(keyEpochs),
    ),
    nextDue: compileGet(client, db.select({ at: sql<string | null>`min(${tasks.claimableAt})` }).from(tasks)),
  };

  const claim = (input: { now: string; owner: string; until: string; limit: number }) =>
    q
      .claimTasks(input)
      .flatMap((id) => q.findTask({ id }) ?? [])
      .map(toTask)
      .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.id - b.id));

  const createSession = (session: Parameters<Store['createSession']>[0]) => {
    const { personId, wrappedKey, keyEpoch, createdAt, digest, channel, expiresAt } = session;
    if (keyEpoch < (q.findEpoch({})?.epoch ?? 0)) return false;
    db.insert(persons).values({ id: personId, wrappedKey, createdAt, updatedAt: createdAt }).run();
    db.insert(sessions).values({ digest, personId, channel, createdAt, expiresAt }).run();
    return true;
  };

  return {
    ...createQuestions(client, db, batch),
    ...createOverview(db),
    commit: (commit) => batch.join(() => writer.writeCommit(commit)),
    append: (entry) => batch.join(() => writer.writeSideEntry(entry)),
    appendService: (entry) => batch.join(() => writer.writeServiceEntry(entry)),
    findServiceHead: async () => look(() => q.findServiceHead({})) ?? { seq: 0, head: '' },
    readServiceEntries: async () => look(() => q.readServiceEntries({})),
    readLog: async (fromIndex, limit) => look(() => q.readLog({ fromIndex, limit })),
    findLogSize: async () => look(() => q.findLogSize({}))?.size ?? 0,
    findLogIndex: async (caseId, kind, seq) => look(() => q.findLogIndex({ caseId, kind, seq }))?.index,

    async findCase(id, known) {
      const head = known && look(() => q.findHead({ id }));
      if (known && head?.seq === known.seq) return { ...known, ...head };
      const row = look(() => q.findCase({ id }));
      return row && toCaseRow(row);
    },
    async findKey(scope, key) {
      const row = look(() => q.findKey({ scope, key }));
      return row && toKeyRow(row);
    },
    findLeaves: async (id) => look(() => q.findLeaves({ id }))?.leaves,
    searchCases: async (filter) => searchCases(db, filter),
    listMachines: async () => [...listMachines(db)],
    readEntries: async (caseId, kind) => look(() => q.readEntries({ caseId, kind })),
    readVault: async (caseId) => look(() => q.readVault({ caseId })),
    readLatestVault: async (caseId, toSeq = Number.MAX_SAFE_INTEGER) =>
      look(() => q.readLatestVault({ caseId, toSeq })),
    readTasks: async (caseId) => look(() => q.readTasks({ caseId })).map(toTask),

    claimTasks: (input) => batch.join(() => claim(input)),
    retryTask: (id, dueAt) => batch.join(() => void q.retryTask({ id, dueAt })),
    finishTask: (id) => batch.join(() => void q.finishTask({ id })),
    findNextDue: async () => look(() => q.nextDue({}))?.at ?? undefined,
    releaseLeases: () =>
      batch.join(() => {
        db.update(tasks)
          .set({ owner: null, claimableAt: sql`${tasks.dueAt}` })
          .where(sql`${tasks.owner} is not null`)
          .run();
      }),

    createSession: (session) => batch.join(() => createSession(session)),
    async findSession(digest) {
      const row = look(() => q.findSession({ digest }));
      return row && { personId: row.personId, channel: row.channel, expiresAt: row.expiresAt };
    },
    createToken: (token) =>
      batch.join(() => {
        db.insert(tokens).values(token).run();
      }),
    async findToken(digest) {
      const row = look(() => q.findToken({ digest }));
      return row && { id: row.id, role: row.role as Role, name: row.name };
    },
    async findPersonKey(personId) {
      const wrapped = look(() => q.findPerson({ id: personId }))?.wrappedKey;
      return wrapped && wrapped.length > 0 ? wrapped : undefined;
    },
    async findProfile(personId) {
      const row = look(() => q.findPerson({ id: personId }));
      const avatar =
        row?.avatarDigest && row.avatarType
          ? { digest: row.avatarDigest, mediaType: row.avatarType }
          : undefined;
      return { ...(row?.nickname ? { nickname: row.nickname } : {}), ...(avatar ? { avatar } : {}) };
    },
    saveProfile: (personId, profile, at) =>
      batch.join(() => {
        db.update(persons)
          .set({
            updatedAt: at,
            ...(profile.nickname ? { nickname: profile.nickname } : {}),
            ...(profile.avatar
              ? { avatarDigest: profile.avatar.digest, avatarType: profile.avatar.mediaType }
              : {}),
          })
          .where(and(eq(persons.id, personId), hasKey))
          .run();
      }),
    erase: (erasure) => batch.join(() => writeErasure(erasure)),
    ...createPersons(client, db, batch),

    async count() {
      const of = (table: SQLiteTable) => db.select({ n: count() }).from(table).get()?.n ?? 0;
      return { cases: of(cases), entries: of(entries), tasks: of(tasks) };
    },
    failed: batch.failed,
    async close() {
      batch.flush();
      client.close();
    },
  };
}

function searchCases(db: BetterSQLite3Database, filter: CaseFilter): CasePage {
  const rows = db
    .select()
    .from(cases)
    .where(and(...conditionsOf(filter)))
    .orderBy(desc(cases.openedAt), desc(cases.no))
    .limit(filter.limit + 1)
    .all();
  const page = rows.slice(0, filter.limit);
  return { rows: page.map(toCaseRow), next: rows.length > filter.limit ? cursorOf(page.at(-1)) : undefined };
}

/** From one machine to the next, each by a seek in the index: a million cases of one cost as much as one. */
function* listMachines(db: BetterSQLite3Database): Generator<{ matter: string; machine: MachineStamp }> {
  const { matter, machineId, machineVersion, machineDefinition } = cases;
  const columns = { matter, id: machineId, version: machineVersion, definition: machineDefinition };
  const findFirst = (...where: SQL[]) =>
    db
      .select(columns)
      .from(cases)
      .where(and(...where))
      .orderBy(asc(matter), asc(machineVersion), asc(machineDefinition))
      .limit(1)
      .get();
  let next = findFirst();
  while (next) {
    const { matter: of, ...machine } = next;
    yield { matter: of, machine };
    // Compared as a row of values, (matter, version, definition) > (…), SQLite would walk through all of a version: 300 ms.
    next =
      findFirst(
        eq(matter, of),
        eq(machineVersion, machine.version),
        gt(machineDefinition, machine.definition),
      ) ??
      findFirst(eq(matter, of), gt(machineVersion, machine.version)) ??
      findFirst(gt(matter, of));
  }
}

function conditionsOf(filter: CaseFilter): (SQL | undefined)[] {
  return [
    filter.owner === undefined ? undefined : eq(cases.owner, filter.owner),
    filter.subject === undefined ? undefined : ofSubject(filter.subject),
    filter.matter === undefined ? undefined : eq(cases.matter, filter.matter),
    filter.openedFrom === undefined ? undefined : gte(cases.openedAt, filter.openedFrom),
    filter.openedTo === undefined ? undefined : lt(cases.openedAt, filter.openedTo),
    filter.state === undefined ? undefined : inState(filter.state),
    filter.cursor === undefined ? undefined : afterCursor(filter.cursor),
  ];
}

function ofSubject(subject: string): SQL | undefined {
  return sql`${cases.no} in (select ${subjects.caseNo} from ${subjects} where ${subjects.subject} = ${subject})`;
}

/** The leaf itself, or any leaf below it. */
function inState(state: string): SQL | undefined {
  return sql`(instr(${cases.leaves}, ${` ${state} `}) > 0 or instr(${cases.leaves}, ${` ${state}.`}) > 0)`;
}

function cursorOf(row: { openedAt: string; no: number } | undefined): string | undefined {
  return row && Buffer.from(`${row.openedAt} ${row.no}`).toString('base64url');
}

/** A cursor that is not ours finds nothing. */
function afterCursor(cursor: string): SQL | undefined {
  const [, openedAt, no] =
    /^(\d{4}-\d\d-\d\dT\S+) (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (openedAt === undefined || no === undefined) return sql`0`;
  return or(lt(cases.openedAt, openedAt), and(eq(cases.openedAt, openedAt), lt(cases.no, Number(no))));
}
