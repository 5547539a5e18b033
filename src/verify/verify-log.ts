import type { ChainKind } from '../db/store.ts';
import type { Entry, ServiceEntry } from '../engine/types.ts';
import { TILE_WIDTH, tileOfSize } from '../log/tiles.ts';
import type { Finding } from './finding.ts';
import { findSignatureBreak, readMark, type SignedMark } from './heads.ts';
import { type LogReader, type LogReport, verifyLog } from './log.ts';
import type { Published } from './published.ts';
import { createTreeCheck, type Mark } from './tree.ts';

/** What is under way: every entry of the log, every case, every file. */
export type Stage = 'log' | 'cases' | 'files';
/** Is told how far it has come. `end` answers how many a second it did. */
export interface Stages {
  begin: (stage: Stage, total: number) => void;
  at: (done: number) => void;
  end: () => number;
}

/** What the auditor brings. */
export interface Wanted {
  /** Checkpoints that were kept from earlier, by the name of their file. */
  kept: { from: string; bytes: Buffer }[];
  /** The key that the auditor knows the log by; what the folder says of itself when left out. */
  key: string | undefined;
  chainOnly: boolean;
}

export interface Report {
  finding: Finding | undefined;
  entries: Record<ChainKind, number>;
  cases: number;
  /** Entries under the published checkpoint. */
  published: number;
  /** Entries that were run again; undefined where none were asked to be. */
  replayed: number | undefined;
  /** Of each stage, how many a second. */
  perSecond: Partial<Record<Stage, number>>;
}

/** A log with what was published of it. */
export interface PublishedLog {
  log: LogReader;
  published: Published;
  checkpoint: { from: string; bytes: Buffer | undefined };
  /** The log's first key, as the folder names it. */
  ownKey: string | undefined;
}

/** Every entry, every tile, every head, every signature. The report of the entries goes on with what is known of the cases. */
export async function verifyPublished(
  { log, published, checkpoint, ownKey }: PublishedLog,
  wanted: Wanted,
  stages: Stages,
): Promise<Report & { log: LogReport | undefined }> {
  const { marks, finding: unreadable } = readMarks(checkpoint, wanted.kept);
  const size = marks.find(({ check }) => check === 'checkpoint')?.size ?? 0;
  stages.begin('log', log.size);
  const found = await verifyLog(log, createTreeCheck(published, size, marks), stages.at);
  const perSecond = { log: stages.end() };
  const finding =
    withPlace(found.finding, published, size) ??
    unreadable ??
    (await findUnsigned(log.size, marks, found, checkpoint.from, wanted.key ?? ownKey));
  return {
    finding,
    entries: found.counts,
    cases: found.cases,
    published: size,
    replayed: undefined,
    perSecond,
    log: found,
  };
}

/** Of an entry that is gone, what was published says which it was. */
function withPlace(finding: Finding | undefined, published: Published, size: number): Finding | undefined {
  if (!finding || finding.place || finding.index === undefined || finding.index >= size) return finding;
  try {
    const tile = tileOfSize('entries', Math.floor(finding.index / TILE_WIDTH), size);
    const bytes = tile && published.findEntries(tile)?.[finding.index % TILE_WIDTH];
    const entry = JSON.parse(String(bytes)) as Entry | ServiceEntry;
    const caseId = entry.kind === 'service' ? '' : entry.case;
    return { ...finding, place: { caseId, kind: entry.kind, seq: entry.seq } };
  } catch {
    return finding;
  }
}

function readMarks(
  { from, bytes }: PublishedLog['checkpoint'],
  kept: Wanted['kept'],
): { marks: SignedMark[]; finding: Finding | undefined } {
  const read = [
    ...(bytes ? [readMark('checkpoint', from, bytes)] : []),
    ...kept.map((one) => readMark('keptCheckpoint', one.from, one.bytes)),
  ];
  const marks = read.filter((one): one is SignedMark => 'bytes' in one);
  return { marks, finding: read.find((one): one is Finding => 'expected' in one) };
}

async function findUnsigned(
  size: number,
  marks: SignedMark[],
  { service }: LogReport,
  from: string,
  key: string | undefined,
): Promise<Finding | undefined> {
  const isPublished = marks.some(({ check }: Mark) => check === 'checkpoint');
  if (!isPublished && size > 0)
    return { check: 'checkpoint', what: from, expected: 'a signed checkpoint', found: 'none' };
  if (marks.length === 0) return undefined;
  if (key === undefined)
    return { check: 'signature', what: 'key', expected: 'the key of the log', found: 'none' };
  return findSignatureBreak(marks, service, key);
}
