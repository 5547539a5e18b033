import type { ChainHead, ChainKind, LogEntry } from '../db/store.ts';
import { digestOf } from '../engine/canonical.ts';

/** What does not fit, of one entry by itself and in its chain. */
export interface ChainBreak {
  what: 'index' | 'digest' | 'bytes' | 'v' | 'kind' | 'case' | 'seq' | 'prev';
  expected: string;
  found: string;
}

/** All chains at once, fed in log order: a chain costs some 200 bytes, whatever its length. */
export interface Chains {
  /** Undefined when it fits; then it is the new head of its chain. */
  add(entry: LogEntry): ChainBreak | undefined;
  counts: Record<ChainKind, number>;
  cases(): number;
}

const START: ChainHead = { seq: 0, head: '' };

export function createChains(): Chains {
  const heads: Record<ChainKind, Map<string, ChainHead>> = {
    accepted: new Map(),
    refused: new Map(),
    read: new Map(),
    service: new Map(),
  };
  const counts: Chains['counts'] = { accepted: 0, refused: 0, read: 0, service: 0 };
  let next = 0;
  return {
    add(entry) {
      const { caseId, kind, seq, digest } = entry;
      const before = heads[kind].get(caseId) ?? START;
      const broken = findBreak(entry, next, before);
      if (broken) return broken;
      heads[kind].set(caseId, { seq, head: digest });
      counts[kind]++;
      next++;
      return undefined;
    },
    counts,
    cases: () => heads.accepted.size,
  };
}

function findBreak(stored: LogEntry, index: number, before: ChainHead): ChainBreak | undefined {
  if (stored.index !== index) return differ('index', index, stored.index);
  const digest = digestOf(stored.bytes);
  if (digest !== stored.digest) return differ('digest', stored.digest, digest);
  const entry = findObject(stored.bytes);
  if (!entry) return differ('bytes', 'an entry', 'something else');
  if (entry.v !== 1) return differ('v', 1, entry.v);
  if (entry.kind !== stored.kind) return differ('kind', stored.kind, entry.kind);
  if ((entry.case ?? '') !== stored.caseId) return differ('case', stored.caseId, entry.case);
  const seq = before.seq + 1;
  if (entry.seq !== seq) return differ('seq', seq, entry.seq);
  if (stored.seq !== seq) return differ('seq', seq, stored.seq);
  if (entry.prev !== before.head) return differ('prev', before.head, entry.prev);
  return undefined;
}

/** Bytes of an attacker may be anything. */
function findObject(bytes: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(bytes);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function differ(what: ChainBreak['what'], expected: unknown, found: unknown): ChainBreak {
  return { what, expected: String(expected), found: String(found) };
}
