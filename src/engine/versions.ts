import { stampOf } from './interpret.ts';
import type { MachineStamp, Matter, Migration } from './types.ts';

/** The entry that moves a case to another version of its machine. It comes from the system and from nobody else. */
export const MIGRATE = 'case.migrate';

/** A history, or a case, of a machine that is not here to run it. */
export class MachineNotLoaded extends Error {
  override name = 'MachineNotLoaded';
  readonly machine: MachineStamp;

  constructor(machine: MachineStamp) {
    super(`${machine.id} ${machine.version}: that machine is not loaded`);
    this.machine = machine;
  }
}

/** Every version of a matter that is loaded, newest first; the matter that is asked stands for its own version. */
export function versionsOf(matter: Matter): Matter[] {
  const all = matter.versions?.all ?? [matter];
  return all.map((each) => (each.version === matter.version ? matter : each));
}

/** The version that wrote under this stamp; undefined when that machine, in that structure, is not loaded. */
export function findVersion(matter: Matter, stamp: MachineStamp): Matter | undefined {
  return wrote(matter, stamp) ? matter : matter.versions?.all.find((each) => wrote(each, stamp));
}

function wrote({ machine, version }: Matter, stamp: MachineStamp): boolean {
  return isSameMachine(stampOf(machine, version), stamp);
}

/** @throws MachineNotLoaded */
export function getVersion(matter: Matter, stamp: MachineStamp): Matter {
  const found = findVersion(matter, stamp);
  if (!found) throw new MachineNotLoaded(stamp);
  return found;
}

export function findMigration(matter: Matter, from: string, to: string): Migration | undefined {
  return matter.versions?.migrations.find((each) => each.from === from && each.to === to);
}

export function isSameMachine(one: MachineStamp, other: MachineStamp): boolean {
  return one.id === other.id && one.version === other.version && one.definition === other.definition;
}
