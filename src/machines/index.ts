import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { Matter, Migration } from '../engine/types.ts';
import type { Providers } from '../providers/types.ts';
import { joinVersions } from './define.ts';
import type { AddressLimits } from './shared/steps/events.ts';

interface MatterModule {
  createMatter(providers: Providers, limits: AddressLimits): Matter;
}
/** A folder of `versions/`: the matter as it then was, and how its open cases move on, if they do. */
interface VersionModule extends MatterModule {
  migrations?: Migration[];
}

const HERE = new URL('.', import.meta.url);

/** Every folder beside this file is a matter, but `shared`; each comes with the versions in its `versions/`. By id. */
export async function loadMatters(
  providers: Providers,
  limits: AddressLimits,
  root = HERE,
): Promise<Map<string, Matter>> {
  const folders = (await listFolders(root)).filter((name) => name !== 'shared');
  const matters = await Promise.all(
    folders.map((name) => loadMatter(new URL(`${name}/`, root), providers, limits)),
  );
  return new Map(matters.map((matter) => [matter.id, matter]));
}

/** @throws Error when its versions do not fit together. */
async function loadMatter(folder: URL, providers: Providers, limits: AddressLimits): Promise<Matter> {
  const current = (await load<MatterModule>(folder)).createMatter(providers, limits);
  const versions = new URL('versions/', folder);
  const names = existsSync(versions) ? await listFolders(versions) : [];
  const modules = await Promise.all(names.map((name) => load<VersionModule>(new URL(`${name}/`, versions))));
  const earlier = modules.map((module) => module.createMatter(providers, limits));
  const migrations = modules.flatMap((module) => module.migrations ?? []);
  return joinVersions(current, earlier.toSorted(newestFirst), migrations);
}

async function load<Module>(folder: URL): Promise<Module> {
  return (await import(new URL('index.ts', folder).href)) as Module;
}

async function listFolders(root: URL): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Versions are numbered, or dotted: 10 comes after 9. */
function newestFirst(one: Matter, other: Matter): number {
  return other.version.localeCompare(one.version, 'en', { numeric: true });
}
