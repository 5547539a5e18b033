import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { openStore } from '../../../src/db/open.ts';
import { openLog } from '../../../src/log/open.ts';

/** Where a server of a test keeps it. */
export function logKeyFileOf(data: string): string {
  return join(data, 'log.keys');
}

/** Brings every entry under a checkpoint, or a server would be busy with that while it is measured. Answers how many there are. */
export async function publishAll(data: string): Promise<number> {
  const store = openStore(join(data, 'banjian.db'));
  const nothing = () => {};
  const publisher = await openLog({
    source: store,
    folder: join(data, 'log'),
    clock: systemClock,
    log: { warn: nothing, error: nothing },
    key: { file: logKeyFileOf(data), origin: 'banjian.local/log', sm2: false },
  });
  await publisher.publish();
  const { size } = publisher.checkpoint();
  await publisher.stop();
  await store.close();
  return size;
}
