import { z } from 'zod';
import type { CaseRow, LogEntry } from '../db/store.ts';
import { leavesOf, readEntry } from '../engine/entry.ts';

const time = z.string().describe('RFC 3339 UTC with milliseconds');

/** An entry as an answer names it: enough to read it in full, nothing personal. */
export const entryItem = z
  .object({
    index: z.int().describe('Its leaf in the log, from 0'),
    digest: z.string(),
    case: z.string().nullable().describe('Null in the service’s own chain'),
    kind: z.enum(['accepted', 'refused', 'read', 'service']),
    seq: z.int().describe('Its number in its chain, from 1'),
    at: time,
    type: z.string(),
    actor: z.object({ role: z.string(), id: z.string() }),
    machineVersion: z.string().nullable(),
    code: z.string().nullable().describe('Of a refusal'),
    href: z.string().nullable().describe('The history it stands in'),
  })
  .meta({ id: 'FoundEntry' });

export function toEntryItem({
  index,
  digest,
  caseId,
  kind,
  seq,
  bytes,
}: LogEntry): z.input<typeof entryItem> {
  const entry = readEntry(bytes);
  const code = kind === 'refused' ? entry.data.code : undefined;
  return {
    index,
    digest,
    case: caseId === '' ? null : caseId,
    kind,
    seq,
    at: entry.at,
    type: entry.type,
    actor: entry.actor,
    machineVersion: kind === 'service' ? null : entry.machine.version,
    code: typeof code === 'string' ? code : null,
    href: caseId === '' ? null : historyOf(caseId, kind),
  };
}

function historyOf(caseId: string, kind: LogEntry['kind']): string {
  return `/v1/audit/cases/${caseId}/history${kind === 'refused' ? '?refusals=true' : ''}`;
}

export const caseItem = z
  .object({
    case: z.string(),
    matter: z.string(),
    machineVersion: z.string(),
    person: z.string().describe('Pseudonym'),
    seq: z.int(),
    status: z.enum(['active', 'done']),
    states: z.array(z.string()).describe('Active leaves, dotted'),
    openedAt: time,
    updatedAt: time,
    href: z.string(),
  })
  .meta({ id: 'FoundCase' });

export function toCaseItem(row: CaseRow): z.input<typeof caseItem> {
  return {
    case: row.id,
    matter: row.matter,
    machineVersion: row.machine.version,
    person: row.owner,
    seq: row.seq,
    status: row.state.status,
    states: leavesOf(row.state.value),
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
    href: historyOf(row.id, 'accepted'),
  };
}
