import { EventEmitter } from 'node:events';
import type { CaseRow } from '../db/store.ts';
import type { ProblemSpec } from './types.ts';

/** Said after each commit, to whoever in this process waits for it. */
export interface Committed {
  row: CaseRow;
  /** Whether somebody sent it, or it is a result or a timer. */
  sent: boolean;
  problem: ProblemSpec | undefined;
}

export interface Bus {
  publish(committed: Committed): void;
  /** Every later commit of this case. The answer ends the subscription. */
  subscribe(caseId: string, listener: (committed: Committed) => void): () => void;
}

export function createBus(): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    publish(committed) {
      emitter.emit(committed.row.id, committed);
    },
    subscribe(caseId, listener) {
      emitter.on(caseId, listener);
      return () => emitter.off(caseId, listener);
    },
  };
}
