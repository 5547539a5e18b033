import { writeEntry } from './entry.ts';
import { type Runtime, stampTime } from './runtime.ts';
import { findTags } from './tags.ts';
import type { Actor, JsonObject, ServiceEntry } from './types.ts';

/** What happened to the service as a whole, and to no case: without a name of anybody. */
export interface Happened {
  type: string;
  actor: Actor;
  data: JsonObject;
}

/** Appends to the service's own chain. @throws Problem storage-unavailable */
export async function recordService(
  { store, clock }: Pick<Runtime, 'store' | 'clock'>,
  { type, actor, data }: Happened,
): Promise<void> {
  for (;;) {
    const { seq, head } = await store.findServiceHead();
    const number = seq + 1;
    const line: ServiceEntry = {
      v: 1,
      kind: 'service',
      seq: number,
      type,
      at: stampTime(clock),
      actor,
      data,
      prev: head,
    };
    if (await store.appendService({ number, entry: writeEntry(line), tags: findTags(line) })) return;
  }
}
