import type Database from 'better-sqlite3';
import { and, desc, eq, gt, isNull, placeholder, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { stateText } from '../../engine/entry.ts';
import type { Limit, NewTask, StoredEntry, Tags } from '../../engine/types.ts';
import { type CaseColumns, toCaseColumns } from '../rows.ts';
import type { ChainKind, Commit, CommitOutcome, SideEntry, Task } from '../store.ts';
import { cases, claims, entries, hasKey, keys, marks, persons, subjects, tasks, vault } from './schema.ts';
import { compileChange, compileGet, compileRun } from './statements.ts';
import { createTagWriter } from './tags.ts';

/** Statements of the write path, prepared once: unprepared they cost eight times as much. */
function prepare(client: Database.Database, db: BetterSQLite3Database) {
  const run = (query: Parameters<typeof compileRun>[1]) => compileRun(client, query);
  const p = placeholder;
  const caseValues = {
    state: p('state'),
    leaves: p('leaves'),
    entered: p('entered'),
    enteredAt: p('enteredAt'),
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
        reads: p('reads'),
        readHead: p('readHead'),
        openedAt: p('openedAt'),
      }),
    ),
    updateCase: compileChange(client, updateCase(db, ['state', 'seq', 'head', 'updatedAt'])),
    /** What is named is indexed anew, whether it changed or not: hence two of them. */
    updateCaseStates: compileChange(
      client,
      updateCase(db, ['state', 'leaves', 'entered', 'enteredAt', 'seq', 'head', 'updatedAt']),
    ),
    moveCase: run(
      db
        .update(cases)
        .set({
          machineId: sql`${p('machineId')}`,
          machineVersion: sql`${p('machineVersion')}`,
          machineDefinition: sql`${p('machineDefinition')}`,
        })
        .where(eq(cases.no, p('caseNo'))),
    ),
    updateRefusals: compileChange(
      client,
      db
        .update(cases)
        .set({ refusals: sql`${p('number')}`, refusalHead: sql`${p('digest')}` })
        .where(and(eq(cases.id, p('caseId')), eq(cases.refusals, p('previous'))))
        .returning({ no: cases.no }),
    ),
    updateReads: compileChange(
      client,
      db
        .update(cases)
        .set({ reads: sql`${p('number')}`, readHead: sql`${p('digest')}` })
        .where(and(eq(cases.id, p('caseId')), eq(cases.reads, p('previous'))))
        .returning({ no: cases.no }),
    ),
    insertEntry: run(
      db.insert(entries).values({
        caseNo: p('caseNo'),
        kind: p('kind'),
        seq: p('seq'),
        bytes: p('bytes'),
        digest: p('digest'),
      }),
    ),
    insertVault: run(
      db.insert(vault).values({
        caseNo: p('caseNo'),
        seq: p('seq'),
        field: p('field'),
        digest: p('digest'),
        sealed: p('sealed'),
      }),
    ),
    insertTask: run(
      db.insert(tasks).values({
        id: p('id'),
        caseNo: p('caseNo'),
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
    deleteTaskByRef: run(db.delete(tasks).where(and(eq(tasks.caseNo, p('caseNo')), eq(tasks.ref, p('ref'))))),
    insertKey: run(
      db.insert(keys).values({
        scope: p('scope'),
        key: p('key'),
        caseNo: p('caseNo'),
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
        .select({ caseId: cases.id })
        .from(claims)
        .innerJoin(cases, eq(cases.no, claims.caseNo))
        .where(and(eq(claims.scope, p('scope')), eq(claims.subject, p('subject')))),
    ),
    insertClaim: run(
      db
        .insert(claims)
        .values({ scope: p('scope'), subject: p('subject'), caseNo: p('caseNo') })
        .onConflictDoNothing(),
    ),
    deleteClaims: run(db.delete(claims).where(eq(claims.caseNo, p('caseNo')))),
    insertSubject: run(
      db
        .insert(subjects)
        .values({ subject: p('subject'), caseNo: p('caseNo'), personId: p('personId') })
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
    /** Whoever was erased while a case of theirs was being opened has no key any more. */
    findPerson: compileGet(
      client,
      db
        .select({ id: persons.id })
        .from(persons)
        .where(and(eq(persons.id, p('id')), hasKey)),
    ),
    findServiceHead: compileGet(client, selectServiceHead(db)),
  };
}

/** Nothing comes back where another event took the seq. Placeholders in set() are not typed; the names are those of the row. */
function updateCase(db: BetterSQLite3Database, columns: (keyof CaseColumns)[]) {
  return db
    .update(cases)
    .set(Object.fromEntries(columns.map((name) => [name, sql`${placeholder(name)}`])))
    .where(and(eq(cases.id, placeholder('id')), eq(cases.seq, placeholder('previousSeq'))))
    .returning({ no: cases.no });
}

/** By case, kind and seq, as the index has them: by the case alone SQLite would sort the whole chain for its last entry. */
export const ofService = and(isNull(entries.caseNo), eq(entries.kind, 'service'));

/** The last entry of the chain that belongs to no case. */
export function selectServiceHead(db: BetterSQLite3Database) {
  return db
    .select({ seq: entries.seq, head: entries.digest })
    .from(entries)
    .where(ofService)
    .orderBy(desc(entries.seq))
    .limit(1);
}

/** Ids of tasks leave room for so many of one entry. */
const TASKS_OF_ENTRY = 256;

/** What is written of events: each write runs inside a transaction that it shares. */
export function createWriter(client: Database.Database, db: BetterSQLite3Database) {
  const q = prepare(client, db);
  const writeTags = createTagWriter(client, db);

  /** Everything that can refuse comes before the first row that is changed, so that nothing is ever undone. */
  function writeCommit(commit: Commit): CommitOutcome {
    const refused = findRefusal(commit);
    if (refused) return refused;
    const caseNo = writeCase(commit);
    if (caseNo === undefined) return { kind: 'seq-taken' };
    if (commit.moves) q.moveCase({ ...toCaseColumns(commit.row), caseNo });
    const { seq } = commit.row;
    if (commit.settles !== undefined) q.deleteTask({ id: commit.settles });
    if (commit.key) q.insertKey({ ...commit.key, caseNo, fields: JSON.stringify(commit.key.fields) });
    for (const mark of commit.marks) q.insertMark({ ...mark, at: commit.at });
    if (commit.claim) q.insertClaim({ ...commit.claim, caseNo });
    if (commit.row.state.status === 'done') q.deleteClaims({ caseNo });
    if (commit.subject) q.insertSubject({ subject: commit.subject, caseNo, personId: commit.row.owner });
    const entryId = writeEntry(caseNo, 'accepted', seq, commit.entry, commit.tags);
    for (const value of commit.vault) q.insertVault({ caseNo, seq, ...value });
    for (const ref of commit.cancel) q.deleteTaskByRef({ caseNo, ref });
    return { kind: 'committed', tasks: writeTasks(commit, caseNo, entryId) };
  }

  function findRefusal(commit: Commit): CommitOutcome | undefined {
    if (commit.settles !== undefined && !q.findTask({ id: commit.settles })) return { kind: 'task-gone' };
    if (commit.key && q.findKey(commit.key)) return { kind: 'key-used' };
    if (commit.row.seq === 1 && !q.findPerson({ id: commit.row.owner })) return { kind: 'person-erased' };
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

  /** The case's number; undefined when the seq was taken by another event. */
  function writeCase({ row, changesStates }: Commit): number | undefined {
    if (row.seq > 1 && !changesStates)
      return q.updateCase({ ...row, state: stateText(row.state), previousSeq: row.seq - 1 });
    const columns = toCaseColumns(row);
    if (row.seq > 1) return q.updateCaseStates({ ...columns, previousSeq: row.seq - 1 });
    return Number(q.insertCase(columns).lastInsertRowid);
  }

  function writeEntry(
    caseNo: number | null,
    kind: ChainKind,
    seq: number,
    entry: StoredEntry,
    found: Tags | undefined,
  ): number {
    const id = Number(q.insertEntry({ caseNo, kind, seq, ...entry }).lastInsertRowid);
    if (found) writeTags(id, caseNo, found);
    return id;
  }

  function writeTasks(commit: Commit, caseNo: number, entryId: number): Task[] {
    if (commit.start.length > TASKS_OF_ENTRY) throw new RangeError('more tasks than ids for one entry');
    return commit.start.map((task, index) =>
      writeTask(task, commit, caseNo, entryId * TASKS_OF_ENTRY + index),
    );
  }

  function writeTask(task: NewTask, commit: Commit, caseNo: number, id: number): Task {
    const held = task.kind === 'timer' ? undefined : commit.lease;
    const attempts = held ? 1 : 0;
    q.insertTask({
      ...task,
      id,
      caseNo,
      input: JSON.stringify(task.input),
      attempts,
      owner: held?.owner ?? null,
      claimableAt: held?.until ?? task.dueAt,
    });
    return { ...task, id, caseId: commit.row.id, attempts };
  }

  function writeSideEntry({ caseId, kind, number, entry, tags }: SideEntry): boolean {
    const update = kind === 'refused' ? q.updateRefusals : q.updateReads;
    const caseNo = update({ caseId, number, previous: number - 1, digest: entry.digest });
    if (caseNo !== undefined) writeEntry(caseNo, kind, number, entry, tags);
    return caseNo !== undefined;
  }

  function writeServiceEntry({ number, entry, tags }: Omit<SideEntry, 'caseId' | 'kind'>): boolean {
    const last = q.findServiceHead({})?.seq ?? 0;
    if (last !== number - 1) return false;
    writeEntry(null, 'service', number, entry, tags);
    return true;
  }

  return { writeCommit, writeSideEntry, writeServiceEntry };
}
