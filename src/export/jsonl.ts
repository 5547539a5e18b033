import type { LogEntry } from '../db/store.ts';
import type { ExportFormat } from './source.ts';

/**
 * One entry a line: `{"index":0,"leaf":"<hex>","digest":"sha256:<hex>","entry":{…}}`. What stands after `"entry":`, up to
 * the last brace, are the stored bytes as they are, so that whoever cuts them out can hash them; canonical JSON holds no
 * line break.
 */
export const jsonl: ExportFormat = {
  name: 'jsonl',
  mediaType: 'application/jsonl',
  extension: 'jsonl',
  async *write(source) {
    for await (const entry of source.entries()) yield `${writeLine(entry)}\n`;
  },
};

export type Line = Pick<LogEntry, 'index' | 'digest' | 'bytes'> & { leaf: string };

export function writeLine({ index, leaf, digest, bytes }: Line): string {
  return `{"index":${index},"leaf":"${leaf}","digest":"${digest}","entry":${bytes}}`;
}

const LINE =
  /^\{"index":(0|[1-9]\d{0,15}),"leaf":"([0-9a-f]{64})","digest":"(sha256:[0-9a-f]{64})","entry":(.*)\}$/;

/** Undefined unless it is written exactly as `writeLine` writes it. */
export function findLine(line: string): Line | undefined {
  const [, index, leaf, digest, bytes] = LINE.exec(line) ?? [];
  if (leaf === undefined || digest === undefined || bytes === undefined) return undefined;
  return { index: Number(index), leaf, digest, bytes };
}
