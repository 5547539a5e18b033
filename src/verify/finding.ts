import type { ChainKind } from '../db/store.ts';

/** What was being checked, in the order in which it is. */
export type Check =
  | 'export'
  | 'chain'
  | 'tree'
  | 'checkpoint'
  | 'keptCheckpoint'
  | 'signature'
  | 'machine'
  | 'replay'
  | 'currentRow'
  | 'tasks'
  | 'vault'
  | 'index'
  | 'beside';

/** Which entry of which chain. `caseId` is '' in the service's own. */
export interface ChainPlace {
  caseId: string;
  kind: ChainKind;
  seq: number;
}

/** Something that does not fit. */
export interface Finding {
  check: Check;
  /** The entry's leaf in the log; undefined when it is at no entry. */
  index?: number | undefined;
  place?: ChainPlace | undefined;
  /** A word of ours for it: digest, prev, root… */
  what: string;
  expected: string;
  found: string;
}

/** Of two, the one whose entry comes first in the log; what is at no entry comes last. */
export function earlier(one: Finding | undefined, other: Finding | undefined): Finding | undefined {
  if (!one || !other) return one ?? other;
  return (other.index ?? Number.POSITIVE_INFINITY) < (one.index ?? Number.POSITIVE_INFINITY) ? other : one;
}
