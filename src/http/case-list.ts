import type { CaseRow } from '../db/store.ts';
import { restore } from '../engine/interpret.ts';
import { activeLeaves } from '../engine/present.ts';
import { getMatter, type Runtime } from '../engine/runtime.ts';

/** How many to a page, from a query that was checked. */
export function limitOf(text: string | undefined): number {
  return text === undefined ? 50 : Number(text);
}

/** A case in a list: nothing of it that is personal. */
export function summariseCase(runtime: Runtime, row: CaseRow) {
  const { machine } = getMatter(runtime, row);
  return {
    id: row.id,
    matter: row.matter,
    machineVersion: row.machine.version,
    seq: row.seq,
    status: row.state.status,
    states: activeLeaves(restore(machine, row.state)),
    href: `/v1/cases/${row.id}`,
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
  };
}
