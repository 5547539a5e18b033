import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LogEntry } from '../db/store.ts';
import type { Entry, MachineStamp, ServiceEntry, StoredEntry } from '../engine/types.ts';
import { machineFile } from '../export/folder.ts';
import { findLine, type Line } from '../export/jsonl.ts';
import { hashLeaf } from '../log/tree.ts';
import type { ChainPlace, Finding } from './finding.ts';
import type { LogReader } from './log.ts';

/** Entries of an exported folder, and afterwards the history of each case again. */
export interface ExportReader extends LogReader {
  /** Cases whose entries were read, in the order in which they were opened. */
  caseIds(): Iterable<string>;
  readHistory(caseId: string): StoredEntry[];
  indexOf(caseId: string, seq: number): number | undefined;
  /** Each machine that wrote an entry, with the first one it wrote. */
  machines(): Iterable<{ machine: MachineStamp; index: number; place: ChainPlace }>;
  close(): void;
}

const CHUNK_BYTES = 1 << 16;
const NEWLINE = 0x0a;

/** Where the accepted entries of a case are: index, offset and length of the line, one after the other. */
type Places = number[];

/** Reads the lines once, one after the other; what stays in memory of an entry is where it is. */
export function openExportReader(file: string): ExportReader {
  const fd = openSync(file, 'r');
  const lines = readLines(fd);
  const histories = new Map<string, Places>();
  const machines = new Map<string, { machine: MachineStamp; index: number; place: ChainPlace }>();
  const total = countLines(fd);

  function take(index: number): LogEntry | Finding {
    const next = lines.next();
    if (next.done) return broken(index, 'an entry', 'the end');
    const { text, offset, length, isWhole } = next.value;
    const line = findLine(text);
    if (!line || !isWhole) return broken(index, 'a line of an entry', text.slice(0, 120));
    const found = findEntry(line);
    if ('check' in found) return found;
    const { stored, machine } = found;
    if (machine && !machines.has(machineFile(machine)))
      machines.set(machineFile(machine), { machine, index, place: stored });
    if (stored.kind === 'accepted') remember(stored.caseId, line.index, offset, length);
    return stored;
  }

  function remember(caseId: string, ...place: [index: number, offset: number, length: number]): void {
    const places = histories.get(caseId) ?? [];
    histories.set(caseId, places);
    places.push(...place);
  }

  return {
    size: total,
    async read(fromIndex, limit) {
      const entries: LogEntry[] = [];
      for (let index = fromIndex; index < fromIndex + limit; index++) {
        const found = take(index);
        if ('check' in found) return { entries, broken: found };
        entries.push(found);
      }
      return { entries };
    },
    caseIds: () => histories.keys(),
    readHistory: (caseId) => {
      const places = histories.get(caseId) ?? [];
      return Array.from({ length: places.length / 3 }, (_, at) => {
        const [offset = 0, length = 0] = places.slice(at * 3 + 1, at * 3 + 3);
        const line = findLine(readAt(fd, offset, length));
        if (!line) throw new Error(`${file} was changed while it was read`);
        return line;
      });
    },
    machines: () => machines.values(),
    indexOf: (caseId, seq) => histories.get(caseId)?.[(seq - 1) * 3],
    close: () => closeSync(fd),
  };
}

/** What a line says of itself is held against its entry. Its chain is nobody's business here. */
function findEntry(line: Line): { stored: LogEntry; machine: MachineStamp | undefined } | Finding {
  const { index, leaf, digest, bytes } = line;
  const own = hashLeaf(bytes).toString('hex');
  if (own !== leaf) return { check: 'export', index, what: 'leaf', expected: leaf, found: own };
  try {
    const entry = JSON.parse(bytes) as Entry | ServiceEntry;
    const { kind, seq } = entry;
    const [caseId, machine] = kind === 'service' ? ['', undefined] : [entry.case, findStamp(entry)];
    return { stored: { index, caseId, kind, seq, bytes, digest }, machine };
  } catch {
    return broken(index, 'an entry', bytes.slice(0, 120));
  }
}

/** Undefined where it could not be the name of a file. */
export function findStamp({ machine }: Partial<Entry>): MachineStamp | undefined {
  const { id, version, definition } = { ...machine };
  const isName = /^[\w.-]+$/.test(`${id}${version}`) && /^sha256:[0-9a-f]{64}$/.test(String(definition));
  return isName ? machine : undefined;
}

function broken(index: number, expected: string, found: string): Finding {
  return { check: 'export', index, what: 'line', expected, found };
}

interface TextLine {
  text: string;
  offset: number;
  length: number;
  /** Ends with a newline, and is UTF-8. */
  isWhole: boolean;
}

function* readLines(fd: number): Generator<TextLine> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for (let at = 0; ; ) {
    const read = readSync(fd, chunk, 0, CHUNK_BYTES, at);
    at += read;
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield toLine(bytes.subarray(start, end), offset + start, true);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    offset += start;
    if (read === 0) break;
  }
  if (rest.length > 0) yield toLine(rest, offset, false);
}

function toLine(bytes: Buffer, offset: number, ended: boolean): TextLine {
  // Bytes that are no UTF-8 would come out as another text, and that text as other bytes.
  return { text: bytes.toString(), offset, length: bytes.length, isWhole: ended && isUtf8(bytes) };
}

function countLines(fd: number): number {
  const { size } = fstatSync(fd);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let lines = 0;
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    const bytes = chunk.subarray(0, readSync(fd, chunk, 0, CHUNK_BYTES, at));
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) lines++;
    if (at + bytes.length === size && bytes.at(-1) !== NEWLINE) lines++;
  }
  return lines;
}

function readAt(fd: number, offset: number, length: number): string {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, offset);
  return bytes.toString();
}
