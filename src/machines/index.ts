import { readdir } from 'node:fs/promises';
import type { Matter } from '../engine/types.ts';
import type { Providers } from '../providers/types.ts';
import type { AddressLimits } from './shared/steps/events.ts';

interface MatterFolder {
  createMatter(providers: Providers, limits: AddressLimits): Matter;
}

/** Every folder beside this file is a matter, but `shared`. By id. */
export async function loadMatters(providers: Providers, limits: AddressLimits): Promise<Map<string, Matter>> {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'shared');
  const matters = await Promise.all(folders.map((folder) => loadMatter(folder.name, providers, limits)));
  return new Map(matters.map((matter) => [matter.id, matter]));
}

async function loadMatter(folder: string, providers: Providers, limits: AddressLimits): Promise<Matter> {
  const module = (await import(`./${folder}/index.ts`)) as MatterFolder;
  return module.createMatter(providers, limits);
}
