import type Database from 'better-sqlite3';
import { and, count, eq, gt, placeholder, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Tags } from '../../engine/types.ts';
import { tags } from './schema.ts';
import { compileGet, compileRun } from './statements.ts';

/** Writes what an entry is found by; `id` is the entry's. */
export type TagWriter = (id: number, caseNo: number | null, found: Tags) => void;

export function createTagWriter(client: Database.Database, db: BetterSQLite3Database): TagWriter {
  const p = placeholder;
  const insert = compileRun(
    client,
    db.insert(tags).values({
      id: p('id'),
      caseNo: p('caseNo'),
      at: p('at'),
      actor: p('actor'),
      type: p('type'),
      code: p('code'),
      trial: p('trial'),
      outcome: p('outcome'),
      failures: p('failures'),
      left: p('left'),
    }),
  );
  const countFailures = compileGet(client, selectFailures(db));
  return (id, caseNo, found) => {
    const { at, actor = null, type = null, code = null, left = null, ...tried } = found;
    const { trial = null, outcome = null } = tried;
    const failures = outcome === 'passed' ? (countFailures({ caseNo, trial })?.n ?? 0) : null;
    if (failures !== 0) insert({ id, caseNo, at, actor, type, code, trial, outcome, failures, left });
    // A pass that nothing was failed before is no rarity; who passed it may be.
    else if (actor !== null || left !== null)
      insert({ id, caseNo, at, actor, type, code, left, trial: null, outcome: null, failures: null });
  };
}

/** How often a trial of a case was failed since it was last passed after a failure. */
function selectFailures(db: BetterSQLite3Database) {
  const ofTrial = and(eq(tags.caseNo, placeholder('caseNo')), eq(tags.trial, sql`${placeholder('trial')}`));
  const lastPass = db
    .select({ id: sql`coalesce(max(${tags.id}), 0)` })
    .from(tags)
    .where(and(ofTrial, eq(tags.outcome, 'passed')));
  return db
    .select({ n: count() })
    .from(tags)
    .where(and(ofTrial, eq(tags.outcome, 'failed'), gt(tags.id, lastPass)));
}
