import type { CaseRow, Commit, KeyRow } from '../../src/db/store.ts';
import { digestOf } from '../../src/engine/canonical.ts';
import type { CaseState, Json, JsonObject, Limit, NewTask, StoredEntry } from '../../src/engine/types.ts';
import type { SealedValue } from '../../src/vault/vault.ts';

const START = Date.parse('2026-07-01T00:00:00.000Z');

/** So many seconds after the moment at which every sample case is opened. */
export function at(seconds: number): string {
  return new Date(START + Math.round(seconds * 1000)).toISOString();
}

export function stateOf(value: CaseState['value'], context: JsonObject = {}): CaseState {
  return { status: 'active', value, context, history: {}, children: {}, timers: {}, failed: {} };
}

export function caseRow(changes: Partial<CaseRow> = {}): CaseRow {
  return {
    id: 'c1',
    matter: 'sample',
    machine: { id: 'sample', version: '1.0.0', definition: 'sha256:00' },
    owner: 'p1',
    state: stateOf('first'),
    entered: { first: at(0) },
    seq: 1,
    head: '',
    refusals: 0,
    refusalHead: '',
    reads: 0,
    readHead: '',
    openedAt: at(0),
    updatedAt: at(0),
    ...changes,
  };
}

export function entryOf(bytes: string): StoredEntry {
  return { bytes, digest: digestOf(bytes) };
}

export function firstCommit(row: CaseRow, changes: Partial<Omit<Commit, 'row'>> = {}): Commit {
  const entry = changes.entry ?? entryOf(`{"case":"${row.id}","seq":${row.seq}}`);
  return {
    entry,
    at: at(0),
    changesStates: true,
    tags: undefined,
    start: [],
    cancel: [],
    lease: { owner: 'this process', until: at(60) },
    vault: [],
    limits: [],
    marks: [],
    ...changes,
    row: { ...row, head: entry.digest },
    ...(changes.key ? { key: { ...changes.key, seq: row.seq } } : {}),
  };
}

/** The event after `row`. */
export function nextCommit(
  row: CaseRow,
  { row: rowChanges, ...changes }: Partial<Omit<Commit, 'row'>> & { row?: Partial<CaseRow> } = {},
): Commit {
  const moment = changes.at ?? at(row.seq);
  return firstCommit(
    { ...row, updatedAt: moment, ...rowChanges, seq: row.seq + 1 },
    { ...changes, at: moment },
  );
}

export function keyRow(
  scope: string,
  key: string,
  caseId: string,
  fields: Record<string, string> = {},
): KeyRow {
  return { scope, key, caseId, event: 'sample.send', fields, seq: 0, waitMs: 0 };
}

export function limit(scope: string, subject: string, max: number, windowMs = 3_600_000): Limit {
  return { scope, subject, max, windowMs, problem: { code: 'too-many-requests' } };
}

export function sealed(field: string, bytes: string): SealedValue {
  return { field, digest: `digest of ${bytes}`, sealed: Buffer.from(bytes) };
}

export function effect(ref: string, changes: { key?: string; input?: Json } = {}): NewTask {
  return { kind: 'effect', ref, name: 'work', key: `c1:1:${ref}`, input: null, dueAt: at(0), ...changes };
}

export function action(ref: string): NewTask {
  return { kind: 'action', ref, name: 'notify', key: `c1:${ref}`, input: {}, dueAt: at(0) };
}

export function timer(ref: string, dueAt: string): NewTask {
  return { kind: 'timer', ref, name: ref, key: `c1:1:${ref}`, input: null, dueAt };
}
