import type { CaseRow, KeyRow } from '../db/store.ts';
import type { PersonKey } from '../vault/vault.ts';
import { type Answer, answerAgain, standingOf } from './answer.ts';
import { Problem } from './errors.ts';
import { keyRow, refuseIfDifferent } from './idempotency.ts';
import { newId } from './ids.ts';
import { stampOf } from './interpret.ts';
import { getCase, getPersonKey, type Runtime, stampTime } from './runtime.ts';
import { stepOpen } from './step.ts';
import type { Caller, Claim, JsonObject, Matter } from './types.ts';
import { problemOf, type Written, write } from './write.ts';

export interface OpenRequest {
  matter: Matter;
  caller: Caller;
  key?: string | undefined;
  claim: Claim;
}

/** Opens a case; never resets one. @throws Problem case-open-already while the person has one open. */
export async function open(runtime: Runtime, request: OpenRequest): Promise<Answer> {
  const { matter, caller } = request;
  const person = await getPersonKey(runtime, caller.id);
  const row = newCase(matter, caller, stampTime(runtime.clock));
  const key = request.key === undefined ? undefined : openKey(runtime, person, request, row.id, request.key);
  const earlier = key && (await runtime.store.findKey(key.scope, key.key));
  if (key && earlier) return repeatOpen(runtime, caller, earlier, key);
  const taken = stepOpen(matter.machine, { caseId: row.id, seq: 1, at: row.openedAt });
  const target = { row, matter, person, personal: {}, at: row.openedAt };
  const outcome = await write(runtime, target, {
    type: 'case.open',
    actor: { role: caller.role, id: caller.id },
    facts: {},
    personal: {},
    files: [],
    step: taken,
    prepared: { claim: request.claim },
    key,
  });
  if (outcome.kind === 'key-used') return open(runtime, request);
  if (outcome.kind !== 'committed') throw new Problem(problemOf(outcome), ownCase(outcome));
  return { settled: true, standing: await standingOf(runtime, outcome.committed.row), problem: undefined };
}

/** The way out of case-open-already: the case that is open. It is the caller's own, for the claim is. */
function ownCase(outcome: Written): JsonObject {
  if (outcome.kind !== 'claim-taken') return {};
  return { case: { id: outcome.caseId, href: `/v1/cases/${outcome.caseId}` } };
}

/** `seq` 0 and no state yet: the first entry brings both. */
function newCase(matter: Matter, caller: Caller, at: string): CaseRow {
  return {
    id: newId(),
    matter: matter.id,
    machine: stampOf(matter.machine, matter.version),
    owner: caller.id,
    state: { status: 'active', value: '', context: {}, history: {}, children: {}, timers: {}, failed: {} },
    entered: {},
    seq: 0,
    head: '',
    refusals: 0,
    refusalHead: '',
    reads: 0,
    readHead: '',
    openedAt: at,
    updatedAt: at,
  };
}

function openKey(
  runtime: Runtime,
  person: PersonKey,
  request: OpenRequest,
  caseId: string,
  key: string,
): KeyRow {
  const scope = `open:${request.caller.id}`;
  return keyRow(runtime, person, {
    scope,
    key,
    caseId,
    event: `open:${request.matter.id}`,
    body: {},
    waitMs: 0,
  });
}

async function repeatOpen(runtime: Runtime, caller: Caller, earlier: KeyRow, now: KeyRow): Promise<Answer> {
  refuseIfDifferent(earlier, now);
  return answerAgain(runtime, await getCase(runtime, earlier.caseId, caller), earlier);
}
