import { leavesOf, stateText } from '../engine/entry.ts';
import type { CaseState } from '../engine/types.ts';
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
  seq: number;
  head: string;
  refusals: number;
  refusalHead: string;
  openedAt: string;
  updatedAt: string;
}

export function toCaseColumns(row: CaseRow): CaseColumns {
  const { machine, state, ...rest } = row;
  return {
    ...rest,
    machineId: machine.id,
    machineVersion: machine.version,
    machineDefinition: machine.definition,
    state: stateText(state),
    leaves: ` ${leavesOf(state.value).join(' ')} `,
  };
}

export function toCaseRow(columns: CaseColumns): CaseRow {
  const { machineId, machineVersion, machineDefinition, state, leaves: _leaves, ...rest } = columns;
  return {
    ...rest,
    machine: { id: machineId, version: machineVersion, definition: machineDefinition },
    state: JSON.parse(state) as CaseState,
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
  return { ...columns, fields: JSON.parse(columns.fields) as Record<string, string> };
}
