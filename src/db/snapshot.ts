import type { Store } from './store.ts';

/** A database as it stood at one moment, for those who check it. What is written meanwhile is not seen, and not held up. */
export interface Snapshot {
  /** For reading only. */
  store: Omit<Store, 'close'>;
  /** Every case, in the order in which they were opened. */
  caseIds(): Iterable<string>;
  /** Rows that follow from no entry, where that can be told of a row by itself. */
  findStray: () => Stray | undefined;
  close(): void;
}

/** `seq` is the entry it should follow from, 0 where there is none. */
export interface Stray {
  table: 'tasks' | 'claims' | 'keys' | 'none';
  caseId: string;
  seq: number;
  expected: string;
  found: string;
}
