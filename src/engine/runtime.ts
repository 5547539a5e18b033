import type { CaseRow, Store, Task } from '../db/store.ts';
import type { PersonKey, Vault } from '../vault/vault.ts';
import type { Bus } from './bus.ts';
import { Problem } from './errors.ts';
import type { HotCase, HotCases } from './hot.ts';
import type { Turns } from './turns.ts';
import type { Caller, MachineStamp, Matter, Personal } from './types.ts';
import { findVersion } from './versions.ts';

/** The one source of time and the one way to wait, so that tests move time by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after `ms`, unless the answer is called first. */
  after(ms: number, callback: () => void): () => void;
}

/** What the write path and the worker stand on. */
export interface Runtime {
  store: Store;
  vault: Vault;
  matters: Map<string, Matter>;
  clock: Clock;
  bus: Bus;
  hot: HotCases;
  turns: Turns;
  /** Callers who wait for work outside: they take no time of ours. */
  waiting: { count: number };
  /** This process, as the holder of leases. */
  owner: string;
  log: Log;
  /** Takes tasks that a commit has just made, already under our lease. */
  startTasks(tasks: Task[]): void;
}

/** Structured lines without personal data: the fields are names and numbers of ours. */
export interface Log {
  warn(fields: Record<string, string | number>, message: string): void;
  error(fields: Record<string, string | number>, message: string): void;
}

/** A running provider call may take this long before another process may repeat it. */
export const LEASE_MS = 60_000;

/** Never earlier than what the case has seen: a clock set back must not turn a history around. */
export function stampTime(clock: Pick<Clock, 'now'>, notBefore = ''): string {
  const now = new Date(clock.now()).toISOString();
  return now > notBefore ? now : notBefore;
}

export function leaseOf(runtime: Pick<Runtime, 'owner' | 'clock'>): { owner: string; until: string } {
  return { owner: runtime.owner, until: new Date(runtime.clock.now() + LEASE_MS).toISOString() };
}

/** @throws Problem case-not-found: the same for a case that is not theirs as for one that never was. */
export async function getCase(runtime: Runtime, caseId: string, caller: Caller): Promise<CaseRow> {
  const row = await findRow(runtime, caseId);
  if (!row || !maySee(caller, row)) throw new Problem({ code: 'case-not-found' });
  return row;
}

/** Its state is read again only where it has moved on since this process last saw it. */
export async function findRow(runtime: Runtime, caseId: string): Promise<CaseRow | undefined> {
  return runtime.store.findCase(caseId, runtime.hot.find(caseId)?.row);
}

/** A row with what its person's key opens. */
export async function openCase(runtime: Runtime, row: CaseRow): Promise<HotCase> {
  const known = runtime.hot.find(row.id);
  if (known?.row.seq === row.seq) return { ...known, row };
  const person = await findPersonKey(runtime, row.owner);
  const opened = { row, person, personal: await openPersonal(runtime, row, row.seq) };
  runtime.hot.keep(opened);
  return opened;
}

/** The personal values of a case as they were after an entry; undefined when the person was erased since. */
export async function openPersonal(
  runtime: Runtime,
  row: CaseRow,
  seq: number,
): Promise<Personal | undefined> {
  const known = runtime.hot.find(row.id);
  // Only where the case still stands there: erasing a person moves each of their cases on.
  if (known?.row.seq === seq && row.seq === seq) return known.personal;
  const person = await findPersonKey(runtime, row.owner);
  return person && runtime.vault.openValues(person, await runtime.store.readLatestVault(row.id, seq));
}

/** Applicants see their own cases. An enterprise is not yet tied to its engineers' cases, so it sees none. */
function maySee(caller: Caller, row: CaseRow): boolean {
  if (caller.role === 'applicant') return row.owner === caller.id;
  return caller.role !== 'enterprise';
}

/** The matter in the version a case is on; undefined when that machine, in that version and structure, is not loaded. */
export function findMatter(
  runtime: Pick<Runtime, 'matters'>,
  row: { matter: string; machine: MachineStamp },
): Matter | undefined {
  const matter = runtime.matters.get(row.matter);
  return matter && findVersion(matter, row.machine);
}

/** @throws Problem version-not-loaded when the case is on a machine that is not loaded. */
export function getMatter(runtime: Runtime, row: { matter: string; machine: MachineStamp }): Matter {
  const matter = findMatter(runtime, row);
  if (!matter) throw new Problem({ code: 'version-not-loaded', retryAfterSeconds: 60 });
  return matter;
}

/** Undefined when the person was erased. Their row is asked every time: another process may have done it. */
export async function findPersonKey(
  runtime: Pick<Runtime, 'store' | 'vault'>,
  personId: string,
): Promise<PersonKey | undefined> {
  const wrapped = await runtime.store.findPersonKey(personId);
  if (wrapped) return runtime.vault.openPerson(personId, wrapped);
  runtime.vault.forgetPerson(personId);
  return undefined;
}

/** @throws Problem person-erased */
export async function getPersonKey(runtime: Runtime, personId: string): Promise<PersonKey> {
  const person = await findPersonKey(runtime, personId);
  if (!person) throw new Problem({ code: 'person-erased' });
  return person;
}
