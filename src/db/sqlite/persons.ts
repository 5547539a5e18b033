import type Database from 'better-sqlite3';
import { and, asc, eq, gt, inArray, or } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Commit, Erasure, ErasureOutcome, Store } from '../store.ts';
import type { Batch } from './batch.ts';
import type { createWriter } from './commit.ts';
import {
  cases,
  claims,
  erasures,
  hasKey,
  keyEpochs,
  keys,
  marks,
  persons,
  sessions,
  subjects,
  tasks,
  vault,
} from './schema.ts';

/** Far below what SQLite takes in one statement. */
const DIGESTS_AT_ONCE = 500;
/** In the place of a wrapped key: cases go on naming their person, so the row stays. */
const NO_KEY = Buffer.alloc(0);

/** What goes when a person is erased, written inside a transaction that it shares. Entries stay as they are. */
export function createErasing(db: BetterSQLite3Database, writer: ReturnType<typeof createWriter>) {
  /** As in a commit, everything that can refuse comes before the first row that is changed. */
  function writeErasure({ personId, reason, at, commits, digests }: Erasure): ErasureOutcome {
    if (!db.select().from(persons).where(eq(persons.id, personId)).get()) return 'unknown';
    if (db.select().from(erasures).where(eq(erasures.personId, personId)).get()) return 'erased-before';
    if (!haveAllAsTheyStand(personId, commits)) return 'moved';
    for (const commit of commits) writeEnd(commit);
    deleteOfCases(personId);
    deleteMarks(digests);
    db.delete(sessions).where(eq(sessions.personId, personId)).run();
    db.update(persons)
      .set({ wrappedKey: NO_KEY, nickname: null, avatarDigest: null, avatarType: null, updatedAt: at })
      .where(eq(persons.id, personId))
      .run();
    db.insert(erasures).values({ personId, reason, at }).run();
    return 'erased';
  }

  function haveAllAsTheyStand(personId: string, commits: Commit[]): boolean {
    const owned = db
      .select({ id: cases.id, seq: cases.seq })
      .from(cases)
      .where(eq(cases.owner, personId))
      .all();
    const planned = new Map(commits.map(({ row }) => [row.id, row.seq - 1]));
    return owned.length === planned.size && owned.every(({ id, seq }) => planned.get(id) === seq);
  }

  function writeEnd(commit: Commit): void {
    const { kind } = writer.writeCommit(commit);
    if (kind !== 'committed') throw new Error(`the end of an erased person's case was refused: ${kind}`);
  }

  function deleteOfCases(personId: string): void {
    const owned = db.select({ no: cases.no }).from(cases).where(eq(cases.owner, personId));
    for (const table of [vault, tasks, keys, claims]) {
      db.delete(table).where(inArray(table.caseNo, owned)).run();
    }
    db.delete(subjects)
      .where(or(eq(subjects.personId, personId), inArray(subjects.caseNo, owned)))
      .run();
  }

  function deleteMarks(digests: string[]): void {
    for (let from = 0; from < digests.length; from += DIGESTS_AT_ONCE) {
      const some = digests.slice(from, from + DIGESTS_AT_ONCE);
      db.delete(marks).where(inArray(marks.subject, some)).run();
    }
  }

  return writeErasure;
}

type Persons = Pick<
  Store,
  'findErased' | 'findPersonsBySubject' | 'readPersonKeys' | 'beginEpoch' | 'rewrapKeys' | 'purge'
>;

/** What erasing and renewing keys ask of persons. */
export function createPersons(client: Database.Database, db: BetterSQLite3Database, batch: Batch): Persons {
  return {
    findErased: async (after) =>
      db
        .select({ id: erasures.id, personId: erasures.personId })
        .from(erasures)
        .where(gt(erasures.id, after))
        .orderBy(asc(erasures.id))
        .all(),
    findPersonsBySubject: async (subject) =>
      db
        .selectDistinct({ id: subjects.personId })
        .from(subjects)
        .where(eq(subjects.subject, subject))
        .orderBy(asc(subjects.personId))
        .all()
        .map(({ id }) => id),
    readPersonKeys: async (after, limit) =>
      db
        .select({ id: persons.id, wrappedKey: persons.wrappedKey })
        .from(persons)
        .where(and(gt(persons.id, after), hasKey))
        .orderBy(asc(persons.id))
        .limit(limit)
        .all(),
    beginEpoch: (epoch, at) =>
      batch.join(() => {
        db.insert(keyEpochs).values({ epoch, at }).onConflictDoNothing().run();
      }),
    rewrapKeys: (changes) =>
      batch.join(() => {
        // By what it was: who is erased meanwhile must not get a key again.
        for (const { id, before, after } of changes) {
          db.update(persons)
            .set({ wrappedKey: after })
            .where(and(eq(persons.id, id), eq(persons.wrappedKey, before)))
            .run();
        }
      }),
    async purge() {
      // What this connection itself is looking at would stand in its own way.
      batch.flush();
      const [found] = client.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      return found?.busy === 0;
    },
  };
}
