import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { findMatter } from '../engine/runtime.ts';
import type { Entry, MachineStamp, Matter } from '../engine/types.ts';
import { findHistoryBreak } from '../engine/verify.ts';
import { CHECKPOINT, ENTRIES, KEYS, machineFile } from '../export/folder.ts';
import { findSums, SUMS } from '../export/sums.ts';
import { type ExportReader, findStamp, openExportReader } from './export-reader.ts';
import { earlier, type Finding } from './finding.ts';
import { openPublished, readIfThere } from './published.ts';
import { type Report, type Stages, verifyPublished, type Wanted } from './verify-log.ts';

/** What `banjian export --format folder` wrote: the log, then its machines and histories, then every byte that is left. */
export async function verifyExport(
  folder: string,
  matters: Map<string, Matter>,
  wanted: Wanted,
  stages: Stages,
): Promise<Report> {
  const log = openExportReader(join(folder, ENTRIES));
  try {
    const checkpoint = { from: CHECKPOINT, bytes: readIfThere(join(folder, CHECKPOINT)) };
    const published = openPublished(join(folder, 'log'));
    const ownKey = readIfThere(join(folder, KEYS))?.toString().split('\n', 1)[0];
    const { log: _log, ...report } = await verifyPublished(
      { log, published, checkpoint, ownKey },
      wanted,
      stages,
    );
    report.finding ??= findUnpublished(log, report.published) ?? findMachineBreak(folder, log);
    if (!report.finding && !wanted.chainOnly)
      Object.assign(report, verifyHistories(log, matters, report, stages));
    report.finding ??= findFileBreak(folder, stages);
    return report;
  } finally {
    log.close();
  }
}

/** An export ends where its checkpoint does. */
function findUnpublished({ size }: ExportReader, published: number): Finding | undefined {
  if (size === published) return undefined;
  return {
    check: 'export',
    index: published,
    what: 'size',
    expected: String(published),
    found: String(size),
  };
}

function verifyHistories(
  log: ExportReader,
  matters: Map<string, Matter>,
  { entries, perSecond }: Report,
  stages: Stages,
): Pick<Report, 'finding' | 'replayed' | 'perSecond'> {
  let finding: Finding | undefined;
  let replayed = 0;
  stages.begin('cases', entries.accepted);
  for (const caseId of log.caseIds()) {
    const accepted = log.readHistory(caseId);
    finding = earlier(finding, findReplayBreak(log, matters, caseId, accepted));
    replayed += accepted.length;
    stages.at(replayed);
  }
  return { finding, replayed, perSecond: { ...perSecond, cases: stages.end() } };
}

function findReplayBreak(
  log: ExportReader,
  matters: Map<string, Matter>,
  caseId: string,
  accepted: ReturnType<ExportReader['readHistory']>,
): Finding | undefined {
  const machine = findStamp(JSON.parse(accepted.at(-1)?.bytes ?? '{}') as Partial<Entry>) ?? NO_MACHINE;
  const matter = findMatter({ matters }, { matter: machine.id, machine });
  const found = findHistoryBreak({ matter, row: { machine, seq: accepted.length }, accepted });
  const seq = found?.seq || 1;
  const place = { caseId, kind: 'accepted' as const, seq };
  return found && { check: 'replay', index: log.indexOf(caseId, seq), place, ...found };
}

const NO_MACHINE: MachineStamp = { id: '', version: '', definition: '' };

/** The structure of each machine is the one that the entries name. */
function findMachineBreak(folder: string, log: ExportReader): Finding | undefined {
  for (const { machine, index, place } of log.machines()) {
    const file = machineFile(machine);
    const bytes = readIfThere(join(folder, file));
    const found = bytes ? `sha256:${hash('sha256', bytes)}` : 'no file';
    if (found !== machine.definition) {
      return { check: 'machine', index, place, what: file, expected: machine.definition, found };
    }
  }
  return undefined;
}

/** Exactly the files of the list, and each of them as it says. */
function findFileBreak(folder: string, stages: Stages): Finding | undefined {
  const sums = findSums(readIfThere(join(folder, SUMS))?.toString() ?? ' ');
  if (!sums)
    return {
      check: 'export',
      what: SUMS,
      expected: 'a digest and a path on each line',
      found: 'something else',
    };
  const files = listFiles(folder).filter((path) => path !== SUMS);
  const stray = files.find((path) => !sums.has(path));
  if (stray !== undefined) return { check: 'export', what: stray, expected: 'no such file', found: 'a file' };
  stages.begin('files', sums.size);
  for (const [at, [path, expected]] of [...sums].entries()) {
    const found = files.includes(path) ? digestFile(join(folder, path)) : 'no file';
    if (found !== expected) return { check: 'export', what: path, expected, found };
    stages.at(at + 1);
  }
  stages.end();
  return undefined;
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

const CHUNK_BYTES = 1 << 16;

function digestFile(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const digest = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk))
      digest.update(chunk.subarray(0, read));
    return digest.digest('hex');
  } finally {
    closeSync(fd);
  }
}
