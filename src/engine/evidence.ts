import type { CaseRow, Store } from '../db/store.ts';
import type { PersonKey, Vault, VaultRow } from '../vault/vault.ts';
import { Problem } from './errors.ts';
import { findMatter } from './runtime.ts';
import type { Matter } from './types.ts';
import type { Evidence } from './verify.ts';

/** Where evidence is read: in a running server, or in a snapshot beside it. */
export interface EvidenceSource {
  store: Pick<Store, 'findCase' | 'findLeaves' | 'findPersonKey' | 'readEntries' | 'readTasks' | 'readVault'>;
  /** Undefined where the key file is not at hand: then what is sealed is known by its digest only. */
  vault: Pick<Vault, 'openPerson' | 'openValues'> | undefined;
  matters: Map<string, Matter>;
}

/** How often a case is read again because it moved while it was read. */
const READS = 5;

/** @throws Problem busy when the case never stands still. */
export async function gatherEvidence(source: EvidenceSource, first: CaseRow): Promise<Evidence> {
  const { store } = source;
  let row = first;
  for (let read = 0; read < READS; read++) {
    const found = {
      accepted: await store.readEntries(row.id, 'accepted'),
      refused: await store.readEntries(row.id, 'refused'),
      read: await store.readEntries(row.id, 'read'),
      tasks: await store.readTasks(row.id),
      leaves: (await store.findLeaves(row.id)) ?? '',
    };
    const vault = await store.readVault(row.id);
    const now = (await store.findCase(row.id)) ?? row;
    if (now.seq === row.seq && now.refusals === row.refusals && now.reads === row.reads) {
      return { matter: findMatter(source, row), row, ...found, vault: await lookInto(source, row, vault) };
    }
    row = now;
  }
  throw new Problem({ code: 'busy', retryAfterSeconds: 1 });
}

/** Whether each sealed value opens. Nobody is shown what is in it. */
async function lookInto(source: EvidenceSource, row: CaseRow, rows: VaultRow[]): Promise<Evidence['vault']> {
  const { vault } = source;
  const person = vault && rows.length > 0 ? await findPerson(source, vault, row.owner) : undefined;
  const opens = (value: VaultRow) => {
    try {
      return person !== undefined && vault?.openValues(person, [value]) !== undefined;
    } catch {
      return false;
    }
  };
  return rows.map((value) => ({
    seq: value.seq,
    digest: value.digest,
    opens: vault === undefined ? undefined : opens(value),
  }));
}

/** A key that is gone, or does not open, opens nothing. */
async function findPerson(
  { store }: EvidenceSource,
  vault: Pick<Vault, 'openPerson'>,
  personId: string,
): Promise<PersonKey | undefined> {
  const wrapped = await store.findPersonKey(personId);
  try {
    return wrapped && vault.openPerson(personId, wrapped);
  } catch {
    return undefined;
  }
}
