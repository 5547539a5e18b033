import type { CaseRow } from '../db/store.ts';
import { digestState, findChainBreak, writeEntry } from './entry.ts';
import { Problem } from './errors.ts';
import { findRow, type Runtime, stampTime } from './runtime.ts';
import { recordService } from './service.ts';
import { findTags } from './tags.ts';
import type { Actor, Entry, JsonObject, StoredEntry } from './types.ts';

/** Somebody looks at what is not theirs. Nothing in it is personal, whoever typed what. */
export interface Reading {
  actor: Actor;
  /** What was asked for: a route's pattern. */
  route: string;
  /** How it was asked for: seq, time, filter. */
  asked: JsonObject;
  purpose: Purpose;
}

/** Why, by the reader's own word. */
export interface Purpose {
  code: string;
  /** A number of the reader's own files. */
  ref?: string;
}

/**
 * Says in the case's own chain of reads who reads it, before they do. The answer is the case with that read counted.
 * @throws Problem storage-unavailable: what cannot be recorded is not shown.
 */
export function recordRead(runtime: Runtime, row: CaseRow, reading: Reading): Promise<CaseRow> {
  // One at a time here, or a crowd of readers would write each entry many times before it fits.
  return runtime.turns.take(`reads:${row.id}`, () => appendRead(runtime, row, reading));
}

async function appendRead(runtime: Runtime, row: CaseRow, reading: Reading): Promise<CaseRow> {
  for (let now = await findRow(runtime, row.id); now; now = await findRow(runtime, row.id)) {
    const number = now.reads + 1;
    const line: Entry = {
      v: 1,
      case: row.id,
      seq: number,
      kind: 'read',
      type: 'case.read',
      at: stampTime(runtime.clock, now.updatedAt),
      actor: reading.actor,
      machine: now.machine,
      data: { seq: row.seq, ...dataOf(reading) },
      personal: [],
      files: [],
      state: { value: now.state.value, digest: digestState(now.state) },
      prev: now.readHead,
    };
    const entry = writeEntry(line);
    const tags = findTags(line);
    const appended = await runtime.store.append({ caseId: row.id, kind: 'read', number, entry, tags });
    if (appended) return { ...row, reads: number, readHead: entry.digest };
  }
  throw new Problem({ code: 'case-not-found' });
}

/** What shows many cases at once is one entry of the service's own chain. `count` where it is known beforehand. */
export async function recordReadOfMany(runtime: Runtime, reading: Reading, count?: number): Promise<void> {
  const data = { ...dataOf(reading), ...(count === undefined ? {} : { count }) };
  await recordService(runtime, { type: 'cases.read', actor: reading.actor, data });
}

function dataOf({ route, asked, purpose }: Reading): JsonObject {
  const { code, ref } = purpose;
  return { route, asked, purpose: code, ...(ref === undefined ? {} : { ref }) };
}

/** Whether the chain of reads is whole, and as long as its case says or longer: somebody may be reading just now. */
export function readsHold(row: CaseRow, stored: StoredEntry[]): boolean {
  const last = row.reads === 0 ? '' : stored[row.reads - 1]?.digest;
  return last === row.readHead && findChainBreak(row.id, stored) === undefined;
}
