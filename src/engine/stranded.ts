import type { Store } from '../db/store.ts';
import type { MachineStamp, Matter } from './types.ts';
import { findVersion, versionsOf } from './versions.ts';

/**
 * Before a server starts: every machine that stored cases are on must be here, or a way from it. Ended cases count as well:
 * they are still read, and still proven. Looks at the distinct machines only, so it costs the same with a million cases.
 * Answers the machines whose cases wait to be moved on.
 * @throws Error naming each machine that is missing, and what to do.
 */
export async function refuseStranded(
  store: Pick<Store, 'listMachines'>,
  matters: Map<string, Matter>,
): Promise<Used[]> {
  const used = await store.listMachines();
  const missing = used.filter((each) => !isLoaded(matters, each));
  const stranded = missing.filter((each) => !hasWayOn(matters, each));
  if (stranded.length > 0) throw new Error(stranded.map((each) => describe(matters, each)).join('\n'));
  return missing;
}

/** What is logged of the machines that are answered: their cases can be moved, and answer 503 until they are. */
export const WAITING = 'cases of a version that is not loaded wait for: banjian migrate';

interface Used {
  matter: string;
  machine: MachineStamp;
}

function isLoaded(matters: Map<string, Matter>, { matter, machine }: Used): boolean {
  const found = matters.get(matter);
  return found !== undefined && findVersion(found, machine) !== undefined;
}

/** A migration is from a version: it says nothing about another machine that bears its number. */
function hasWayOn(matters: Map<string, Matter>, { matter, machine: { version } }: Used): boolean {
  const found = matters.get(matter);
  if (!found || isNumberTaken(found, version)) return false;
  return found.versions?.migrations.some(({ from }) => from === version) ?? false;
}

function isNumberTaken(matter: Matter, version: string): boolean {
  return versionsOf(matter).some((each) => each.version === version);
}

function describe(matters: Map<string, Matter>, { matter, machine }: Used): string {
  const found = matters.get(matter);
  const what = `${matter} ${machine.version} (${machine.definition})`;
  return found && isNumberTaken(found, machine.version)
    ? `已有办件使用 ${what},但该版本的流程定义已被改动,未启动。请恢复原定义并移入 versions/${machine.version}/,新定义改用新版本号。 ` +
        `There are cases of ${what}, but the machine of that version was edited: nothing was started. Put the old one into versions/${machine.version}/ and give the new one another version.`
    : `已有办件使用 ${what},但该版本未加载,也没有从它迁移的办法,未启动。请恢复 versions/${machine.version}/ 或提供迁移。 ` +
        `There are cases of ${what}, but that version is not loaded and no migration leads on from it: nothing was started. Bring versions/${machine.version}/ back, or give it a migration.`;
}
