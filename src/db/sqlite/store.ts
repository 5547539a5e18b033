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
import type { CaseFilter, CasePage, CaseRow, Store, Task } from '../store.ts';
import { createCommit } from './commit.ts';
import { cases, entries, keys, persons, sessions, tasks, tokens, vault } from './schema.ts';

/** The store on SQLite. better-sqlite3 answers at once; the promises are the contract's. */
export function createSqliteStore(client: Database.Database, db: BetterSQLite3Database): Store {
  const writer = createCommit(client, db);
  const q = {
    findCase: db
      .select()
      .from(cases)
      .where(eq(cases.id, placeholder('id')))
      .prepare(),
    findKey: db
      .select()
      .from(keys)
      .where(and(eq(keys.scope, placeholder('scope')), eq(keys.key, placeholder('key'))))
      .prepare(),
    readEntries: db
      .select({ bytes: entries.bytes, digest: entries.digest })
      .from(entries)
      .where(and(eq(entries.caseId, placeholder('caseId')), eq(entries.kind, placeholder('kind'))))
      .orderBy(asc(entries.seq))
      .prepare(),
    readVault: db
      .select()
      .from(vault)
      .where(eq(vault.caseId, placeholder('caseId')))
      .orderBy(asc(vault.seq))
      .prepare(),
    readLatestVault: db
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
      )
      .prepare(),
    findSession: db
      .select()
      .from(sessions)
      .where(eq(sessions.digest, placeholder('digest')))
      .prepare(),
    findToken: db
      .select()
      .from(tokens)
      .where(eq(tokens.digest, placeholder('digest')))
      .prepare(),
    findPerson: db
      .select()
      .from(persons)
      .where(eq(persons.id, placeholder('id')))
      .prepare(),
    nextDue: db
      .select({ at: sql<string | null>`min(${tasks.claimableAt})` })
      .from(tasks)
      .prepare(),
  };

  const claim = client.transaction((input: { now: string; owner: string; until: string; limit: number }) => {
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
  });

  const createSession = client.transaction((session: Parameters<Store['createSession']>[0]) => {
    const { personId, wrappedKey, createdAt, digest, channel, expiresAt } = session;
    db.insert(persons).values({ id: personId, wrappedKey, createdAt, updatedAt: createdAt }).run();
    db.insert(sessions).values({ digest, personId, channel, createdAt, expiresAt }).run();
  });

  return {
    commit: async (commit) => writer.commit(commit),
    refuse: async (refusal) => writer.refuse(refusal),

    async findCase(id) {
      const row = q.findCase.get({ id });
      return row && toCaseRow(row);
    },
    async findKey(scope, key) {
      const row = q.findKey.get({ scope, key });
      return row && toKeyRow(row);
    },
    searchCases: async (filter) => searchCases(db, filter),
    readEntries: async (caseId, kind) => q.readEntries.all({ caseId, kind }),
    readVault: async (caseId) => q.readVault.all({ caseId }),
    readLatestVault: async (caseId, toSeq = Number.MAX_SAFE_INTEGER) =>
      q.readLatestVault.all({ caseId, toSeq }),
    readTasks: async (caseId) =>
      db.select().from(tasks).where(eq(tasks.caseId, caseId)).orderBy(asc(tasks.id)).all().map(toTask),

    claimTasks: async (input): Promise<Task[]> => claim.immediate(input),
    async retryTask(id, dueAt) {
      db.update(tasks).set({ owner: null, claimableAt: dueAt }).where(eq(tasks.id, id)).run();
    },
    async finishTask(id) {
      db.delete(tasks).where(eq(tasks.id, id)).run();
    },
    findNextDue: async () => q.nextDue.get()?.at ?? undefined,
    async releaseLeases() {
      db.update(tasks)
        .set({ owner: null, claimableAt: sql`${tasks.dueAt}` })
        .where(sql`${tasks.owner} is not null`)
        .run();
    },

    createSession: async (session) => createSession.immediate(session),
    async findSession(digest) {
      const row = q.findSession.get({ digest });
      return row && { personId: row.personId, channel: row.channel, expiresAt: row.expiresAt };
    },
    async createToken(token) {
      db.insert(tokens).values(token).run();
    },
    async findToken(digest) {
      const row = q.findToken.get({ digest });
      return row && { id: row.id, role: row.role as Role, name: row.name };
    },
    async findPersonKey(personId) {
      return q.findPerson.get({ id: personId })?.wrappedKey;
    },
    async findProfile(personId) {
      const row = q.findPerson.get({ id: personId });
      const avatar =
        row?.avatarDigest && row.avatarType
          ? { digest: row.avatarDigest, mediaType: row.avatarType }
          : undefined;
      return { ...(row?.nickname ? { nickname: row.nickname } : {}), ...(avatar ? { avatar } : {}) };
    },
    async saveProfile(personId, profile, at) {
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
    },

    async count() {
      const of = (table: SQLiteTable) => db.select({ n: count() }).from(table).get()?.n ?? 0;
      return { cases: of(cases), entries: of(entries), tasks: of(tasks) };
    },
    async close() {
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
