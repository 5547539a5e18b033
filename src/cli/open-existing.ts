import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../db/open.ts';
import type { Store } from '../db/store.ts';
import { type Keys, loadKeys } from '../vault/keys.ts';

/** @throws Error where there is none: a new one would open nobody's key. */
export function loadExistingKeys(keyFile: string): Keys {
  if (existsSync(keyFile)) return loadKeys(keyFile);
  throw new Error(
    `此处没有密钥文件:${keyFile},请检查 BANJIAN_KEY_FILE。 There is no key file: ${keyFile}. Check BANJIAN_KEY_FILE.`,
  );
}

/** @throws Error where there is none: a command that mends data must not make a folder of its own beside it. */
export function openExisting(dataDir: string): Store {
  const file = join(dataDir, 'banjian.db');
  if (existsSync(file)) return openStore(file);
  throw new Error(
    `此处没有数据库:${file},请检查 BANJIAN_DATA。 There is no database: ${file}. Check BANJIAN_DATA.`,
  );
}
