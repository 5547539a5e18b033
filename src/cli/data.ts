import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import type { Matter } from '../engine/types.ts';
import { openLogKeys } from '../log/keys.ts';
import { loadMatters } from '../machines/index.ts';
import { noProviders } from '../providers/none.ts';
import { UsageError } from './usage.ts';

/** @throws UsageError when there is no database in it. */
export function getDatabase(dataDir: string): string {
  const file = join(dataDir, 'banjian.db');
  if (!existsSync(file))
    throw new UsageError(`没有数据,请设置 BANJIAN_DATA · No data there, set BANJIAN_DATA: ${file}`);
  return file;
}

/** Matters by id, for reading histories: no effect of theirs may run. */
export function readMatters(): Promise<Map<string, Matter>> {
  return loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 });
}

const NO_KEY =
  '没有日志密钥文件(BANJIAN_LOG_KEY_FILE);核验时可用 --key 给出公钥,即服务的 /log/keys 第一行 · The log’s key file is not at hand (BANJIAN_LOG_KEY_FILE); to verify, give the public key with --key: the first line of the service’s /log/keys';

/** The log's public keys, the first one first. @throws UsageError where its key file is not at hand. */
export async function getLogKeys(dataDir: string): Promise<string[]> {
  const { logKeyFile: file, logOrigin: origin } = readConfig({ ...process.env, BANJIAN_DATA: dataDir });
  if (!existsSync(file)) throw new UsageError(`${NO_KEY}: ${file}`);
  const keys = await openLogKeys({ file, origin, sm2: false }, true);
  return keys.generations().flatMap(({ vkeys }) => vkeys);
}
