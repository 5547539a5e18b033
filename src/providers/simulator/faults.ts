import { ProviderDown, type Providers } from '../types.ts';

export type ProviderName = keyof Providers;
/** Rejects as soon as the signal is aborted. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Fault {
  /** Calls that will fail, from the next one. 0 when left out. */
  failNext?: number | undefined;
  /** Each call waits so long, until set again. 0 when left out. */
  delayMs?: number | undefined;
}
export interface Faults {
  /** Replaces what was set for the provider before. */
  fail(provider: ProviderName, fault: Fault): void;
  /** Where every call passes before any work is done. */
  pass(provider: ProviderName, signal: AbortSignal): Promise<void>;
}

export function createFaults(delay: Delay): Faults {
  const faults = new Map<ProviderName, Required<Fault>>();
  return {
    fail: (provider, { failNext = 0, delayMs = 0 }) => void faults.set(provider, { failNext, delayMs }),
    pass: async (provider, signal) => {
      const { failNext = 0, delayMs = 0 } = faults.get(provider) ?? {};
      // Counted before the wait: of calls that wait together, only so many may fail.
      if (failNext > 0) faults.set(provider, { failNext: failNext - 1, delayMs });
      await wait(provider, delay, delayMs, signal);
      if (failNext > 0) throw new ProviderDown(`${provider} is down (simulated)`);
    },
  };
}

async function wait(
  provider: ProviderName,
  delay: Delay,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    signal.throwIfAborted();
    if (delayMs > 0) await delay(delayMs, signal);
    signal.throwIfAborted();
  } catch (cause) {
    throw new ProviderDown(`${provider} did not answer in time (simulated)`, { cause });
  }
}
