import { readFileSync } from 'node:fs';

/** What happened to the files of a folder, in order: `disk.c` wrote it down. */
export type DiskEvent =
  | { kind: 'open'; path: string; file: number; isNew: boolean }
  | { kind: 'write'; file: number; offset: number; data: Buffer }
  | { kind: 'truncate'; file: number; size: number }
  | { kind: 'sync'; file: number }
  | { kind: 'syncFolder'; path: string }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'unlink' | 'mkdir' | 'rmdir'; path: string };

/** Two words, two long words, two words. */
const HEAD_BYTES = 32;

/** Reads a journal. What a kill cut off at its end never happened. @throws Error for what the shim could not follow. */
export function* readJournal(file: string): Generator<DiskEvent> {
  const bytes = readFileSync(file);
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const pathLength = bytes.readUInt32LE(at + 24);
    const dataAt = at + HEAD_BYTES + pathLength;
    const end = dataAt + bytes.readUInt32LE(at + 28);
    if (end > bytes.length) return;
    yield eventOf(bytes, at, bytes.toString('utf8', at + HEAD_BYTES, dataAt), bytes.subarray(dataAt, end));
    at = end;
  }
}

function eventOf(bytes: Buffer, at: number, path: string, data: Buffer): DiskEvent {
  const file = Number(bytes.readBigUInt64LE(at + 8));
  const offset = Number(bytes.readBigUInt64LE(at + 16));
  switch (bytes.readUInt32LE(at)) {
    case 1:
      return { kind: 'open', path, file, isNew: bytes.readUInt32LE(at + 4) !== 0 };
    case 2:
      return { kind: 'write', file, offset, data };
    case 3:
      return { kind: 'truncate', file, size: offset };
    case 4:
      return { kind: 'sync', file };
    case 5:
      return { kind: 'syncFolder', path };
    case 6:
      return { kind: 'rename', path, to: data.toString() };
    case 7:
      return { kind: 'unlink', path };
    case 8:
      return { kind: 'mkdir', path };
    case 9:
      return { kind: 'rmdir', path };
    default:
      throw new Error(`the shim cannot follow ${path}`);
  }
}
