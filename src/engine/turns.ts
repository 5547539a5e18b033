/** One after another for the same case, in the order of asking; different cases do not wait for each other. */
export interface Turns {
  take<T>(id: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Spares events of one case the work of being decided on a state that another is about to change. What keeps a history
 * straight is the store's check of the seq, not this: another process has turns of its own.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(id, work) {
      const before = last.get(id);
      const mine = before ? before.then(work) : work();
      const settled = mine.catch(() => undefined);
      last.set(id, settled);
      try {
        return await mine;
      } finally {
        if (last.get(id) === settled) last.delete(id);
      }
    },
  };
}
