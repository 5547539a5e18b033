import type { CaseRow } from '../db/store.ts';
import type { PersonKey } from '../vault/vault.ts';
import type { Personal } from './types.ts';

/** A case as this process last saw it: its row, its person's key, and their values up to that seq, open. */
export interface HotCase {
  row: CaseRow;
  /** Both undefined once the person was erased. */
  person: PersonKey | undefined;
  personal: Personal | undefined;
}

/** What was last used, so that it need not be read, parsed and opened again. Whoever takes one out checks its seq. */
export interface HotCases {
  find(id: string): HotCase | undefined;
  keep(hot: HotCase): void;
  /** For a case whose values must not stay in memory. */
  drop(id: string): void;
}

/** At most `max` cases, some 10 KB each; 0 keeps none. */
export function createHotCases(max: number): HotCases {
  const kept = new Map<string, HotCase>();
  return {
    find: (id) => kept.get(id),
    drop: (id) => void kept.delete(id),
    keep(hot) {
      const { id, seq } = hot.row;
      const known = kept.get(id);
      // A slow reader must not put an older state over a newer one.
      if (max === 0 || (known && known.row.seq > seq)) return;
      kept.delete(id);
      kept.set(id, hot);
      if (kept.size > max) kept.delete(kept.keys().next().value ?? '');
    },
  };
}
