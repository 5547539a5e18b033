import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { archiveCase } from '../archive/archive.ts';
import { type Part, writeTar } from '../archive/tar.ts';
import { type Config, readConfig } from '../config.ts';
import { openSnapshot } from '../db/open.ts';
import type { Snapshot } from '../db/snapshot.ts';
import type { CaseRow } from '../db/store.ts';
import { findMatter } from '../engine/runtime.ts';
import type { FileFact } from '../engine/types.ts';
import { createFileStore } from '../vault/files.ts';
import { loadKeys } from '../vault/keys.ts';
import { createVault } from '../vault/vault.ts';
import { getTileBytes, openPublished, readIfThere } from '../verify/published.ts';
import { getDatabase, getLogKeys, readMatters } from './data.ts';
import { UsageError } from './usage.ts';

const HELP = `banjian archive CASE [--out DIR|FILE.tar]

  --out   文件夹(须为空)或 .tar 文件;省略为当前文件夹中的 CASE.tar · an empty folder or a .tar file; CASE.tar here when left out

  附件以密钥文件打开,包内含个人信息 · documents are opened with the key file: the package holds personal data
`;

/** One case as a package for a records office, beside a running server too. */
export async function archive(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(HELP);
  const [caseId, ...more] = positionals;
  if (caseId === undefined || more.length > 0) throw new UsageError(HELP);
  const config = readConfig(process.env);
  // Before the snapshot: what is published later is not in it.
  const checkpoint = readIfThere(join(config.dataDir, 'log/checkpoint'));
  if (!checkpoint)
    throw new Error('尚未公布日志,请先启动服务 · Nothing is published yet: start the server first');
  const snapshot = openSnapshot(getDatabase(config.dataDir));
  try {
    const row = await snapshot.store.findCase(caseId);
    if (!row) throw new Error(`没有此办件 · There is no such case: ${caseId}`);
    const { parts, absent } = await gather(config, snapshot, row, checkpoint);
    for (const digest of absent) {
      console.error(`附件已不在或无法打开 · This document is gone, or could not be opened: ${digest}`);
    }
    const out = values.out ?? `${caseId}.tar`;
    await save(resolve(out), row, parts);
    console.log(`${out}: ${parts.length} 部分 parts`);
  } finally {
    snapshot.close();
  }
}

async function gather(config: Config, snapshot: Snapshot, row: CaseRow, checkpoint: Buffer) {
  const { dataDir } = config;
  const matter = findMatter({ matters: await readMatters() }, row);
  if (!matter)
    throw new Error(`未载入的状态机 · This machine is not loaded: ${row.matter} ${row.machine.version}`);
  const published = openPublished(join(dataDir, 'log'));
  return archiveCase({
    store: snapshot.store,
    row,
    matter,
    checkpoint,
    readTile: (tile) => getTileBytes(published, tile),
    vkeys: await getLogKeys(dataDir),
    readDocument: await openDocuments(config, snapshot, row),
  });
}

/** Nothing can be opened without the key file, or once the person's key is gone. */
async function openDocuments({ dataDir, keyFile }: Config, { store }: Snapshot, row: CaseRow) {
  const wrapped = await store.findPersonKey(row.owner);
  if (!wrapped || !existsSync(keyFile)) return async () => undefined;
  const vault = createVault(loadKeys(keyFile));
  const person = vault.openPerson(row.owner, wrapped);
  const files = createFileStore(join(dataDir, 'files'), vault);
  return ({ digest }: FileFact) => files.get(person, digest);
}

/** For its owner's eyes only. @throws Error where something is there already. */
async function save(out: string, row: CaseRow, parts: Part[]): Promise<void> {
  if (out.endsWith('.tar')) {
    const tar = writeTar(row.id, parts, Math.floor(Date.parse(row.updatedAt) / 1000));
    return writeFile(out, tar, { flag: 'wx', mode: 0o600 });
  }
  await mkdir(out, { recursive: true, mode: 0o700 });
  if ((await readdir(out)).length > 0) throw new Error(`${out} 不是空文件夹 · is not an empty folder`);
  for (const { path, bytes } of parts) {
    await mkdir(dirname(join(out, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(out, path), bytes, { mode: 0o600 });
  }
}
