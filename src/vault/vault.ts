import { createHmac, createSecretKey, hash, type KeyObject, randomBytes } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import { newId } from '../engine/ids.ts';
import type { EdgeTools, Personal } from '../engine/types.ts';
import type { Keys, WrappingKey } from './keys.ts';
import { takeRandom } from './random.ts';
import { seal, unseal } from './seal.ts';
import { epochOf, newestOf, unwrapKey, wrapKey } from './wrap.ts';

/** A personal value as the database holds it. */
export interface SealedValue {
  field: string;
  /** Goes into the entry: SHA-256 of the RFC 9901 disclosure, base64url. */
  digest: string;
  sealed: Buffer;
}

/** A value with its place in a history. */
export interface VaultRow extends SealedValue {
  caseId: string;
  seq: number;
}

/** One person's key, open. */
export interface PersonKey {
  personId: string;
  key: KeyObject;
}

/** A random id and a fresh key. `epoch` is that of the wrapping key. */
export interface NewPerson {
  id: string;
  wrappedKey: Buffer;
  epoch: number;
}

export interface Vault extends EdgeTools {
  newPerson(): NewPerson;
  /** @throws Error when it does not open: a person's key in a backup from before the last renewal, say. */
  openPerson(personId: string, wrappedKey: Buffer): PersonKey;
  /** The same key wrapped under the newest wrapping key; undefined when it is so already. */
  rewrap(personId: string, wrappedKey: Buffer): Buffer | undefined;
  /** The person was erased: their key must not stay in memory either. */
  forgetPerson(personId: string): void;
  /** The key that wraps now: its epoch and its age. */
  wrapping(): Pick<WrappingKey, 'epoch' | 'madeAt'>;
  /** Looks into the key file again. */
  reloadKeys(): void;
  sealValues(person: PersonKey, caseId: string, seq: number, values: Personal): SealedValue[];
  /** The latest value of each field. */
  openValues(person: PersonKey, rows: VaultRow[]): Personal;
  sealBytes(person: PersonKey, place: string, bytes: Buffer): Buffer;
  openBytes(person: PersonKey, place: string, blob: Buffer): Buffer;
  /** Keyed with the person's own key, so that it tells nothing once the person is erased. */
  fingerprint(person: PersonKey, value: string): string;
}

const CACHED_PERSONS = 10_000;

export function createVault(keys: Keys): Vault {
  const index = createSecretKey(keys.derive('index'));
  const codes = createSecretKey(keys.derive('codes'));
  const opened = new Map<string, PersonKey>();

  function openPerson(personId: string, wrappedKey: Buffer): PersonKey {
    const known = opened.get(personId);
    if (known) return known;
    const person = { personId, key: unwrapKey(personId, wrappedKey, keys) };
    if (opened.size >= CACHED_PERSONS) opened.delete(opened.keys().next().value ?? '');
    opened.set(personId, person);
    return person;
  }

  return {
    openPerson,
    newPerson() {
      const id = newId();
      const wrapping = newestOf(keys);
      return { id, wrappedKey: wrapKey(id, randomBytes(32), wrapping), epoch: wrapping.epoch };
    },
    rewrap(personId, wrappedKey) {
      const wrapping = newestOf(keys);
      if (epochOf(wrappedKey) === wrapping.epoch) return undefined;
      return wrapKey(personId, unwrapKey(personId, wrappedKey, keys).export(), wrapping);
    },
    forgetPerson: (personId) => void opened.delete(personId),
    wrapping: () => newestOf(keys),
    reloadKeys: () => keys.reload(),
    sealValues: (person, caseId, seq, values) =>
      Object.entries(values).map(([field, value]) => sealValue(person, { caseId, seq, field }, value)),
    openValues: (person, rows) =>
      Object.fromEntries(
        rows.toSorted((a, b) => a.seq - b.seq).map((row) => [row.field, openValue(person, row)]),
      ),
    sealBytes: (person, place, bytes) => seal(person.key, bytes, `${person.personId}|${place}`),
    openBytes: (person, place, blob) => unseal(person.key, blob, `${person.personId}|${place}`),
    fingerprint: (person, value) =>
      createHmac('sha256', person.key).update('fingerprint\0').update(value).digest('base64url').slice(0, 22),
    digestOf: (purpose, value) =>
      createHmac('sha256', index).update(`${purpose}\0`).update(value).digest('base64url'),
    codeFor: (effectKey, mobile) => sixDigits(codes, `${effectKey}\0${mobile}`),
    // OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane.
    hashPassword: (password) => argon2(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  };
}

interface Place {
  caseId: string;
  seq: number;
  field: string;
}

function placeOf(person: PersonKey, place: Place): string {
  return `${person.personId}|${place.caseId}|${place.seq}|${place.field}`;
}

function sealValue(person: PersonKey, place: Place, value: string): SealedValue {
  const salt = takeRandom(16).toString('base64url');
  const disclosure = Buffer.from(JSON.stringify([salt, place.field, value])).toString('base64url');
  return {
    field: place.field,
    digest: hash('sha256', disclosure, 'base64url'),
    sealed: seal(person.key, Buffer.from(disclosure), placeOf(person, place)),
  };
}

/** @throws Error when the row does not belong where it lies, or is not what its entry says. */
function openValue(person: PersonKey, row: VaultRow): string {
  const disclosure = unseal(person.key, row.sealed, placeOf(person, row));
  const digest = hash('sha256', disclosure, 'base64url');
  if (digest !== row.digest)
    throw new Error(`vault value ${row.field} of entry ${row.seq} has another digest`);
  const [, , value] = JSON.parse(Buffer.from(disclosure.toString(), 'base64url').toString()) as string[];
  return value ?? '';
}

/** Unbiased enough for a code that lives 5 minutes and 5 tries: 48 bits taken modulo a million. */
function sixDigits(key: KeyObject, message: string): string {
  const number = createHmac('sha256', key).update(message).digest().readUIntBE(0, 6) % 1_000_000;
  return String(number).padStart(6, '0');
}
