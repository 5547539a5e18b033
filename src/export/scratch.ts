import Database from 'better-sqlite3';

/** Kept in memory of what does not fit there, in KiB. */
const CACHE_KIB = 8 * 1024;

/**
 * A database for what an export has to put in another order: on disk, so that memory stays flat however long the log is,
 * and gone with the export. No name gives a file of SQLite's own, which it deletes itself.
 */
export function openScratch(file = ''): Database.Database {
  const db = new Database(file);
  // What is lost in a crash is an export that nobody got.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', `cache_size = -${CACHE_KIB}`])
    db.pragma(pragma);
  db.exec('BEGIN');
  return db;
}
