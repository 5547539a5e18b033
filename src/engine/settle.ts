import type { CaseRow } from '../db/store.ts';
import { eventOf } from './replay.ts';
import { findRow, getMatter, openCase, type Runtime, stampTime } from './runtime.ts';
import { step } from './step.ts';
import type { JsonObject, Personal, Prepared } from './types.ts';
import { type Written, write } from './write.ts';

export interface SettleRequest {
  caseId: string;
  taskId: number;
  /** `xstate.done.actor.…`, `xstate.error.actor.…` or a timer's event. */
  type: string;
  facts: JsonObject;
  personal: Personal;
  prepared: Prepared;
  /** Whether the state still waits for it. */
  wanted(row: CaseRow): boolean;
}

/** A result or a timer goes in, and its task ends in the same commit. A late one finds nothing and changes nothing. */
export function settle(runtime: Runtime, request: SettleRequest): Promise<'settled' | 'unwanted'> {
  return runtime.turns.take(request.caseId, () => settleNow(runtime, request));
}

async function settleNow(runtime: Runtime, request: SettleRequest): Promise<'settled' | 'unwanted'> {
  let { facts, prepared } = request;
  for (;;) {
    const row = await findRow(runtime, request.caseId);
    if (!row || !request.wanted(row)) return dropTask(runtime, request.taskId);
    const outcome = await writeSettled(runtime, row, { ...request, facts, prepared });
    if (outcome.kind === 'task-gone') return 'unwanted';
    if (outcome.kind === 'claim-taken') {
      // Somebody else holds the right: the machine is told, and decides what that means.
      const { claim: _taken, ...others } = prepared;
      prepared = others;
      facts = { ...facts, claimTaken: true };
    } else if (outcome.kind === 'limited') {
      const { limits: _reached, marks: _uncounted, ...others } = prepared;
      prepared = others;
      facts = { ...facts, limitReached: true };
    } else if (outcome.kind === 'committed') {
      return 'settled';
    } else if (outcome.kind !== 'seq-taken') {
      throw new Error(`a result cannot be refused: ${outcome.kind}`);
    }
  }
}

/** Nobody waits for it any more: its row, if there still is one, would only come round again. */
async function dropTask(runtime: Runtime, taskId: number): Promise<'unwanted'> {
  await runtime.store.finishTask(taskId);
  return 'unwanted';
}

async function writeSettled(runtime: Runtime, row: CaseRow, request: SettleRequest): Promise<Written> {
  const matter = getMatter(runtime, row);
  const at = stampTime(runtime.clock, row.updatedAt);
  const event = eventOf({ type: request.type, at, data: request.facts });
  const taken = step(matter.machine, row.state, event, { caseId: row.id, seq: row.seq + 1, at });
  const { person, personal } = await openCase(runtime, row);
  const target = { row, matter, person, personal, at };
  return write(runtime, target, {
    type: request.type,
    actor: { role: 'system', id: 'worker' },
    facts: request.facts,
    personal: request.personal,
    files: [],
    step: taken,
    prepared: request.prepared,
    key: undefined,
    settles: request.taskId,
  });
}
