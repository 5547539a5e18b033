import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readConfig } from '../config.ts';
import { openSnapshot } from '../db/open.ts';
import type { Snapshot } from '../db/snapshot.ts';
import { inChunks } from '../export/chunks.ts';
import { writeFolder } from '../export/folder.ts';
import { formats } from '../export/formats.ts';
import { kindsOf, openSource, type Selection } from '../export/source.ts';
import { getTileBytes, openPublished, readIfThere } from '../verify/published.ts';
import { getDatabase, getLogKeys, readMatters } from './data.ts';
import { createProgress, inWords } from './progress.ts';
import { UsageError } from './usage.ts';

const FOLDER = 'folder';
const NAMES = [...formats.map(({ name }) => name), FOLDER].join('|');
const HELP = `banjian export [--format ${NAMES}] [--matter ID] [--from TIME] [--to TIME] [--refusals] [--reads] [--out FILE|-]

  --format   默认 jsonl;folder 为可用 banjian verify 与其他工具核验的完整文件夹 · jsonl when left out; folder is everything, for
             banjian verify and other tools to check
  --matter   只要某一事项的条目 · entries of one matter only
  --from     起(含),--to 止(不含),RFC 3339 · from (inclusive), to (exclusive)
  --refusals 事件日志中也写入被拒绝的事件,--reads 写入查阅记录 · refused events, and who read, as events too (ocel, xes; jsonl has them always)
  --out      文件;- 或省略为标准输出;folder 须给出空文件夹 · a file; - or left out for standard output; an empty folder for folder
`;

/** Writes the log out as it stands at one moment, beside a running server too. */
export async function exportLog(args: string[]): Promise<void> {
  const { values } = readArgs(args);
  if (values.help) return console.log(HELP);
  const selection = readSelection(values);
  const { dataDir } = readConfig(process.env);
  const progress = createProgress(values['no-progress'] ? undefined : process.stderr, () =>
    performance.now(),
  );
  // Before the snapshot: what is published later is not in it.
  const checkpoint = readIfThere(join(dataDir, 'log/checkpoint'));
  const snapshot = openSnapshot(getDatabase(dataDir));
  try {
    progress.begin('导出 · export', await snapshot.store.findLogSize());
    if (values.format === FOLDER) await toFolder(snapshot, dataDir, checkpoint, values, progress.at);
    else await toFile(snapshot, selection, values, progress.at);
  } finally {
    progress.end();
    snapshot.close();
  }
}

function readArgs(args: string[]) {
  return parseArgs({
    args,
    options: {
      format: { type: 'string', default: 'jsonl' },
      matter: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      out: { type: 'string' },
      refusals: { type: 'boolean', default: false },
      reads: { type: 'boolean', default: false },
      'no-progress': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

type Values = ReturnType<typeof readArgs>['values'];

function readSelection({ matter, from, to }: Values): Selection {
  return {
    ...(matter === undefined ? {} : { matter }),
    ...(from === undefined ? {} : { from: readTime('--from', from) }),
    ...(to === undefined ? {} : { to: readTime('--to', to) }),
  };
}

/** Entries have UTC with milliseconds, and times are compared as text. */
function readTime(name: string, text: string): string {
  const { success } = z.iso.datetime({ offset: true }).safeParse(text);
  if (!success)
    throw new UsageError(`${name}: 应为 RFC 3339 时间,如 2026-07-01T00:00:00+08:00 · a time, as here`);
  return new Date(text).toISOString();
}

async function toFile(
  snapshot: Snapshot,
  selection: Selection,
  { format: name, out = '-', refusals, reads }: Values,
  onRead: (read: number) => void,
): Promise<void> {
  const format = formats.find((one) => one.name === name);
  if (!format) throw new UsageError(`--format: ${NAMES}`);
  const source = await openSource(snapshot.store, selection, onRead);
  const target = out === '-' ? process.stdout : createWriteStream(out, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(
      Readable.from(inChunks(format.write(source, { kinds: kindsOf({ refusals, reads }) }))),
      target,
    );
  } catch (error) {
    // Whoever reads only the beginning has what they want.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw refusal(error, out);
  }
}

function refusal(error: unknown, out: string): unknown {
  const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
  return isThere ? new UsageError(`${out} 已存在 · is there already`) : error;
}

async function toFolder(
  { store }: Snapshot,
  dataDir: string,
  checkpoint: Buffer | undefined,
  { out, matter, from, to }: Values,
  onRead: (read: number) => void,
): Promise<void> {
  if (out === undefined || out === '-')
    throw new UsageError('--format folder 需要 --out 文件夹 · needs --out with a folder');
  if (matter ?? from ?? to)
    throw new UsageError('--format folder 总是完整的 · is always the whole log: no --matter, --from, --to');
  if (!checkpoint)
    throw new Error(
      `尚未公布日志,请先启动服务 · Nothing is published yet, start the server first: ${dataDir}`,
    );
  const published = openPublished(join(dataDir, 'log'));
  const { entries, files, missing } = await writeFolder(
    resolve(out),
    {
      store,
      matters: await readMatters(),
      checkpoint,
      readTile: (tile) => getTileBytes(published, tile),
      vkeys: await getLogKeys(dataDir),
    },
    onRead,
  );
  for (const { id, version } of missing) {
    console.error(
      `未载入的状态机,导出中没有其定义 · This machine is not loaded, its structure is not in the export: ${id} ${version}`,
    );
  }
  console.log(`${out}: ${inWords(entries)} 条目 entries, ${files} 文件 files`);
}
