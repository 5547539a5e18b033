import { hash } from 'node:crypto';
import type { CaseRow, LogEntry, Store } from '../db/store.ts';
import { readEntry } from '../engine/entry.ts';
import type { Entry, FileFact, Matter } from '../engine/types.ts';
import { machineFile } from '../export/folder.ts';
import { writeLine } from '../export/jsonl.ts';
import { SUMS, writeSums } from '../export/sums.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { readNote } from '../log/note.ts';
import { writeProof } from '../log/proof.ts';
import { readTiles, type Tile } from '../log/tiles.ts';
import { hashLeaf, proveInclusion } from '../log/tree.ts';
import { writeSummary } from './summary.ts';
import type { Part } from './tar.ts';

export interface ArchiveInput {
  store: Pick<Store, 'findLogIndex' | 'readEntries' | 'readLog'>;
  row: CaseRow;
  matter: Matter;
  checkpoint: Buffer;
  readTile: (tile: Tile) => Buffer;
  vkeys: string[];
  /** A document, opened; undefined where it is gone or cannot be opened. */
  readDocument: (file: FileFact) => Promise<Buffer | undefined>;
}

export interface Archive {
  parts: Part[];
  /** Digests of documents that the history names and that are not in it. */
  absent: string[];
}

/**
 * One case as a records office takes it: documents, history, who tried and who looked, a receipt for each entry of the
 * history, all of it listed with digests.
 * @throws Error while an entry of the history is not under a checkpoint.
 */
export async function archiveCase(input: ArchiveInput): Promise<Archive> {
  const { row, matter, checkpoint, vkeys } = input;
  const accepted = await readChain(input, 'accepted');
  const entries = accepted.map(({ bytes }) => readEntry(bytes));
  const { documents, absent } = await readDocuments(input, entries);
  const parts = [
    part('history.jsonl', writeLines(accepted), JSONL, '经过 · the history'),
    part(
      'refusals.jsonl',
      writeLines(await readChain(input, 'refused')),
      JSONL,
      '被拒绝的事件 · what was refused',
    ),
    part(
      'reads.jsonl',
      writeLines(await readChain(input, 'read')),
      JSONL,
      '查阅记录 · who of the staff read it',
    ),
    ...documents,
    ...writeReceipts(input, accepted),
    part('log/checkpoint', checkpoint, PLAIN, '日志检查点 · the checkpoint of the log'),
    part(
      'keys.txt',
      vkeys.map((vkey) => `${vkey}\n`).join(''),
      PLAIN,
      '日志公钥 · the public keys of the log',
    ),
    part(
      machineFile(row.machine),
      JSON.stringify(matter.machine.definition),
      'application/json',
      '状态机定义 · the machine',
    ),
  ];
  const { title } = matter.catalogue;
  parts.unshift(
    part(
      'README.txt',
      writeSummary(row, title, entries, parts, absent.map(notHere)),
      PLAIN,
      '概要 · summary',
    ),
  );
  return { parts: withManifest(row, parts), absent };
}

const JSONL = 'application/jsonl';
const PLAIN = 'text/plain; charset=utf-8';

function part(path: string, content: string | Buffer, mediaType: string, title: string): Part {
  return { path, bytes: Buffer.from(content), mediaType, title };
}

function notHere(digest: string): string {
  return `${digest}: 不在此包中 · not in this package`;
}

async function readChain(
  { store, row }: ArchiveInput,
  kind: 'accepted' | 'refused' | 'read',
): Promise<LogEntry[]> {
  const stored = await store.readEntries(row.id, kind);
  const found = await Promise.all(
    stored.map(async (_, at) => {
      const index = await store.findLogIndex(row.id, kind, at + 1);
      return index === undefined ? [] : store.readLog(index, 1);
    }),
  );
  return found.flat();
}

function writeLines(entries: LogEntry[]): string {
  return entries
    .map((entry) => `${writeLine({ ...entry, leaf: hashLeaf(entry.bytes).toString('hex') })}\n`)
    .join('');
}

async function readDocuments(
  { readDocument }: ArchiveInput,
  entries: Entry[],
): Promise<{ documents: Part[]; absent: string[] }> {
  const files = new Map(
    entries.flatMap(({ seq, files: named }) => named.map((file) => [file.digest, { ...file, seq }])),
  );
  const documents: Part[] = [];
  const absent: string[] = [];
  for (const file of files.values()) {
    const bytes = await readDocument(file);
    if (!bytes) absent.push(file.digest);
    else
      documents.push(part(documentPath(file), bytes, file.mediaType, `附件 · document of entry ${file.seq}`));
  }
  return { documents, absent };
}

/** By its entry and its digest: the name that the person gave it is theirs. */
function documentPath({ seq, digest, mediaType }: FileFact & { seq: number }): string {
  const extension = mediaType.replace(/^.*\//, '').replace(/\W.*$/, '');
  return `documents/${seq}-${digest.slice('sha256:'.length, 'sha256:'.length + 16)}.${extension}`;
}

function writeReceipts({ checkpoint, readTile }: ArchiveInput, accepted: LogEntry[]): Part[] {
  const { size } = readCheckpoint(readNote(checkpoint).text);
  const read = readTiles(size, readTile);
  return accepted.map(({ index, seq, bytes }) => {
    if (index >= size)
      throw new Error(`第 ${seq} 条尚未公布,请稍候 · entry ${seq} is not published yet: wait a second`);
    const path = proveInclusion(index, size, read);
    const proof = writeProof({ extra: Buffer.from(bytes), index, path, checkpoint: checkpoint.toString() });
    return part(`receipts/${seq}.tlog-proof`, proof, PLAIN, `回执 · receipt of entry ${seq}`);
  });
}

function withManifest(row: CaseRow, parts: Part[]): Part[] {
  const described = parts.map(({ path, bytes, mediaType, title }) => ({
    path,
    title,
    mediaType,
    size: bytes.length,
    digest: `sha256:${hash('sha256', bytes)}`,
  }));
  const { id, matter, openedAt, updatedAt } = row;
  const text = JSON.stringify(
    { v: 1, case: id, matter, openedAt, updatedAt, parts: described },
    undefined,
    2,
  );
  const all = [
    part('manifest.json', `${text}\n`, 'application/json', '目录 · what is in the package'),
    ...parts,
  ];
  const sums = writeSums(new Map(all.map(({ path, bytes }) => [path, hash('sha256', bytes)])));
  return [...all, part(SUMS, sums, PLAIN, '各部分摘要 · the digest of each part')];
}
