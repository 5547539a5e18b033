import type Database from 'better-sqlite3';
import { and, asc, desc, eq, gt, placeholder, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Limit, NewTask } from '../../engine/types.ts';
import { toCaseColumns } from '../rows.ts';
import type { Commit, CommitOutcome, Refusal, Task } from '../store.ts';
import { cases, claims, entries, keys, marks, subjects, tasks, vault } from './schema.ts';
import { compileGet, compileRun } from './statements.ts';

/** Statements of the write path, prepared once: unprepared they cost eight times as much. */
function prepare(client: Database.Database, db: BetterSQLite3Database) {
  const run = (query: Parameters<typeof compileRun>[1]) => compileRun(client, query);
  const p = placeholder;
  const caseValues = {
    state: p('state'),
    leaves: p('leaves'),
    seq: p('seq'),
    head: p('head'),
    updatedAt: p('updatedAt'),
  };
  return {
    insertCase: run(
      db.insert(cases).values({
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
      }),
    ),
    updateCase: run(
      db
        .update(cases)
        // Placeholders in set() are not typed; the names are those of the row.
        .set({
          state: sql`${p('state')}`,
          leaves: sql`${p('leaves')}`,
          seq: sql`${p('seq')}`,
          head: sql`${p('head')}`,
          updatedAt: sql`${p('updatedAt')}`,
        })
        .where(and(eq(cases.id, p('id')), eq(cases.seq, p('previousSeq')))),
    ),
    updateRefusals: run(
      db
        .update(cases)
        .set({ refusals: sql`${p('number')}`, refusalHead: sql`${p('digest')}` })
        .where(and(eq(cases.id, p('caseId')), eq(cases.refusals, p('previous')))),
    ),
    insertEntry: run(
      db.insert(entries).values({
        caseId: p('caseId'),
        kind: p('kind'),
        seq: p('seq'),
        bytes: p('bytes'),
        digest: p('digest'),
      }),
    ),
    insertVault: run(
      db.insert(vault).values({
        caseId: p('caseId'),
        seq: p('seq'),
        field: p('field'),
        digest: p('digest'),
        sealed: p('sealed'),
      }),
    ),
    insertTask: run(
      db.insert(tasks).values({
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
      }),
    ),
    deleteTask: run(db.delete(tasks).where(eq(tasks.id, p('id')))),
    deleteTaskByRef: run(db.delete(tasks).where(and(eq(tasks.caseId, p('caseId')), eq(tasks.ref, p('ref'))))),
    insertKey: run(
      db.insert(keys).values({
        scope: p('scope'),
        key: p('key'),
        caseId: p('caseId'),
        event: p('event'),
        fields: p('fields'),
        seq: p('seq'),
        waitMs: p('waitMs'),
      }),
    ),
    /** The mark that must leave the window before there is room: the `max`-th from the newest. */
    findLastAllowed: compileGet(
      client,
      db
        .select({ at: marks.at })
        .from(marks)
        .where(and(eq(marks.scope, p('scope')), eq(marks.subject, p('subject')), gt(marks.at, p('since'))))
        .orderBy(desc(marks.at))
        .limit(1)
        .offset(p('before')),
    ),
    insertMark: run(db.insert(marks).values({ scope: p('scope'), subject: p('subject'), at: p('at') })),
    findClaim: compileGet(
      client,
      db
        .select({ caseId: claims.caseId })
        .from(claims)
        .where(and(eq(claims.scope, p('scope')), eq(claims.subject, p('subject'))))
        .orderBy(asc(claims.caseId)),
    ),
    insertClaim: run(
      db
        .insert(claims)
        .values({ scope: p('scope'), subject: p('subject'), caseId: p('caseId') })
        .onConflictDoNothing(),
    ),
    deleteClaims: run(db.delete(claims).where(eq(claims.caseId, p('caseId')))),
    insertSubject: run(
      db
        .insert(subjects)
        .values({ subject: p('subject'), caseId: p('caseId'), personId: p('personId') })
        .onConflictDoNothing(),
    ),
    findTask: compileGet(
      client,
      db
        .select({ id: tasks.id })
        .from(tasks)
        .where(eq(tasks.id, p('id'))),
    ),
    findKey: compileGet(
      client,
      db
        .select({ seq: keys.seq })
        .from(keys)
        .where(and(eq(keys.scope, p('scope')), eq(keys.key, p('key')))),
    ),
  };
}

/** The write of an accepted event, and that of a refusal: each runs inside a transaction that it shares. */
export function createWriter(client: Database.Database, db: BetterSQLite3Database) {
  const q = prepare(client, db);

  /** Everything that can refuse comes before the first row that is changed, so that nothing is ever undone. */
  function writeCommit(commit: Commit): CommitOutcome {
    const refused = findRefusal(commit);
    if (refused) return refused;
    if (!writeCase(commit)) return { kind: 'seq-taken' };
    const { id: caseId, seq } = commit.row;
    if (commit.settles !== undefined) q.deleteTask({ id: commit.settles });
    if (commit.key) q.insertKey({ ...commit.key, fields: JSON.stringify(commit.key.fields) });
    for (const mark of commit.marks) q.insertMark({ ...mark, at: commit.at });
    if (commit.claim) q.insertClaim({ ...commit.claim, caseId });
    if (commit.row.state.status === 'done') q.deleteClaims({ caseId });
    if (commit.subject) q.insertSubject({ subject: commit.subject, caseId, personId: commit.row.owner });
    q.insertEntry({ caseId, kind: 'accepted', seq, ...commit.entry });
    for (const value of commit.vault) q.insertVault({ caseId, seq, ...value });
    for (const ref of commit.cancel) q.deleteTaskByRef({ caseId, ref });
    return { kind: 'committed', tasks: commit.start.map((task) => writeTask(task, commit)) };
  }

  function findRefusal(commit: Commit): CommitOutcome | undefined {
    if (commit.settles !== undefined && !q.findTask({ id: commit.settles })) return { kind: 'task-gone' };
    if (commit.key && q.findKey(commit.key)) return { kind: 'key-used' };
    for (const limit of commit.limits) {
      const reached = findReached(limit, commit.at);
      if (reached) return reached;
    }
    const holder = commit.claim && q.findClaim(commit.claim)?.caseId;
    if (holder !== undefined && holder !== commit.row.id) return { kind: 'claim-taken', caseId: holder };
    return undefined;
  }

  function findReached(limit: Limit, at: string): CommitOutcome | undefined {
    const now = Date.parse(at);
    const since = new Date(now - limit.windowMs).toISOString();
    const { scope, subject, max } = limit;
    const found = q.findLastAllowed({ scope, subject, since, before: max - 1 });
    if (!found) return undefined;
    const freeAt = Date.parse(found.at) + limit.windowMs;
    return { kind: 'limited', limit, retryAfterSeconds: Math.max(1, Math.ceil((freeAt - now) / 1000)) };
  }

  /** False when the seq was taken by another event. */
  function writeCase({ row }: Commit): boolean {
    const columns = toCaseColumns(row);
    if (row.seq > 1) return q.updateCase({ ...columns, previousSeq: row.seq - 1 }).changes === 1;
    q.insertCase(columns);
    return true;
  }

  function writeTask(task: NewTask, commit: Commit): Task {
    const held = task.kind === 'timer' ? undefined : commit.lease;
    const attempts = held ? 1 : 0;
    const { lastInsertRowid } = q.insertTask({
      ...task,
      caseId: commit.row.id,
      input: JSON.stringify(task.input),
      attempts,
      owner: held?.owner ?? null,
      claimableAt: held?.until ?? task.dueAt,
    });
    return { ...task, id: Number(lastInsertRowid), caseId: commit.row.id, attempts };
  }

  function writeRefusal({ caseId, number, entry }: Refusal): boolean {
    const { changes } = q.updateRefusals({ caseId, number, previous: number - 1, digest: entry.digest });
    if (changes === 0) return false;
    q.insertEntry({ caseId, kind: 'refused', seq: number, ...entry });
    return true;
  }

  return { writeCommit, writeRefusal };
}
