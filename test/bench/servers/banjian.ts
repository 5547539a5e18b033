import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readConfig } from '../../../src/config.ts';
import { openStore } from '../../../src/db/open.ts';
import { startServer } from '../../../src/main.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { loadKeys } from '../../../src/vault/keys.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { tokenDigestOf } from '../walk.ts';
import type { ServerSettings } from './listen.ts';
import { createBenchProviders } from './providers.ts';
import { createSignIn } from './sign-in.ts';

/** The real thing, everything on: its own wiring, with providers that take no time. */
export async function startBanjian(
  settings: ServerSettings,
  people: readonly PersonSample[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  await signInAll(settings);
  const server = await startServer(readConfig(onlyOurs(env)), { providers: createBenchProviders(people) });
  process.once('SIGTERM', () => void server.stop());
  return server.address;
}

function onlyOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('BENCH_')));
}

/** Sessions for everybody, unless the database was made ready before. */
async function signInAll({ folder, people }: ServerSettings): Promise<void> {
  const file = join(folder, 'banjian.db');
  await openStore(file).close();
  const db = new Database(file);
  const vault = createVault(loadKeys(join(folder, 'banjian.key')));
  const signIn = createSignIn(db, vault);
  const isThere = db.prepare('SELECT 1 FROM sessions WHERE digest = ?').get(tokenDigestOf(0));
  if (!isThere) db.transaction(() => Array.from({ length: people }, (_, index) => signIn(index)))();
  db.close();
}
