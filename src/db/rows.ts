import { leavesOf, stateText } from '../engine/entry.ts';
import { earliestOf } from '../engine/tags.ts';
import type { CaseState, Entered } from '../engine/types.ts';
import type { CaseRow, KeyRow, Task } from './store.ts';

/** The columns of a case, as every dialect stores them. */
export interface CaseColumns {
  id: string;
  matter: string;
  machineId: string;
  machineVersion: string;
  machineDefinition: string;
  owner: string;
  state: string;
  leaves: string;
  entered: string;
  enteredAt: string;
  seq: number;
  head: string;
  refusals: number;
  refusalHead: string;
  reads: number;
  readHead: string;
  openedAt: string;
  updatedAt: string;
}

export function toCaseColumns(row: CaseRow): CaseColumns {
  const { machine, state, entered, ...rest } = row;
  return {
    ...rest,
    ...toStateColumns({ state, entered }),
    machineId: machine.id,
    machineVersion: machine.version,
    machineDefinition: machine.definition,
  };
}

/** What of a case changes when it moves. */
function toStateColumns({ state, entered }: Pick<CaseRow, 'state' | 'entered'>) {
  return {
    state: stateText(state),
    leaves: ` ${leavesOf(state.value).join(' ')} `,
    entered: JSON.stringify(entered),
    enteredAt: earliestOf(entered),
  };
}

export function toCaseRow(columns: CaseColumns): CaseRow {
  const { id, matter, owner, seq, head, refusals, refusalHead, reads, readHead, openedAt, updatedAt } =
    columns;
  return {
    id,
    matter,
    machine: {
      id: columns.machineId,
      version: columns.machineVersion,
      definition: columns.machineDefinition,
    },
    owner,
    state: JSON.parse(columns.state) as CaseState,
    entered: columns.entered === '' ? {} : (JSON.parse(columns.entered) as Entered),
    seq,
    head,
    refusals,
    refusalHead,
    reads,
    readHead,
    openedAt,
    updatedAt,
  };
}

export interface TaskColumns extends Omit<Task, 'input'> {
  input: string;
}

export function toTask(columns: TaskColumns): Task {
  const { id, caseId, kind, ref, name, key, input, dueAt, attempts } = columns;
  return { id, caseId, kind, ref, name, key, input: JSON.parse(input) as Task['input'], dueAt, attempts };
}

export function toKeyRow(columns: Omit<KeyRow, 'fields'> & { fields: string }): KeyRow {
  const { scope, key, caseId, event, fields, seq, waitMs } = columns;
  return { scope, key, caseId, event, fields: JSON.parse(fields) as Record<string, string>, seq, waitMs };
}
