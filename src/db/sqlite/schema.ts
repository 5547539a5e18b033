import { sql } from 'drizzle-orm';
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/**
 * A person: a random id and a wrapped key. Whoever has neither the key file nor the row reads nothing of theirs. Of an
 * erased person the id stays, because cases name it, and an empty key.
 */
export const persons = sqliteTable('persons', {
  id: text().primaryKey(),
  wrappedKey: blob('wrapped_key', { mode: 'buffer' }).notNull(),
  nickname: blob({ mode: 'buffer' }),
  avatarDigest: text('avatar_digest'),
  avatarType: text('avatar_type'),
  createdAt: text('created_at').notNull(),
  updatedAt: text('updated_at').notNull(),
});

/** Of persons who were not erased. */
export const hasKey = sql`length(${persons.wrappedKey}) > 0`;

/** Who was erased, in that order: another process then lets go of what it holds of them. */
export const erasures = sqliteTable('erasures', {
  id: integer().primaryKey(),
  personId: text('person_id')
    .notNull()
    .unique()
    .references(() => persons.id),
  reason: text().notNull(),
  at: text().notNull(),
});

/** Wrapping keys that were begun. The last is the one under which persons may be added. */
export const keyEpochs = sqliteTable('key_epochs', {
  epoch: integer().primaryKey(),
  at: text().notNull(),
});

export const sessions = sqliteTable('sessions', {
  digest: text().primaryKey(),
  personId: text('person_id')
    .notNull()
    .references(() => persons.id),
  channel: text().notNull(),
  createdAt: text('created_at').notNull(),
  expiresAt: text('expires_at').notNull(),
});

/** Bearer tokens of staff and auditors. */
export const tokens = sqliteTable('tokens', {
  digest: text().primaryKey(),
  id: text().notNull().unique(),
  role: text().notNull(),
  name: text().notNull(),
  createdAt: text('created_at').notNull(),
});

/**
 * The current row of a case. Everything in it follows from its chains. Other tables know a case by its number: rows of
 * cases that were opened together then lie together, where their random ids would spread every commit over the file.
 */
export const cases = sqliteTable(
  'cases',
  {
    no: integer().primaryKey(),
    id: text().notNull().unique(),
    matter: text().notNull(),
    machineId: text('machine_id').notNull(),
    machineVersion: text('machine_version').notNull(),
    machineDefinition: text('machine_definition').notNull(),
    owner: text()
      .notNull()
      .references(() => persons.id),
    state: text().notNull(),
    /** Active leaves, each between spaces, for searches. */
    leaves: text().notNull(),
    /** Since when it is in each of its states, JSON; '' until it was reckoned. */
    entered: text().notNull().default(''),
    /** The earliest of these. */
    enteredAt: text('entered_at').notNull().default(''),
    seq: integer().notNull(),
    head: text().notNull(),
    refusals: integer().notNull(),
    refusalHead: text('refusal_head').notNull(),
    reads: integer().notNull(),
    readHead: text('read_head').notNull(),
    openedAt: text('opened_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [
    // The number comes last in every index, by itself.
    index('cases_opened').on(table.openedAt),
    index('cases_owner').on(table.owner, table.openedAt),
    // The matter only so that counting where cases stand reads no row.
    index('cases_waiting').on(table.leaves, table.enteredAt, table.matter),
    // Empty but after an update from before there was an index.
    index('cases_unindexed').on(table.no).where(sql`entered = ''`),
    // Also the machines that cases are on, each found by one seek.
    index('cases_version').on(table.matter, table.machineVersion, table.machineDefinition),
  ],
);

/**
 * Every chain: of each case its history, its refusals and its reads, and the service's own, which belongs to no case. No row is ever
 * deleted, so `id` counts without a gap from 1: an entry's place in the log is `id` − 1. A rowid table: it
 * commits about twice as fast as WITHOUT ROWID. Triggers refuse UPDATE and DELETE.
 */
export const entries = sqliteTable(
  'entries',
  {
    id: integer().primaryKey(),
    caseNo: integer('case_no').references(() => cases.no),
    kind: text({ enum: ['accepted', 'refused', 'read', 'service'] }).notNull(),
    seq: integer().notNull(),
    bytes: text().notNull(),
    digest: text().notNull(),
  },
  (table) => [
    uniqueIndex('entries_place').on(table.caseNo, table.kind, table.seq),
    // Nothing equals NULL, so the index above does not hold the service's chain.
    uniqueIndex('entries_service').on(table.seq).where(sql`case_no is null`),
    // Effects that gave up, without reading all that went well. No commas: drizzle-kit takes one for the end of a column.
    index('entries_failed')
      .on(sql`"bytes" ->> '$.at'`, sql`"bytes" ->> '$.type'`, sql`"bytes" ->> '$.data.error.code'`)
      .where(sql`kind = 'accepted' and instr("bytes", '"type":"xstate.error.actor.') > 0`),
  ],
);

/**
 * What auditors find rare entries by: refusals, acts of staff, trials. It follows from the entries, so that it can be made anew; what
 * applicants do, and what comes of it, has no row here and costs nothing.
 */
export const tags = sqliteTable(
  'tags',
  {
    /** The entry's. */
    id: integer()
      .primaryKey()
      .references(() => entries.id),
    caseNo: integer('case_no').references(() => cases.no),
    at: text().notNull(),
    actor: text(),
    type: text(),
    code: text(),
    trial: text(),
    outcome: text({ enum: ['failed', 'passed'] }),
    /** How often a trial was failed before it was passed; the first failure counts from the pass before. */
    failures: integer(),
    left: text(),
  },
  (table) => [
    index('tags_actor').on(table.actor, table.at).where(sql`actor is not null`),
    index('tags_refused').on(table.at, table.code, table.type).where(sql`code is not null`),
    index('tags_trial').on(table.caseNo, table.trial).where(sql`trial is not null`),
    index('tags_passed').on(table.trial, table.failures).where(sql`failures is not null`),
    index('tags_left').on(table.left, table.caseNo).where(sql`"left" is not null`),
  ],
);

export const vault = sqliteTable(
  'vault',
  {
    id: integer().primaryKey(),
    caseNo: integer('case_no')
      .notNull()
      .references(() => cases.no),
    seq: integer().notNull(),
    field: text().notNull(),
    digest: text().notNull(),
    sealed: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [index('vault_case').on(table.caseNo, table.seq)],
);

export const tasks = sqliteTable(
  'tasks',
  {
    /** Follows from its entry's, which is never given again: nor is this, so a late result cannot meet another's row. */
    id: integer().primaryKey(),
    caseNo: integer('case_no')
      .notNull()
      .references(() => cases.no),
    kind: text({ enum: ['effect', 'timer', 'action'] }).notNull(),
    ref: text().notNull(),
    name: text().notNull(),
    key: text().notNull(),
    input: text().notNull(),
    dueAt: text('due_at').notNull(),
    attempts: integer().notNull(),
    owner: text(),
    /** The earliest moment anyone may claim it: due, and no lease running. */
    claimableAt: text('claimable_at').notNull(),
  },
  (table) => [
    unique('tasks_ref').on(table.caseNo, table.ref),
    index('tasks_claimable').on(table.claimableAt),
    // What is wanted from outside: timers are many, and wait for their time alone.
    index('tasks_work').on(table.dueAt).where(sql`kind <> 'timer'`),
  ],
);

export const keys = sqliteTable(
  'keys',
  {
    scope: text().notNull(),
    key: text().notNull(),
    caseNo: integer('case_no')
      .notNull()
      .references(() => cases.no),
    event: text().notNull(),
    fields: text().notNull(),
    seq: integer().notNull(),
    waitMs: integer('wait_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] })],
);

/** What is counted against limits. Subjects are keyed digests. */
export const marks = sqliteTable(
  'marks',
  {
    id: integer().primaryKey(),
    scope: text().notNull(),
    subject: text().notNull(),
    at: text().notNull(),
  },
  (table) => [
    index('marks_subject').on(table.scope, table.subject, table.at),
    index('marks_at').on(table.at),
  ],
);

/** Rights that one open case holds alone. */
export const claims = sqliteTable(
  'claims',
  {
    scope: text().notNull(),
    subject: text().notNull(),
    caseNo: integer('case_no')
      .notNull()
      .references(() => cases.no),
  },
  (table) => [primaryKey({ columns: [table.scope, table.subject] }), index('claims_case').on(table.caseNo)],
);

/** The keyed index from an ID number to persons and cases: outside the history, gone when the person is erased. */
export const subjects = sqliteTable(
  'subjects',
  {
    subject: text().notNull(),
    caseNo: integer('case_no')
      .notNull()
      .references(() => cases.no),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.caseNo] }),
    index('subjects_person').on(table.personId),
  ],
);
