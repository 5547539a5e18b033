import type Database from 'better-sqlite3';
import { and, eq, lte, placeholder, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Entered } from '../../engine/types.ts';
import { toCaseRow } from '../rows.ts';
import type { QuestionStore, WaitingFilter } from '../store.ts';
import { pageOf, readCursor } from './cursor.ts';
import { cases } from './schema.ts';
import { compileGet } from './statements.ts';

interface Found {
  no: number;
  enteredAt: string;
  since: string;
}

/**
 * Cases that are in a state for long. The few different sets of active leaves that there are come first, one step in the
 * index for each; then, set by set, those cases that entered something early enough, the earliest first.
 */
export function createWaitingSearch(
  client: Database.Database,
  db: BetterSQLite3Database,
): QuestionStore['searchWaiting'] {
  const p = placeholder;
  const nextLeaves = compileGet(
    client,
    db
      .select({ leaves: sql<string | null>`min(${cases.leaves})` })
      .from(cases)
      .where(sql`${cases.leaves} > ${p('after')}`),
  );
  const findCase = compileGet(
    client,
    db
      .select()
      .from(cases)
      .where(eq(cases.no, p('no'))),
  );
  const early = db
    .select({ no: cases.no, enteredAt: cases.enteredAt, entered: cases.entered, matter: cases.matter })
    .from(cases)
    .where(
      and(
        eq(cases.leaves, p('leaves')),
        lte(cases.enteredAt, p('before')),
        sql`(${cases.enteredAt}, ${cases.no}) > (${p('afterAt')}, ${p('afterNo')})`,
      ),
    )
    .orderBy(cases.enteredAt, cases.no)
    .toSQL();
  const readEarly = client.prepare(early.sql).raw();

  function listLeaves(state: string): string[] {
    const found: string[] = [];
    for (let after = ''; ; ) {
      const leaves = nextLeaves({ after })?.leaves;
      if (!leaves) return found;
      if (leaves.includes(` ${state} `) || leaves.includes(` ${state}.`)) found.push(leaves);
      after = leaves;
    }
  }

  /** Of one set of leaves. Whoever is in one state for long may be in another since just now. */
  function findEarly(leaves: string, filter: WaitingFilter, after: [at: string, no: number]): Found[] {
    const found: Found[] = [];
    const rows = readEarly.iterate(leaves, filter.before, ...after) as Iterable<
      [number, string, string, string]
    >;
    for (const [no, enteredAt, entered, matter] of rows) {
      const since = (JSON.parse(entered) as Entered)[filter.state];
      const wanted = filter.matter === undefined || filter.matter === matter;
      if (wanted && since !== undefined && since <= filter.before) found.push({ no, enteredAt, since });
      if (found.length > filter.limit) break;
    }
    return found;
  }

  return async (filter) => {
    const after = placeOf(filter.cursor);
    const found = after ? listLeaves(filter.state).flatMap((leaves) => findEarly(leaves, filter, after)) : [];
    const ordered = found
      .toSorted((a, b) => compareText(a.enteredAt, b.enteredAt) || a.no - b.no)
      .slice(0, filter.limit + 1);
    return pageOf(
      ordered,
      filter.limit,
      (last) => [last.enteredAt, last.no],
      ({ no, since }) => {
        const row = findCase({ no });
        if (!row) throw new Error(`case ${no} went away`);
        return { row: toCaseRow(row), since };
      },
    );
  };
}

function placeOf(cursor: string | undefined): [string, number] | undefined {
  if (cursor === undefined) return ['', 0];
  const [at, no] = readCursor(cursor, /^(\d{4}-\d\d-\d\dT\S+) (\d{1,15})$/) ?? [];
  return at === undefined ? undefined : [at, Number(no)];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
