import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDurableFolder } from './durable.ts';
import { type LogKeyOptions, openLogKeys } from './keys.ts';
import { openPublisher, type Publisher, type PublisherOptions } from './publisher.ts';

export interface LogOptions extends Omit<PublisherOptions, 'folder' | 'keys' | 'origin'> {
  /** The path of the static folder. */
  folder: string;
  key: LogKeyOptions;
}

/**
 * Opens a log with its keys, and makes both where there is neither.
 * @throws Error when what is published, the keys and the database do not go together.
 */
export async function openLog({ folder, key, ...options }: LogOptions): Promise<Publisher> {
  const keys = await openLogKeys(key, existsSync(join(folder, 'checkpoint')));
  return openPublisher({ ...options, keys, folder: createDurableFolder(folder), origin: key.origin });
}
