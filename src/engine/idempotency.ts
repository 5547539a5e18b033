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

/** Keyed digests of a body's leaves by pointer: what differs can be named, what was sent cannot be read. */
function fingerprints(
  runtime: Runtime,
  person: PersonKey,
  body: unknown,
  pointer = '',
): Record<string, string> {
  if (typeof body === 'object' && body !== null && Object.keys(body).length > 0) {
    return Object.assign(
      {},
      ...Object.entries(body).map(([name, value]) =>
        fingerprints(
          runtime,
          person,
          value,
          `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        ),
      ),
    );
  }
  return pointer === '' ? {} : { [pointer]: runtime.vault.fingerprint(person, JSON.stringify(body) ?? '') };
}

/** @throws Problem idempotency-mismatch naming the pointers that differ. */
export function refuseIfDifferent(earlier: KeyRow, now: KeyRow): void {
  const pointers = new Set([...Object.keys(earlier.fields), ...Object.keys(now.fields)]);
  const differing = [...pointers].filter((pointer) => earlier.fields[pointer] !== now.fields[pointer]);
  if (earlier.event === now.event && differing.length === 0) return;
  const errors = (differing.length > 0 ? differing : ['']).map((pointer) => ({ pointer, code: 'differs' }));
  throw new Problem({ code: 'idempotency-mismatch', errors });
}
