/** The log and what it is made from do not go together: a person must look. */
export class LogError extends Error {
  override name = 'LogError';
}

export function rolledBack(published: number, found: number): LogError {
  return new LogError(
    `数据库只有 ${found} 条记录,而已公布的检查点有 ${published} 条:数据库被回退。不再公布。 The database holds ${found} entries and a checkpoint over ${published} is published: the database was rolled back. Nothing is published. Restore the database, or keep the log folder as evidence and begin a new log under another origin.`,
  );
}
