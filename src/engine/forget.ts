import { listCases } from './erase.ts';
import type { Runtime } from './runtime.ts';

/** As often as the worker looks for what other processes gave back. */
const LOOK_EVERY_MS = 1_000;

/**
 * Looks who was erased by another process, and lets go of what this one still holds of them in memory: their key, their
 * values, the streams that follow their cases. Nothing of it would be served anyway: a key is asked of its row, a case
 * is checked by its seq. The answer ends it.
 */
export function forgetErased(runtime: Runtime): () => void {
  let seen: number | undefined;
  let cancel: () => void = () => {};
  let stopped = false;
  const look = async () => {
    const erased = await runtime.store.findErased(seen ?? 0);
    // Who was erased before this process began is not in its memory.
    if (seen !== undefined) for (const { personId } of erased) await forgetPerson(runtime, personId);
    seen = erased.at(-1)?.id ?? seen ?? 0;
  };
  const loop = async () => {
    await look().catch(() => undefined);
    if (!stopped) cancel = runtime.clock.after(LOOK_EVERY_MS, () => void loop());
  };
  void loop();
  return () => {
    stopped = true;
    cancel();
  };
}

async function forgetPerson(runtime: Runtime, personId: string): Promise<void> {
  runtime.vault.forgetPerson(personId);
  for (const row of await listCases(runtime, personId)) {
    runtime.hot.drop(row.id);
    runtime.bus.publish({ row, sent: true, problem: undefined });
  }
}
