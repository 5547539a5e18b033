import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../src/web/build-main.ts', import.meta.url));

/** The pages as people get them: in a test's own process they would be built for tests, three times as large. */
export async function ensureBuilt(): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [MAIN, '--if-needed'], { env });
}
