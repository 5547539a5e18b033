import type Database from 'better-sqlite3';
import { and, asc, desc, eq, gt, placeholder, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Limit, NewTask } from '../../engine/types.ts';
import { toCaseColumns } from '../rows.ts';
import type { Commit, CommitOutcome, Task } from '../store.ts';
import { cases, claims, entries, keys, marks, subjects, tasks, vault } from './schema.ts';

/** Statements of the write path, prepared once: unprepared they cost eight times as much. */
function prepare(db: BetterSQLite3Database) {
  const p = placeholder;
  const caseValues = {
    state: p('state'),
    leaves: p('leaves'),
    seq: p('seq'),
    head: p('head'),
    updatedAt: p('updatedAt'),
  };
  return {
    insertCase: db
      .insert(cases)
      .values({
        ...caseValues,
        id: p('id'),
        matter: p('matter'),
        machineId: p('machineId'),
        machineVersion: p('machineVersion'),
        machineDefinition: p('machineDefinition'),
        owner: p('owner'),
        refusals: p('refusals'),
        refusalHead: p('refusalHead'),
        openedAt: p('openedAt'),
      })
      .prepare(),
    updateCase: db
      .update(cases)
      // Placeholders in set() are not typed; the names are those of the row.
      .set({
        state: sql`${p('state')}`,
        leaves: sql`${p('leaves')}`,
        seq: sql`${p('seq')}`,
        head: sql`${p('head')}`,
        updatedAt: sql`${p('updatedAt')}`,
      })
      .where(and(eq(cases.id, p('id')), eq(cases.seq, p('previousSeq'))))
      .prepare(),
    updateRefusals: db
      .update(cases)
      .set({ refusals: sql`${p('number')}`, refusalHead: sql`${p('digest')}` })
      .where(and(eq(cases.id, p('caseId')), eq(cases.refusals, p('previous'))))
      .prepare(),
    insertEntry: db
      .insert(entries)
      .values({
        caseId: p('caseId'),
        kind: p('kind'),
        seq: p('seq'),
        bytes: p('bytes'),
        digest: p('digest'),
      })
      .prepare(),
    insertVault: db
      .insert(vault)
      .values({
        caseId: p('caseId'),
        seq: p('seq'),
        field: p('field'),
        digest: p('digest'),
        sealed: p('sealed'),
      })
      .prepare(),
    insertTask: db
      .insert(tasks)
      .values({
        caseId: p('caseId'),
        kind: p('kind'),
        ref: p('ref'),
        name: p('name'),
        key: p('key'),
        input: p('input'),
        dueAt: p('dueAt'),
        attempts: p('attempts'),
        owner: p('owner'),
        claimableAt: p('claimableAt'),
      })
      .returning({ id: tasks.id })
      .prepare(),
    deleteTask: db
      .delete(tasks)
      .where(eq(tasks.id, p('id')))
      .prepare(),
    deleteTaskByRef: db
      .delete(tasks)
      .where(and(eq(tasks.caseId, p('caseId')), eq(tasks.ref, p('ref'))))
      .prepare(),
    insertKey: db
      .insert(keys)
      .values({
        scope: p('scope'),
        key: p('key'),
        caseId: p('caseId'),
        event: p('event'),
        fields: p('fields'),
        seq: p('seq'),
        waitMs: p('waitMs'),
      })
      .onConflictDoNothing()
      .prepare(),
    /** The mark that must leave the window before there is room: the `max`-th from the newest. */
    findLastAllowed: db
      .select({ at: marks.at })
      .from(marks)
      .where(and(eq(marks.scope, p('scope')), eq(marks.subject, p('subject')), gt(marks.at, p('since'))))
      .orderBy(desc(marks.at))
      .limit(1)
      .offset(p('before'))
      .prepare(),
    insertMark: db
      .insert(marks)
      .values({ scope: p('scope'), subject: p('subject'), at: p('at') })
      .prepare(),
    findClaim: db
      .select({ caseId: claims.caseId })
      .from(claims)
      .where(and(eq(claims.scope, p('scope')), eq(claims.subject, p('subject'))))
      .orderBy(asc(claims.caseId))
      .prepare(),
    insertClaim: db
      .insert(claims)
      .values({ scope: p('scope'), subject: p('subject'), caseId: p('caseId') })
      .onConflictDoNothing()
      .prepare(),
    deleteClaims: db
      .delete(claims)
      .where(eq(claims.caseId, p('caseId')))
      .prepare(),
    insertSubject: db
      .insert(subjects)
      .values({ subject: p('subject'), caseId: p('caseId'), personId: p('personId') })
      .onConflictDoNothing()
      .prepare(),
  };
}

/** Undoes the transaction under way and says why. */
class Undone extends Error {
  readonly outcome: CommitOutcome;
  constructor(outcome: CommitOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** The one transaction in which an accepted event is written, and the one in which a refusal is. */
export function createCommit(client: Database.Database, db: BetterSQLite3Database) {
  const q = prepare(db);

  function write(commit: Commit): CommitOutcome {
    if (commit.settles !== undefined && q.deleteTask.run({ id: commit.settles }).changes === 0) {
      throw new Undone({ kind: 'task-gone' });
    }
    writeCase(commit);
    if (commit.key) writeKey(commit.key);
    for (const limit of commit.limits) checkLimit(limit, commit.at);
    for (const mark of commit.marks) q.insertMark.run({ ...mark, at: commit.at });
    if (commit.claim) writeClaim(commit.claim, commit.row.id);
    if (commit.row.state.status === 'done') q.deleteClaims.run({ caseId: commit.row.id });
    if (commit.subject) writeSubject(commit.subject, commit);
    const { id: caseId, seq } = commit.row;
    q.insertEntry.run({ caseId, kind: 'accepted', seq, ...commit.entry });
    for (const value of commit.vault) q.insertVault.run({ caseId, seq, ...value });
    for (const ref of commit.cancel) q.deleteTaskByRef.run({ caseId, ref });
    return { kind: 'committed', tasks: commit.start.map((task) => writeTask(task, commit)) };
  }

  function writeCase({ row }: Commit): void {
    const columns = toCaseColumns(row);
    if (row.seq === 1) {
      q.insertCase.run({ ...columns });
      return;
    }
    const { changes } = q.updateCase.run({ ...columns, previousSeq: row.seq - 1 });
    if (changes === 0) throw new Undone({ kind: 'seq-taken' });
  }

  function writeKey(key: NonNullable<Commit['key']>): void {
    const { changes } = q.insertKey.run({ ...key, fields: JSON.stringify(key.fields) });
    if (changes === 0) throw new Undone({ kind: 'key-used' });
  }

  function checkLimit(limit: Limit, at: string): void {
    const now = Date.parse(at);
    const since = new Date(now - limit.windowMs).toISOString();
    const { scope, subject, max } = limit;
    const found = q.findLastAllowed.get({ scope, subject, since, before: max - 1 });
    if (!found) return;
    const freeAt = Date.parse(found.at) + limit.windowMs;
    const retryAfterSeconds = Math.max(1, Math.ceil((freeAt - now) / 1000));
    throw new Undone({ kind: 'limited', limit, retryAfterSeconds });
  }

  function writeClaim(claim: NonNullable<Commit['claim']>, caseId: string): void {
    if (q.insertClaim.run({ ...claim, caseId }).changes === 1) return;
    const holder = q.findClaim.get({ ...claim })?.caseId;
    if (holder !== undefined && holder !== caseId) throw new Undone({ kind: 'claim-taken', caseId: holder });
  }

  function writeSubject(subject: string, { row }: Commit): void {
    q.insertSubject.run({ subject, caseId: row.id, personId: row.owner });
  }

  function writeTask(task: NewTask, commit: Commit): Task {
    const held = task.kind === 'timer' ? undefined : commit.lease;
    const attempts = held ? 1 : 0;
    const row = q.insertTask.get({
      ...task,
      caseId: commit.row.id,
      input: JSON.stringify(task.input),
      attempts,
      owner: held?.owner ?? null,
      claimableAt: held?.until ?? task.dueAt,
    });
    return { ...task, id: row.id, caseId: commit.row.id, attempts };
  }

  function writeRefusal(refusal: {
    caseId: string;
    number: number;
    entry: { bytes: string; digest: string };
  }): boolean {
    const { caseId, number, entry } = refusal;
    const { changes } = q.updateRefusals.run({ caseId, number, previous: number - 1, digest: entry.digest });
    if (changes === 0) return false;
    q.insertEntry.run({ caseId, kind: 'refused', seq: number, ...entry });
    return true;
  }

  const inTransaction = client.transaction(write);
  const refuseInTransaction = client.transaction(writeRefusal);
  return {
    commit(commit: Commit): CommitOutcome {
      try {
        return inTransaction.immediate(commit);
      } catch (error) {
        if (error instanceof Undone) return error.outcome;
        throw error;
      }
    },
    refuse: (refusal: Parameters<typeof writeRefusal>[0]) => refuseInTransaction.immediate(refusal),
  };
}
