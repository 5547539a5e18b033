import { computed, ref } from 'vue';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

const offline = ref(!navigator.onLine);
const waiting = ref(0);

addEventListener('online', () => {
  offline.value = false;
});
addEventListener('offline', () => {
  offline.value = true;
});

/** What stands between this page and the service now. */
export const trouble = computed<'offline' | 'retrying' | undefined>(() => {
  if (offline.value) return 'offline';
  return waiting.value > 0 ? 'retrying' : undefined;
});

/** An answer that says: come again. */
export interface ComeAgain {
  afterMs: number;
}

/**
 * Asks until there is an answer. Whoever sends something gives the same idempotency key each time, so that what was done
 * though its answer was lost is not done twice.
 */
export async function untilAnswered<T extends object>(
  ask: () => Promise<T | ComeAgain>,
  signal?: AbortSignal,
): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const answer = await ask().catch((error: unknown) => {
      // fetch throws a TypeError when there is no answer, and so does nothing else of ours.
      if (error instanceof TypeError && !signal?.aborted) return { afterMs: wait };
      throw error;
    });
    const busy = comeAgainOf(answer);
    if (!busy) return answer as T;
    waiting.value++;
    await pause(busy.afterMs, signal);
    waiting.value--;
  }
}

/** 503 says when to come back; the typed client hands the response on beside what it read. */
function comeAgainOf(answer: object): ComeAgain | undefined {
  if ('afterMs' in answer) return answer as ComeAgain;
  if (!('response' in answer && answer.response instanceof Response)) return undefined;
  return comeAgainIfBusy(answer.response);
}

export function comeAgainIfBusy({ status, headers }: Response): ComeAgain | undefined {
  return status === 503 ? { afterMs: Number(headers.get('retry-after') ?? 1) * 1000 } : undefined;
}

/** For so long, or until the network is back. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    signal?.addEventListener('abort', end);
  });
}
