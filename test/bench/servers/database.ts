import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyRequest } from 'fastify';
import { tokenDigestOf } from '../walk.ts';
import type { ServerSettings } from './listen.ts';

const SESSIONS = `CREATE TABLE sessions (digest TEXT PRIMARY KEY, person INTEGER NOT NULL, expires_at TEXT NOT NULL)`;

/** A database as safe as Banjian's: WAL and FULL, one fsync a commit. Sessions of the people are in it. */
export function openDatabase({ folder, people }: ServerSettings, schema: string): Database.Database {
  const db = new Database(join(folder, 'bench.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.exec(`${SESSIONS};${schema}`);
  const insert = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
  const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  db.transaction(() => {
    for (let index = 0; index < people; index++) insert.run(tokenDigestOf(index), index, expiresAt);
  })();
  return db;
}

/** Whose bearer token this is; undefined when nobody's, or when it has expired. */
export function createSessions(db: Database.Database): (request: FastifyRequest) => number | undefined {
  const find = db.prepare<[string, string], { person: number }>(
    'SELECT person FROM sessions WHERE digest = ? AND expires_at > ?',
  );
  return (request) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const digest = createHash('sha256').update(token).digest('hex');
    return find.get(digest, new Date().toISOString())?.person;
  };
}
