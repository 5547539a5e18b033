import type Database from 'better-sqlite3';
import { Problem } from '../../engine/errors.ts';

/** Writes that share transactions: what waits when one begins is in it, and each is answered after the fsync. */
export interface Batch {
  /**
   * Takes `write` into the next transaction. It decides before it writes: what it returns, even a refusal, stands, and
   * nothing of a neighbour is undone for it.
   * @throws Problem storage-unavailable when the disk is full, and for good once it has failed.
   */
  join<T>(write: () => T): Promise<T>;
  /**
   * Looks at the database as it stood when the first look of this turn of the event loop was taken: the locks of a
   * read cost more than the read, so the looks of a turn share them. What was committed here is always seen; what
   * another process commits, from the next turn on, some milliseconds later.
   */
  look: <T>(read: () => T) => T;
  /** Writes what still waits. */
  flush(): void;
  /** Settles when the disk has failed: nothing is acknowledged from then on, and only a new start can tell what is on it. */
  failed: Promise<Error>;
}

interface Waiting {
  write: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export function createBatch(client: Database.Database): Batch {
  const sql = {
    begin: client.prepare('begin immediate'),
    commit: client.prepare('commit'),
    rollback: client.prepare('rollback'),
    beginLooking: client.prepare('begin deferred'),
    endLooking: client.prepare('end'),
  };
  let looking = false;
  let waiting: Waiting[] = [];
  let broken: Error | undefined;
  let tellFailed: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (tellFailed = resolve));

  function look<T>(read: () => T): T {
    if (!client.inTransaction) {
      sql.beginLooking.run();
      looking = true;
      setImmediate(endLooking);
    }
    return read();
  }

  function endLooking(): void {
    if (looking && client.inTransaction) sql.endLooking.run();
    looking = false;
  }

  function flush(): void {
    endLooking();
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) writeTogether(batch);
  }

  /** A write that throws is a mistake of ours: the others go in without it. */
  function writeTogether(batch: Waiting[]): void {
    try {
      const results = runTransaction(batch);
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
    } catch (error) {
      const problem = readFault(error);
      if (batch.length === 1 || problem) for (const { reject } of batch) reject(problem ?? error);
      else for (const one of batch) writeTogether([one]);
    }
  }

  function runTransaction(batch: Waiting[]): unknown[] {
    refuseIfBroken();
    try {
      sql.begin.run();
      const results = batch.map(({ write }) => write());
      sql.commit.run();
      return results;
    } finally {
      // A commit that failed may have ended the transaction or not.
      if (client.inTransaction) sql.rollback.run();
    }
  }

  function refuseIfBroken(): void {
    if (broken) throw unavailable();
  }

  /**
   * After a failed fsync the next one may succeed without the bytes being there, so nothing is tried again: whether a
   * commit is on disk, only recovery at the next start can tell.
   */
  function readFault(error: unknown): Problem | undefined {
    const code = codeOf(error);
    if (code === 'SQLITE_FULL') return unavailable();
    if (!/^SQLITE_(?:IOERR|CORRUPT|NOTADB|CANTOPEN)/.test(code)) return undefined;
    broken ??= error as Error;
    tellFailed(broken);
    return unavailable();
  }

  return {
    join: <T>(write: () => T) =>
      new Promise<T>((resolve, reject) => {
        // After the turn in which the requests came in: a lone one waits for nobody.
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ write, resolve: resolve as (value: unknown) => void, reject });
      }),
    look,
    flush,
    failed,
  };
}

function unavailable(): Problem {
  return new Problem({ code: 'storage-unavailable', retryAfterSeconds: 5 });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
