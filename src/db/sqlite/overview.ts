import { and, asc, count, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { toTask } from '../rows.ts';
import type { OverviewStore, Period, StandingCount, WorkCount } from '../store.ts';
import { cases, entries, tasks } from './schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Written out, as in the index: a partial index is not found for a value that is bound. */
const IS_WORK = sql`kind <> 'timer'`;

/** Every count reads an index and no row of a case; of work there is as much as is under way. */
export function createOverview(db: BetterSQLite3Database): OverviewStore {
  return {
    countOpened: async (period) =>
      db
        .select({ day: dayOf(cases.openedAt), cases: count() })
        .from(cases)
        .where(within(cases.openedAt, period))
        .groupBy(dayOf(cases.openedAt))
        .all(),
    countReached: async (period) =>
      db
        .select({ matter: cases.matter, leaves: cases.leaves, day: dayOf(cases.enteredAt), cases: count() })
        .from(cases)
        .where(within(cases.enteredAt, period))
        .groupBy(cases.matter, cases.leaves, dayOf(cases.enteredAt))
        .orderBy(dayOf(cases.enteredAt))
        .all()
        .map(withStates),
    countStanding: async (now) => countStanding(db, now),
    countFailures: async (period) => countFailures(db, period),
    countWork: async () => countWork(db),
    listOldestWork: async (limit) =>
      db
        .select({ task: tasks, caseId: cases.id })
        .from(tasks)
        .innerJoin(cases, eq(cases.no, tasks.caseNo))
        .where(IS_WORK)
        .orderBy(asc(tasks.dueAt), asc(tasks.id))
        .limit(limit)
        .all()
        .map(({ task, caseId }) => toTask({ ...task, caseId })),
  };
}

/** China has kept one time, eight hours ahead, since 1991. */
function dayOf(time: SQLiteColumn | SQL): SQL<string> {
  return sql<string>`date(${time}, '+8 hours')`;
}

function within(time: SQLiteColumn, { from, to }: Period): SQL | undefined {
  return and(gte(time, from), lt(time, to));
}

function withStates<Row extends { leaves: string }>({ leaves, ...row }: Row) {
  return { ...row, states: leaves.trim().split(' ') };
}

function countStanding(db: BetterSQLite3Database, now: string): StandingCount[] {
  const ago = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  const since = (ms: number) => sql<number>`sum(${cases.enteredAt} >= ${ago(ms)})`;
  return db
    .select({
      matter: cases.matter,
      leaves: cases.leaves,
      cases: count(),
      since: sql<string>`min(${cases.enteredAt})`,
      hour: since(HOUR_MS),
      day: since(DAY_MS),
      week: since(7 * DAY_MS),
    })
    .from(cases)
    .groupBy(cases.matter, cases.leaves)
    .orderBy(desc(count()), cases.leaves)
    .all()
    .map(({ hour, day, week, ...row }) => ({
      ...withStates(row),
      ages: { hour, day: day - hour, week: week - day, older: row.cases - week },
    }));
}

/** An index holds these entries alone: what it tells them by could only stand in a form's own field `type` beside them. */
function countFailures(db: BetterSQLite3Database, { from, to }: Period) {
  const [at, type] = [sql`"bytes" ->> '$.at'`, sql<string>`"bytes" ->> '$.type'`];
  const code = sql<string>`coalesce("bytes" ->> '$.data.error.code', 'unknown')`;
  return db
    .select({ day: dayOf(at), type, code, times: count() })
    .from(entries)
    .where(
      sql`kind = 'accepted' and instr("bytes", '"type":"xstate.error.actor.') > 0 and ${at} >= ${from} and ${at} < ${to} and ${type} like 'xstate.error.actor.%'`,
    )
    .groupBy(dayOf(at), type, code)
    .orderBy(dayOf(at), type, code)
    .all();
}

function countWork(db: BetterSQLite3Database): WorkCount[] {
  return db
    .select({
      name: tasks.name,
      kind: sql<WorkCount['kind']>`${tasks.kind}`,
      tasks: count(),
      retried: sql<number>`sum(${tasks.attempts} > 1 or (${tasks.attempts} = 1 and ${tasks.owner} is null))`,
      attempts: sql<number>`max(${tasks.attempts})`,
      since: sql<string>`min(${tasks.dueAt})`,
    })
    .from(tasks)
    .where(IS_WORK)
    .groupBy(tasks.kind, tasks.name)
    .orderBy(desc(count()), tasks.name)
    .all();
}
