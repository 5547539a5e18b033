import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Holds a data folder for this process. The lock is the operating system's, so it goes with the process however
 * that ends. The answer releases it.
 * @throws Error when another server has the folder.
 */
export function lockFolder(dataDir: string): () => void {
  return lock(
    join(dataDir, 'server.lock'),
    `数据文件夹正被另一个服务使用:${dataDir}。 Another server has this data folder: ${dataDir}. Stop it first, or set BANJIAN_DATA.`,
  );
}

/** The same for the renewal of the wrapping key, which goes on beside a server, and only once. @throws Error */
export function lockRenewal(dataDir: string): () => void {
  return lock(
    join(dataDir, 'renewal.lock'),
    '密钥正在更换中。 The key is being renewed already: wait for it.',
  );
}

function lock(path: string, taken: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = new Database(path, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw error;
    throw new Error(taken);
  }
  return () => void file.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
