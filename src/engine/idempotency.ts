import type { KeyRow } from '../db/store.ts';
import type { PersonKey } from '../vault/vault.ts';
import { Problem } from './errors.ts';
import type { Runtime } from './runtime.ts';

/** What a request under a key is, so that the same can be told from another. */
export interface Keyed {
  /** Whose keys these are: one person's for opening, one caller's within one case. */
  scope: string;
  key: string;
  caseId: string;
  event: string;
  body: unknown;
  waitMs: number;
}

/** The row that goes in with the event. Neither the key nor the body can be read from it. */
export function keyRow(runtime: Runtime, person: PersonKey, keyed: Keyed): KeyRow {
  const { scope, caseId, event, waitMs } = keyed;
  return {
    scope,
    key: runtime.vault.digestOf('idempotency', `${scope}\0${keyed.key}`),
    caseId,
    event,
    fields: fingerprints(runtime, person, keyed.body),
    seq: 0,
    waitMs,
  };
}

/** A form has no more. */
const MAX_FIELDS = 64;

/**
 * Keyed digests of a body by field: what differs can be named, what was sent cannot be read. The body is not yet checked
 * here, so this looks no deeper than its fields and at no more of them than a form can have.
 */
function fingerprints(runtime: Runtime, person: PersonKey, body: unknown): Record<string, string> {
  const fields =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  if (body !== undefined && (fields.length > MAX_FIELDS || (fields.length === 0 && !isEmpty(body)))) {
    return { '': runtime.vault.fingerprint(person, textOf(body)) };
  }
  return Object.fromEntries(
    fields.map(([name, value]) => [pointerTo(name), runtime.vault.fingerprint(person, textOf(value))]),
  );
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** @throws Problem malformed for what is nested too deep to be written again. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    throw new Problem({ code: 'malformed' });
  }
}

/** @throws Problem idempotency-mismatch naming the pointers that differ. */
export function refuseIfDifferent(earlier: KeyRow, now: KeyRow): void {
  const pointers = new Set([...Object.keys(earlier.fields), ...Object.keys(now.fields)]);
  const differing = [...pointers].filter((pointer) => earlier.fields[pointer] !== now.fields[pointer]);
  if (earlier.event === now.event && differing.length === 0) return;
  const errors = (differing.length > 0 ? differing : ['']).map((pointer) => ({ pointer, code: 'differs' }));
  throw new Problem({ code: 'idempotency-mismatch', errors });
}
