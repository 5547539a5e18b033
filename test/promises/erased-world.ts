import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import type { Eraser } from '../../src/engine/erase.ts';
import { createFileStore } from '../../src/vault/files.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault, type PersonKey, type Vault } from '../../src/vault/vault.ts';
import { type Applicant, applicantOf } from '../applicant.ts';
import { type HandClock, png, type TestApp, type TestClient } from '../helpers.ts';
import { inventPeople } from '../load/people.ts';

/** Somebody with everything that can be known of them here. */
export interface Resident {
  id: string;
  name: string;
  idNumber: string;
  mobile: string;
  nickname: string;
  fileName: string;
  token: string;
  client: TestClient;
  applicant: Applicant;
  caseId: string | undefined;
}

/** Every way of being here: typed their name, waiting for a code, in the form, filed with evidence, no case at all. */
const STAGES = [
  'notice.reading',
  'registration.smsCode.sent',
  'form.normal',
  'submitted.received',
  'submitted.awaitingEnterprise',
  undefined,
] as const;
const REGISTERS = 1;
const FORCED = 3;

/** Names of one length, none of which is part of another and none too short to be looked for. */
export function invent(count: number) {
  return inventPeople(count).map((one, index) => ({
    ...one,
    name: `例${String(index)
      .padStart(5, '0')
      .replaceAll(/./g, (digit) => '零一二三四五六七八九'[Number(digit)] ?? '')}`,
    registered: index % STAGES.length !== REGISTERS,
  }));
}

/** `number` of the people that the world was made of, walked as far as their stage. */
export async function settleIn(kit: TestApp, number: number): Promise<Resident> {
  const person = invent(number + 1)[number];
  if (!person) throw new Error('nobody invented');
  const { name, idNumber, mobile } = person;
  const client = await kit.person({ profile: false });
  const nickname = `金丝雀昵称${String(number).padStart(5, '0')}`;
  const fileName = `金丝雀裁决书${String(number).padStart(5, '0')}.png`;
  await client.put('/v1/me/profile', { nickname });
  await client.upload('PUT', '/v1/me/avatar', {}, { name: 'avatar.png', bytes: png() });
  const { id } = (await client.get('/v1/me')).json<{ id: string }>();
  const applicant = applicantOf(kit, client);
  const resident = {
    id,
    name,
    idNumber,
    mobile,
    nickname,
    fileName,
    token: client.token ?? '',
    client,
    applicant,
  };
  return { ...resident, caseId: await walkTo(resident, number % STAGES.length, [...person.specialties]) };
}

async function walkTo(
  { name, idNumber, mobile, fileName, client, applicant }: Omit<Resident, 'caseId'>,
  stage: number,
  specialties: string[],
): Promise<string | undefined> {
  const until = STAGES[stage];
  if (until === undefined) return undefined;
  const { id } = await applicant.open();
  const walker = {
    name,
    idNumber,
    mobile,
    specialties,
    kind: stage === FORCED ? ('forced' as const) : ('normal' as const),
  };
  if (stage === FORCED) {
    await applicant.walk(id, walker, 'form.forced');
    await client.upload(
      'POST',
      `/v1/cases/${id}/attachments`,
      { material: 'arbitration' },
      { name: fileName, bytes: png() },
    );
  }
  await applicant.walk(id, walker, until);
  return id;
}

/** As another process on the same folder has it: nothing is shared but the files. */
export function openBeside(folder: string, clock: HandClock): Eraser & { store: Store } {
  const vault = createVault(loadKeys(join(folder, 'banjian.key')));
  const store = openStore(join(folder, 'banjian.db'));
  return { store, vault, clock, owner: 'beside', files: createFileStore(join(folder, 'files'), vault) };
}

interface SealedRow {
  caseId: string;
  owner: string;
  seq: number;
  field: string;
  digest: string;
  sealed: Buffer;
}

/** All that whoever has a database and a key file can read of anyone, in clear. */
export function openEverything(database: string, keyFile: string): Buffer {
  const vault = createVault(loadKeys(keyFile));
  const db = new Database(database, { readonly: true });
  try {
    const opened = listPersons(db).flatMap((person) => openPerson(db, vault, person));
    return Buffer.from(opened.join('\n'));
  } finally {
    db.close();
  }
}

interface PersonRow {
  id: string;
  wrapped: Buffer;
  nickname: Buffer | null;
}

export function listPersons(db: Database.Database): PersonRow[] {
  return db.prepare<[], PersonRow>('SELECT id, wrapped_key AS wrapped, nickname FROM persons').all();
}

export function listSealed(db: Database.Database, owner: string): SealedRow[] {
  return db
    .prepare<[string], SealedRow>(
      'SELECT cases.id AS caseId, owner, vault.seq, field, digest, sealed FROM vault JOIN cases ON no = case_no WHERE owner = ?',
    )
    .all(owner);
}

function openPerson(db: Database.Database, vault: Vault, { id, wrapped, nickname }: PersonRow): string[] {
  const person = tryKey(vault, id, wrapped);
  if (!person) return [];
  const values = listSealed(db, id).flatMap((row) => Object.values(vault.openValues(person, [row])));
  return [...values, ...(nickname ? [vault.openBytes(person, 'profile|nickname', nickname).toString()] : [])];
}

function tryKey(vault: Vault, id: string, wrapped: Buffer): PersonKey | undefined {
  try {
    return vault.openPerson(id, wrapped);
  } catch {
    return undefined;
  }
}
