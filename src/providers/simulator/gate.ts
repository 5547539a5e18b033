import type { Call } from '../types.ts';
import type { Faults, ProviderName } from './faults.ts';
import type { Ledger } from './ledger.ts';

/** The way into a simulator: the call is counted, then it waits or fails if so told, then the work is done. */
export interface Gate {
  /** Work that may be done again: it only reads, or comes to the same. */
  ask<T>(method: string, call: Call, work: () => T): Promise<T>;
  /** Work done once for a key. */
  once<T>(method: string, call: Call, work: () => T, isFinal?: (answer: T) => boolean): Promise<T>;
}

export function createGate(provider: ProviderName, ledger: Ledger, faults: Faults): Gate {
  const ask: Gate['ask'] = async (method, call, work) => {
    ledger.attempt(`${provider}.${method}`, call.key);
    await faults.pass(provider, call.signal);
    return work();
  };
  return {
    ask,
    once: (method, call, work, isFinal) =>
      ask(method, call, () => ledger.once(`${provider}.${method}`, call.key, work, isFinal)),
  };
}
