import { existsSync } from 'node:fs';
import { openStore } from '../db/open.ts';
import type { Store } from '../db/store.ts';
import { type Keys, loadKeys } from '../vault/keys.ts';
import { getDatabase } from './data.ts';
import { UsageError } from './usage.ts';

/** @throws UsageError where there is none: a new one would open nobody's key. */
export function loadExistingKeys(keyFile: string): Keys {
  if (existsSync(keyFile)) return loadKeys(keyFile);
  throw new UsageError(
    `此处没有密钥文件:${keyFile},请检查 BANJIAN_KEY_FILE。 There is no key file: ${keyFile}. Check BANJIAN_KEY_FILE.`,
  );
}

/** @throws UsageError where there is none: a command that mends data must not make a folder of its own. */
export function openExisting(dataDir: string): Store {
  return openStore(getDatabase(dataDir));
}
