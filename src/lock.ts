import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Holds a data folder for this process. The lock is the operating system's, so it goes with the process however
 * that ends. The answer releases it.
 * @throws Error when another server has the folder.
 */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = new Database(join(dataDir, 'server.lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `数据文件夹正被另一个服务使用:${dataDir}。 Another server has this data folder: ${dataDir}. Stop it first, or set BANJIAN_DATA.`,
    );
  }
  return () => void file.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
