import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openSnapshot } from '../db/open.ts';
import { ENTRIES } from '../export/folder.ts';
import { Misfit } from '../log/misfit.ts';
import { readVerifierKey } from '../log/note.ts';
import { loadKeys } from '../vault/keys.ts';
import { createVault } from '../vault/vault.ts';
import { verifyDataFolder } from '../verify/data-folder.ts';
import { verifyExport } from '../verify/export-folder.ts';
import { openPublished, readIfThere } from '../verify/published.ts';
import type { Report, Stages, Wanted } from '../verify/verify-log.ts';
import { getDatabase, getLogKeys, readMatters } from './data.ts';
import { describeMisfit } from './misfit-words.ts';
import { createProgress } from './progress.ts';
import { UsageError } from './usage.ts';
import { describeReport, STAGES } from './verify/words.ts';

const HELP = `banjian verify [FOLDER] [--checkpoint FILE]… [--key VKEY] [--chain-only] [--no-progress]

  FOLDER             数据文件夹(默认 BANJIAN_DATA)或 banjian export --format folder 的输出 · a data folder, or an exported one
  --checkpoint FILE  以前保存的检查点:日志必须是它的延续 · a checkpoint kept from earlier: the log must go on from it
  --key VKEY         您所知的日志公钥 · the key that you know the log by
  --chain-only       只查链、树与签名,不重放 · chains, tree and signatures only, nothing is run again
  --no-progress      不显示进度 · no progress bar

  成立返回 0,不成立返回 1,用法有误返回 2 · exits with 0 if it holds, 1 if not, 2 for a wrong call
`;

/** Checks everything, offline, beside a running server too: one moment of the database is read, and nothing is written. */
export async function verify(args: string[]): Promise<void> {
  const { values, positionals } = readArgs(args);
  if (values.help) return console.log(HELP);
  if (positionals.length > 1) throw new UsageError(HELP);
  if (values.key !== undefined) requireKey(values.key);
  const folder = resolve(positionals[0] ?? readConfig(process.env).dataDir);
  const wanted: Wanted = {
    kept: values.checkpoint.map((from) => ({ from, bytes: getFile(from) })),
    key: values.key,
    chainOnly: values['chain-only'],
  };
  const stages = createStages(values['no-progress']);
  const { report, unsealed } = await verifyFolder(folder, wanted, stages);
  console.log(describeReport(report, { chainOnly: wanted.chainOnly, unsealed }));
  if (report.finding) process.exitCode = 1;
}

function readArgs(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      checkpoint: { type: 'string', multiple: true, default: [] },
      key: { type: 'string' },
      'chain-only': { type: 'boolean', default: false },
      'no-progress': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function requireKey(key: string): void {
  try {
    readVerifierKey(key);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new UsageError(`--key: ${describeMisfit(error)}`);
  }
}

function getFile(file: string): Buffer {
  if (!existsSync(file)) throw new UsageError(`没有这个文件 · No such file: ${file}`);
  return readFileSync(file);
}

function createStages(silent: boolean): Stages {
  const progress = createProgress(silent ? undefined : process.stderr, () => performance.now());
  return { ...progress, begin: (stage, total) => progress.begin(STAGES[stage], total) };
}

/** `unsealed`: whether sealed values could be opened; undefined where there are none. */
async function verifyFolder(
  folder: string,
  wanted: Wanted,
  stages: Stages,
): Promise<{ report: Report; unsealed: boolean | undefined }> {
  const matters = await readMatters();
  if (existsSync(join(folder, ENTRIES))) {
    return { report: await verifyExport(folder, matters, wanted, stages), unsealed: undefined };
  }
  const database = getDatabase(folder);
  const [ownKey] = wanted.key === undefined ? await getLogKeys(folder) : [wanted.key];
  const keyFile = process.env.BANJIAN_KEY_FILE ?? join(folder, 'banjian.key');
  const vault = existsSync(keyFile) ? createVault(loadKeys(keyFile)) : undefined;
  // Before the snapshot: what is published later is not in it.
  const checkpoint = { from: 'log/checkpoint', bytes: readIfThere(join(folder, 'log/checkpoint')) };
  const snapshot = openSnapshot(database);
  try {
    const published = openPublished(join(folder, 'log'));
    const data = { snapshot, published, checkpoint, ownKey, matters, vault };
    return { report: await verifyDataFolder(data, wanted, stages), unsealed: vault !== undefined };
  } finally {
    snapshot.close();
  }
}
