import type Database from 'better-sqlite3';
import {
  and,
  asc,
  count,
  desc,
  eq,
  gte,
  inArray,
  lt,
  lte,
  or,
  placeholder,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Role } from '../../engine/types.ts';
import { toCaseRow, toKeyRow, toTask } from '../rows.ts';
import type { CaseFilter, CasePage, CaseRow, Store } from '../store.ts';
import { createBatch } from './batch.ts';
import { createWriter } from './commit.ts';
import { cases, entries, keys, persons, sessions, tasks, tokens, vault } from './schema.ts';
import { compileAll, compileGet } from './statements.ts';

/** The store on SQLite. better-sqlite3 answers at once; the promises are the contract's. */
export function createSqliteStore(client: Database.Database, db: BetterSQLite3Database): Store {
  const batch = createBatch(client);
  const writer = createWriter(client, db);
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
        .select({ seq: cases.seq, refusals: cases.refusals, refusalHead: cases.refusalHead })
        .from(cases)
        .where(eq(cases.id, placeholder('id'))),
    ),
    findKey: compileGet(
      client,
      db
        .select()
        .from(keys)
        .where(and(eq(keys.scope, placeholder('scope')), eq(keys.key, placeholder('key')))),
    ),
    readEntries: compileAll(
      client,
      db
        .select({ bytes: entries.bytes, digest: entries.digest })
        .from(entries)
        .where(and(eq(entries.caseId, placeholder('caseId')), eq(entries.kind, placeholder('kind'))))
        .orderBy(asc(entries.seq)),
    ),
    readVault: compileAll(
      client,
      db
        .select()
        .from(vault)
        .where(eq(vault.caseId, placeholder('caseId')))
        .orderBy(asc(vault.seq)),
    ),
    readLatestVault: compileAll(
      client,
      db
        .select()
        .from(vault)
        .where(
          inArray(
            vault.id,
            db
              .select({ id: sql<number>`max(${vault.id})` })
              .from(vault)
              .where(and(eq(vault.caseId, placeholder('caseId')), lte(vault.seq, placeholder('toSeq'))))
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
    nextDue: compileGet(client, db.select({ at: sql<string | null>`min(${tasks.claimableAt})` }).from(tasks)),
  };

  const claim = (input: { now: string; owner: string; until: string; limit: number }) => {
    const due = db
      .select({ id: tasks.id })
      .from(tasks)
      .where(lte(tasks.claimableAt, input.now))
      .orderBy(asc(tasks.claimableAt), asc(tasks.id))
      .limit(input.limit);
    return db
      .update(tasks)
      .set({ owner: input.owner, claimableAt: input.until, attempts: sql`${tasks.attempts} + 1` })
      .where(inArray(tasks.id, due))
      .returning()
      .all()
      .map(toTask)
      .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.id - b.id));
  };

  const createSession = (session: Parameters<Store['createSession']>[0]) => {
    const { personId, wrappedKey, createdAt, digest, channel, expiresAt } = session;
    db.insert(persons).values({ id: personId, wrappedKey, createdAt, updatedAt: createdAt }).run();
    db.insert(sessions).values({ digest, personId, channel, createdAt, expiresAt }).run();
  };

  return {
    commit: (commit) => batch.join(() => writer.writeCommit(commit)),
    refuse: (refusal) => batch.join(() => writer.writeRefusal(refusal)),

    async findCase(id, known) {
      const head = known && q.findHead({ id });
      if (known && head?.seq === known.seq) return { ...known, ...head };
      const row = q.findCase({ id });
      return row && toCaseRow(row);
    },
    async findKey(scope, key) {
      const row = q.findKey({ scope, key });
      return row && toKeyRow(row);
    },
    searchCases: async (filter) => searchCases(db, filter),
    readEntries: async (caseId, kind) => q.readEntries({ caseId, kind }),
    readVault: async (caseId) => q.readVault({ caseId }),
    readLatestVault: async (caseId, toSeq = Number.MAX_SAFE_INTEGER) => q.readLatestVault({ caseId, toSeq }),
    readTasks: async (caseId) =>
      db.select().from(tasks).where(eq(tasks.caseId, caseId)).orderBy(asc(tasks.id)).all().map(toTask),

    claimTasks: (input) => batch.join(() => claim(input)),
    retryTask: (id, dueAt) =>
      batch.join(() => {
        db.update(tasks).set({ owner: null, claimableAt: dueAt }).where(eq(tasks.id, id)).run();
      }),
    finishTask: (id) =>
      batch.join(() => {
        db.delete(tasks).where(eq(tasks.id, id)).run();
      }),
    findNextDue: async () => q.nextDue({})?.at ?? undefined,
    releaseLeases: () =>
      batch.join(() => {
        db.update(tasks)
          .set({ owner: null, claimableAt: sql`${tasks.dueAt}` })
          .where(sql`${tasks.owner} is not null`)
          .run();
      }),

    createSession: (session) => batch.join(() => createSession(session)),
    async findSession(digest) {
      const row = q.findSession({ digest });
      return row && { personId: row.personId, channel: row.channel, expiresAt: row.expiresAt };
    },
    createToken: (token) =>
      batch.join(() => {
        db.insert(tokens).values(token).run();
      }),
    async findToken(digest) {
      const row = q.findToken({ digest });
      return row && { id: row.id, role: row.role as Role, name: row.name };
    },
    async findPersonKey(personId) {
      return q.findPerson({ id: personId })?.wrappedKey;
    },
    async findProfile(personId) {
      const row = q.findPerson({ id: personId });
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
          .where(eq(persons.id, personId))
          .run();
      }),

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
    .orderBy(desc(cases.openedAt), desc(cases.id))
    .limit(filter.limit + 1)
    .all()
    .map(toCaseRow);
  const page = rows.slice(0, filter.limit);
  return { rows: page, next: rows.length > filter.limit ? cursorOf(page.at(-1)) : undefined };
}

function conditionsOf(filter: CaseFilter): (SQL | undefined)[] {
  return [
    filter.owner === undefined ? undefined : eq(cases.owner, filter.owner),
    filter.matter === undefined ? undefined : eq(cases.matter, filter.matter),
    filter.openedFrom === undefined ? undefined : gte(cases.openedAt, filter.openedFrom),
    filter.openedTo === undefined ? undefined : lt(cases.openedAt, filter.openedTo),
    filter.state === undefined ? undefined : inState(filter.state),
    filter.cursor === undefined ? undefined : afterCursor(filter.cursor),
  ];
}

/** The leaf itself, or any leaf below it. */
function inState(state: string): SQL | undefined {
  return sql`(instr(${cases.leaves}, ${` ${state} `}) > 0 or instr(${cases.leaves}, ${` ${state}.`}) > 0)`;
}

function cursorOf(row: CaseRow | undefined): string | undefined {
  return row && Buffer.from(`${row.openedAt} ${row.id}`).toString('base64url');
}

/** A cursor that is not ours finds nothing. */
function afterCursor(cursor: string): SQL | undefined {
  const [, openedAt, id] =
    /^(\d{4}-\d\d-\d\dT\S+) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (openedAt === undefined || id === undefined) return sql`0`;
  return or(lt(cases.openedAt, openedAt), and(eq(cases.openedAt, openedAt), lt(cases.id, id)));
}
