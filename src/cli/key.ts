import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { openStore } from '../db/open.ts';
import type { Store } from '../db/store.ts';
import { readEntry } from '../engine/entry.ts';
import { recordService } from '../engine/service.ts';
import { type LogKeyOptions, openLogKeys, prepareRotation, withKeyFileLocked } from '../log/keys.ts';
import { ROTATION, type Rotation, readRotation } from '../log/rotation.ts';
import { renew } from './key-renew.ts';

const USAGE = 'banjian key show | banjian key rotate | banjian key renew';

/** The keys of the public log, shown, or handed over to new ones; and the key that wraps persons' keys. Beside a running server too. */
export async function key(args: string[]): Promise<void> {
  const config = readConfig(process.env);
  switch (args.join(' ')) {
    case 'show':
      return show(config);
    case 'rotate':
      return rotate(config);
    case 'renew':
      return renew(config);
    default:
      throw new Error(`用法 · Usage: ${USAGE}`);
  }
}

function keyOptions({ logKeyFile, logOrigin, logSm2 }: Config): LogKeyOptions {
  return { file: logKeyFile, origin: logOrigin, sm2: logSm2 };
}

/** Oldest first; the last generation signs. */
async function show(config: Config): Promise<void> {
  const isLogThere = existsSync(join(config.dataDir, 'log', 'checkpoint'));
  const keys = await openLogKeys(keyOptions(config), isLogThere);
  for (const { vkeys, skeys } of keys.generations()) {
    if (skeys.length === 0) console.log('已更换,仅用于验证旧检查点 · ended, verifies old checkpoints:');
    for (const vkey of vkeys) console.log(vkey);
  }
}

async function rotate(config: Config): Promise<void> {
  const store = openStore(join(config.dataDir, 'banjian.db'));
  try {
    const { to } = await withKeyFileLocked(config.logKeyFile, () => handOver(config, store));
    console.log('新公钥,自下一个检查点起使用 · New keys, from the next checkpoint on:');
    for (const vkey of to) console.log(vkey);
  } finally {
    await store.close();
  }
}

/** The key file first, the entry after it: whatever happens between, the next try goes on from there. */
async function handOver(config: Config, store: Store): Promise<Rotation> {
  const recorded = await readRotations(store);
  const isRecorded = (vkey: string) => recorded.some(({ to }) => to.includes(vkey));
  const rotation = await prepareRotation(keyOptions(config), isRecorded);
  const { from, to, endorsement } = rotation;
  // Whoever may write the data folder: no account of ours stands behind a shell.
  const actor = { role: 'operator', id: 'command-line' } as const;
  await recordService(
    { store, clock: systemClock },
    { type: ROTATION, actor, data: { from, to, endorsement } },
  );
  return rotation;
}

async function readRotations(store: Store): Promise<Rotation[]> {
  const entries = (await store.readServiceEntries()).map(({ bytes }) => readEntry(bytes));
  return entries.filter(({ type }) => type === ROTATION).map(({ data, seq }) => readRotation(data, seq));
}
