import type { StateValue } from 'xstate';
import { canonical, digestOf } from './canonical.ts';
import type { CaseState, Entry, ServiceEntry, StoredEntry } from './types.ts';

const MAX_ENTRY_BYTES = 16 * 1024;

/**
 * An entry as it is stored, and its digest over exactly those bytes.
 * @throws RangeError past 16 KiB: a matter's facts are too large.
 */
export function writeEntry(entry: Entry | ServiceEntry): StoredEntry {
  const bytes = canonical(entry);
  const size = Buffer.byteLength(bytes);
  if (size > MAX_ENTRY_BYTES) throw new RangeError(`entry of ${size} bytes, at most ${MAX_ENTRY_BYTES}`);
  return { bytes, digest: digestOf(bytes) };
}

/** Reads stored bytes back. They are never serialised again to be checked. */
export function readEntry(bytes: string): Entry {
  return JSON.parse(bytes) as Entry;
}

/** Bytes of an attacker may be anything. */
function findEntry(bytes: string): Entry | undefined {
  try {
    const found: unknown = JSON.parse(bytes);
    return typeof found === 'object' && found !== null ? (found as Entry) : undefined;
  } catch {
    return undefined;
  }
}

interface StateText {
  text: string;
  digest?: string;
}
const written = new WeakMap<CaseState, StateText>();

/** A state in its canonical form, as its row holds it; written once, for a state never changes. */
export function stateText(state: CaseState): string {
  return writtenOf(state).text;
}

/** The digest that an entry records, over that same text. */
export function digestState(state: CaseState): string {
  const found = writtenOf(state);
  found.digest ??= digestOf(found.text);
  return found.digest;
}

function writtenOf(state: CaseState): StateText {
  let found = written.get(state);
  if (!found) {
    found = { text: canonical(state) };
    written.set(state, found);
  }
  return found;
}

/** Where a chain breaks, if it does. */
export interface ChainBreak {
  seq: number;
  expected: string;
  found: string;
  what: 'digest' | 'prev' | 'seq' | 'case' | 'bytes';
}

/** Walks one chain (a case's history, or its refusals) from its first entry and names the first that does not fit. */
export function findChainBreak(caseId: string, entries: StoredEntry[]): ChainBreak | undefined {
  let prev = '';
  for (const [index, stored] of entries.entries()) {
    const found = findEntryBreak(caseId, index + 1, prev, stored);
    if (found) return found;
    prev = stored.digest;
  }
  return undefined;
}

function findEntryBreak(
  caseId: string,
  seq: number,
  prev: string,
  stored: StoredEntry,
): ChainBreak | undefined {
  const digest = digestOf(stored.bytes);
  if (digest !== stored.digest) return { seq, what: 'digest', expected: stored.digest, found: digest };
  const entry = findEntry(stored.bytes);
  if (!entry) return { seq, what: 'bytes', expected: 'an entry', found: 'something else' };
  if (entry.seq !== seq) return { seq, what: 'seq', expected: String(seq), found: String(entry.seq) };
  if (entry.case !== caseId) return { seq, what: 'case', expected: caseId, found: entry.case };
  if (entry.prev !== prev) return { seq, what: 'prev', expected: prev, found: entry.prev };
  return undefined;
}

/** The active leaves of a state value, dotted, in the order the machine declares them. */
export function leavesOf(value: StateValue, path = ''): string[] {
  if (typeof value === 'string') return [path + value];
  return Object.entries(value).flatMap(([key, child]) =>
    child === undefined || (typeof child === 'object' && Object.keys(child).length === 0)
      ? [path + key]
      : leavesOf(child, `${path}${key}.`),
  );
}
