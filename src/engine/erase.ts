import type { CaseRow, Commit } from '../db/store.ts';
import type { FileStore } from '../vault/files.ts';
import type { PersonKey, VaultRow } from '../vault/vault.ts';
import { Problem } from './errors.ts';
import { findPersonKey, type Runtime, stampTime } from './runtime.ts';
import { PERSON_ERASED, stepErased } from './step.ts';
import type { Actor } from './types.ts';
import { writeCommit } from './write.ts';

/** Why a person is erased, as 个人信息保护法 art. 47 counts the causes. Only the code is kept. */
export const ERASURE_REASONS = [
  'person-asked',
  'purpose-achieved',
  'retention-ended',
  'consent-withdrawn',
  'unlawful-handling',
  'law-requires',
] as const;
export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** What matters digest the values that people type for: limits, claims, and the index from an ID number. */
const DIGESTED_FOR = ['limit', 'claim', 'subject'];
/** How often it is planned anew because a case moved meanwhile. */
const TRIES = 20;

/** What erasing stands on; beside a running server too. */
export type Eraser = Pick<Runtime, 'store' | 'vault' | 'clock' | 'owner'> & {
  files: Pick<FileStore, 'removeAll'>;
};

export interface ErasureRequest {
  personId: string;
  reason: ErasureReason;
  actor: Actor;
}

/** What an erasure comes to. */
export interface ErasurePlan {
  commits: Commit[];
  /** Keyed digests of the person's values: what was counted under them goes too. */
  digests: string[];
  /** Sealed values that will be gone. */
  values: number;
  /** Work for others that is left undone, by name. */
  abandoned: string[];
}

/** `before`: the person had been erased already, and nothing was written. `purged`: the bytes are gone from disk. */
export type Erased = Omit<ErasurePlan, 'commits' | 'digests'> & {
  before: boolean;
  cases: string[];
  purged: boolean;
};

/**
 * Destroys a person's key and everything that says who they are, and ends each of their cases, in one transaction; then
 * their files. Done again it finishes what a crash left, and otherwise changes nothing.
 * @throws Problem not-found for a person who never was, busy when their cases never stand still.
 */
export async function erase(eraser: Eraser, request: ErasureRequest): Promise<Erased> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const plan = await planErasure(eraser, request);
    const { commits, digests } = plan;
    const at = stampTime(eraser.clock);
    const { personId, reason } = request;
    const outcome = await eraser.store.erase({ personId, reason, at, commits, digests });
    if (outcome === 'unknown') throw new Problem({ code: 'not-found' });
    if (outcome !== 'moved') return finish(eraser, personId, plan, outcome === 'erased-before');
  }
  throw new Problem({ code: 'busy', retryAfterSeconds: 1 });
}

/** The key is gone, so whatever is left cannot be read; it goes all the same. */
async function finish(
  { store, vault, files }: Eraser,
  personId: string,
  { commits, values, abandoned }: ErasurePlan,
  before: boolean,
): Promise<Erased> {
  vault.forgetPerson(personId);
  await files.removeAll(personId);
  const cases = before ? [] : commits.map(({ row }) => row.id);
  return { before, cases, values, abandoned, purged: await store.purge() };
}

/** Writes nothing. */
export async function planErasure(eraser: Eraser, request: ErasureRequest): Promise<ErasurePlan> {
  const { personId } = request;
  // A key that does not open keeps nobody from being erased: only what was counted of their values then stays.
  const person = await findPersonKey(eraser, personId).catch(() => undefined);
  const parts = await Promise.all((await listCases(eraser, personId)).map((row) => planCase(eraser, row)));
  const values = parts.flatMap(({ vault }) => vault);
  return {
    commits: parts.map(({ row, actions }) => endCase(eraser, request, row, actions)),
    digests: digestsOf(eraser, personId, person, values),
    values: values.length,
    abandoned: parts.flatMap(({ actions }) => actions),
  };
}

export async function listCases({ store }: Pick<Runtime, 'store'>, owner: string): Promise<CaseRow[]> {
  const found: CaseRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.searchCases({ owner, limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

async function planCase({ store }: Eraser, row: CaseRow) {
  const tasks = await store.readTasks(row.id);
  const actions = tasks.filter(({ kind }) => kind === 'action').map(({ name }) => name);
  return { row, actions, vault: await store.readVault(row.id) };
}

function endCase(eraser: Eraser, request: ErasureRequest, row: CaseRow, abandoned: string[]): Commit {
  const { reason, actor } = request;
  const at = stampTime(eraser.clock, row.updatedAt);
  return writeCommit(
    eraser,
    { row, person: undefined, personal: undefined, at },
    {
      type: PERSON_ERASED,
      actor,
      facts: { reason, abandoned },
      personal: {},
      files: [],
      step: stepErased(row.state),
      prepared: {},
      key: undefined,
    },
  );
}

function digestsOf(
  { vault }: Eraser,
  personId: string,
  person: PersonKey | undefined,
  rows: VaultRow[],
): string[] {
  const values = new Set([personId, ...rows.flatMap((row) => openOne(vault, person, row))]);
  return [...values].flatMap((value) => DIGESTED_FOR.map((purpose) => vault.digestOf(purpose, value)));
}

/** One that was tampered with must not keep the others from being erased. */
function openOne(vault: Eraser['vault'], person: PersonKey | undefined, row: VaultRow): string[] {
  try {
    return person ? Object.values(vault.openValues(person, [row])) : [];
  } catch {
    return [];
  }
}
