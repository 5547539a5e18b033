import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LogKeyOptions, openLogKeys } from './keys.ts';
import { openPublisher, type Publisher, type PublisherOptions } from './publisher.ts';

/**
 * Opens a log with its keys, and makes both where there is neither.
 * @throws Error when what is published, the keys and the database do not go together.
 */
export async function openLog(
  options: Omit<PublisherOptions, 'keys' | 'origin'> & { key: LogKeyOptions },
): Promise<Publisher> {
  const keys = await openLogKeys(options.key, existsSync(join(options.folder, 'checkpoint')));
  return openPublisher({ ...options, keys, origin: options.key.origin });
}
