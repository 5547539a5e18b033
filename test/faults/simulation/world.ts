import type { Store } from '../../../src/db/store.ts';
import { canonical } from '../../../src/engine/canonical.ts';
import type { Runtime } from '../../../src/engine/runtime.ts';
import type { Caller, Matter, Personal } from '../../../src/engine/types.ts';
import type { Worker } from '../../../src/engine/worker.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import type { Choices } from './choices.ts';
import type { Histories } from './histories.ts';
import type { Oracle } from './oracle.ts';
import type { Desk } from './outside.ts';
import type { Plant } from './plants.ts';
import type { Profile } from './profile.ts';
import type { ClientRequest } from './requests.ts';
import type { Schedule, Time } from './schedule.ts';

/** One server process, until it ends. A restarted one is another. */
export interface Process {
  /** A1 is the first process in place A, A2 the one after it. */
  name: string;
  place: string;
  runtime: Runtime;
  worker: Worker;
  /** Takes requests. Before that it starts, after that it stops. */
  listens: boolean;
}

/** A device with a session, and who holds it. */
export interface Person {
  caller: Caller;
  sample: PersonSample;
}

/** A promise that does not hold, and where it was seen. */
export interface Break {
  promise: string;
  detail: string;
  step: number;
}

/** Everything there is in one run. */
export interface World {
  choices: Choices;
  profile: Profile;
  plant: Plant;
  schedule: Schedule;
  time: Time;
  /** The database itself. The engine comes to it only through `faulty-store.ts`. */
  truth: Store;
  oracle: Oracle;
  histories: Histories;
  vault: Vault;
  /** Reads what is there as the engine does, past every fault, and remembers nothing. */
  observer: Runtime;
  matters: Map<string, Matter>;
  desk: Desk;
  people: Person[];
  /** Which processes there are, by place; undefined where one has crashed. */
  processes: Map<string, Process | undefined>;
  requests: ClientRequest[];
  /** The last mark given to a request. */
  mark: number;
  /** What clients were told since the last look, checked once the histories are up to date. */
  told: (() => void | Promise<void>)[];
  /** Cases that a write has touched since the last look. */
  touched: Set<string>;
  /** No faults any more: what is under way must come to its end. */
  calm: boolean;
  step: number;
  trace: string[];
  counts: Map<string, number>;
  broken: Break | undefined;
}

export function say(world: World, line: string): void {
  world.trace.push(`${world.step} ${line}`);
}

export function count(world: World, what: string): void {
  world.counts.set(what, (world.counts.get(what) ?? 0) + 1);
}

/** The first promise that breaks is the one that counts: the rest may follow from it. */
export function blame(world: World, promise: string, detail: string): void {
  world.broken ??= { promise, detail: shortNames(world, detail), step: world.step };
}

/** The step from which a late answer may come. */
export function later({ choices, step }: World): number {
  return step + choices.pick(25);
}

/** c1, c2 … in the order of their appearance: a case's id is random, and a trace must not be. */
export function nameOf(world: World, caseId: string): string {
  return world.histories.nameOf(caseId);
}

export function shortNames(world: World, text: string): string {
  return world.histories.ids().reduce((all, id) => all.replaceAll(id, nameOf(world, id)), text);
}

/** Whether these are the values that the vault holds up to an entry. */
export async function isPersonalAt(
  { truth, vault }: World,
  caseId: string,
  seq: number,
  given: Personal | undefined,
): Promise<boolean> {
  const row = await truth.findCase(caseId);
  const wrapped = row && (await truth.findPersonKey(row.owner));
  if (!wrapped || !given) return false;
  const rows = await truth.readLatestVault(caseId, seq);
  return canonical(vault.openValues(vault.openPerson(row.owner, wrapped), rows)) === canonical(given);
}

export function listening(world: World): Process[] {
  return [...world.processes.values()]
    .filter((process) => process?.listens === true)
    .map((each) => each as Process);
}
