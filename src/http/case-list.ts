import type { CaseRow } from '../db/store.ts';
import { leavesOf } from '../engine/entry.ts';

/** A case in a list: nothing of it that is personal. */
export function summariseCase(row: CaseRow) {
  return {
    id: row.id,
    matter: row.matter,
    machineVersion: row.machine.version,
    seq: row.seq,
    status: row.state.status,
    states: leavesOf(row.state.value),
    href: `/v1/cases/${row.id}`,
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
  };
}
