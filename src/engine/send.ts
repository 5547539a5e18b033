import type { CaseRow, KeyRow } from '../db/store.ts';
import { type Answer, answerAgain, answerWhenSettled, isSettled, listenUntilSettled } from './answer.ts';
import type { Committed } from './bus.ts';
import { Problem } from './errors.ts';
import { parseForm, splitForm } from './forms.ts';
import { judge, listAllowed } from './gate.ts';
import { keyRow, refuseIfDifferent } from './idempotency.ts';
import { restore } from './interpret.ts';
import { activeLeaves, formOf, timersOf } from './present.ts';
import { eventOf } from './replay.ts';
import { getCase, getMatter, openCase, type Runtime, stampTime } from './runtime.ts';
import { step } from './step.ts';
import type { Caller, EventDefinition, FileFact, JsonObject, Personal, Prepared } from './types.ts';
import { type Accepted, problemOf, recordRefusal, type Target, type Written, write } from './write.ts';

/** How often an event is decided anew because another came first. */
const TRIES = 5;

/** A file that came with an event, already stored under its digest. */
export interface Attachment {
  /** The parts as they were sent, the file by its digest and name: what an Idempotency-Key is compared on. */
  sent: JsonObject;
  facts: JsonObject;
  personal: Personal;
  file: FileFact;
}

export interface SendRequest {
  caseId: string;
  type: string;
  body: unknown;
  caller: Caller;
  key?: string | undefined;
  ifMatch?: number | undefined;
  waitMs: number;
  attachment?: Attachment;
}

/** A refusal that leaves a trace in the case. */
class Refusal extends Problem {}

/**
 * THE write path: load → decide → commit → answer. Everything that changes a case comes through here or through
 * `open.ts` or `settle.ts`, and ends in the same commit.
 * @throws Problem with every code of the contract that an event can be refused with.
 */
export async function send(runtime: Runtime, request: SendRequest): Promise<Answer> {
  const taken = await runtime.turns.take(request.caseId, () => take(runtime, request));
  if (taken.kind === 'earlier') return answerAgain(runtime, taken.row, taken.earlier);
  return answerWhenSettled(runtime, taken.committed, taken.settled);
}

/** An event is in the history now, or was before, under the same key. */
type Taken = Now | { kind: 'earlier'; row: CaseRow; earlier: KeyRow };
interface Now {
  kind: 'now';
  committed: Committed;
  settled: Promise<Committed | undefined>;
}

async function take(runtime: Runtime, request: SendRequest): Promise<Taken> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const target = await load(runtime, request);
    const key = sendKey(runtime, target, request);
    const earlier = key && (await runtime.store.findKey(key.scope, key.key));
    if (key && earlier) {
      refuseIfDifferent(earlier, key);
      return { kind: 'earlier', row: target.row, earlier };
    }
    const taken = await attemptTake(runtime, target, request, key);
    if (taken) return taken;
  }
  throw new Problem({ code: 'busy', retryAfterSeconds: 1 });
}

/** Undefined when another process took the seq, or the same key came in twice at once: load again. */
async function attemptTake(
  runtime: Runtime,
  target: Target,
  request: SendRequest,
  key: KeyRow | undefined,
): Promise<Taken | undefined> {
  try {
    const decided = await decide(runtime, target, request, key);
    const outcome = await writeListening(runtime, target, decided, request.waitMs);
    if ('settled' in outcome) return outcome;
    if (outcome.kind === 'seq-taken' || outcome.kind === 'key-used') return undefined;
    throw new Refusal(problemOf(outcome));
  } catch (error) {
    throw await inWords(runtime, target, request, error);
  }
}

/** A refusal leaves its trace; whatever it is, it goes on its way with the matter's words. */
async function inWords(
  runtime: Runtime,
  target: Target,
  request: SendRequest,
  error: unknown,
): Promise<unknown> {
  if (error instanceof Refusal) await recordRefusal(runtime, target, request, error.spec);
  if (error instanceof Problem) error.words = target.matter.problems;
  return error;
}

/** Listens before it writes, so that no result can slip by. */
async function writeListening(
  runtime: Runtime,
  target: Target,
  decided: Accepted,
  waitMs: number,
): Promise<Now | Exclude<Written, { kind: 'committed' }>> {
  const { row, at } = target;
  const listening = listenUntilSettled(runtime, { caseId: row.id, seq: row.seq + 1, at, waitMs });
  let keep = false;
  try {
    const outcome = await write(runtime, target, decided);
    if (outcome.kind !== 'committed') return outcome;
    keep = !isSettled(outcome.committed.row.state);
    return { kind: 'now', committed: outcome.committed, settled: listening.settled };
  } finally {
    if (!keep) listening.stop();
  }
}

async function load(runtime: Runtime, request: SendRequest): Promise<Target> {
  const row = await getCase(runtime, request.caseId, request.caller);
  const { person, personal } = await openCase(runtime, row);
  const at = stampTime(runtime.clock, row.updatedAt);
  return { row, matter: getMatter(runtime, row), person, personal, at };
}

/**
 * Whether an event could be sent now, before its file is taken in. A key that was used before is let through: what it
 * was used for can only be told with the file.
 * @throws Problem as `send` does.
 */
export async function check(runtime: Runtime, request: SendRequest): Promise<void> {
  const target = await load(runtime, request);
  const key = sendKey(runtime, target, request);
  if (key && (await runtime.store.findKey(key.scope, key.key))) return;
  try {
    admit(target, request);
  } catch (error) {
    throw await inWords(runtime, target, request, error);
  }
}

/** Everything that is decided about an event, before anything is written. */
async function decide(
  runtime: Runtime,
  target: Target,
  request: SendRequest,
  key: KeyRow | undefined,
): Promise<Accepted> {
  const { row, matter } = target;
  const { definition, values } = admit(target, request);
  const split = splitForm(formOf(definition, row.state.context), values);
  const prepared = await prepare(runtime, target, request, definition, values);
  const facts = { ...split.facts, ...prepared.facts, ...request.attachment?.facts };
  const personal = { ...split.personal, ...prepared.personal, ...request.attachment?.personal };
  const event = eventOf({ type: request.type, at: target.at, data: facts });
  const taken = step(matter.machine, row.state, event, { caseId: row.id, seq: row.seq + 1, at: target.at });
  return {
    type: request.type,
    actor: { role: request.caller.role, id: request.caller.id },
    facts,
    personal,
    files: request.attachment ? [request.attachment.file] : [],
    step: taken,
    prepared,
    key,
  };
}

/** If-Match, role, state, form: in this order. @throws Refusal */
function admit(target: Target, request: SendRequest): { definition: EventDefinition; values: JsonObject } {
  const { row, matter } = target;
  if (request.ifMatch !== undefined && request.ifMatch !== row.seq)
    throw new Refusal({ code: 'version-conflict' }, { seq: row.seq });
  const snapshot = restore(matter.machine, row.state);
  const question = {
    matter,
    snapshot,
    role: request.caller.role,
    at: target.at,
    timers: timersOf(row.state),
  };
  const definition = matter.events[request.type];
  const verdict = judge(question, request.type);
  const blocked = (why: JsonObject) => ({
    state: activeLeaves(snapshot),
    allowed: listAllowed(question),
    why,
  });
  if (!definition || (!verdict.ok && !verdict.form)) {
    const problem = verdict.ok ? { code: 'event-not-allowed' } : verdict.problem;
    throw new Refusal(problem, blocked(verdict.ok ? {} : verdict.why));
  }
  if (definition.upload && !request.attachment && request.body !== undefined) {
    throw new Refusal({ code: 'event-not-allowed' }, blocked({ because: 'upload-only' }));
  }
  // A form that is wrong is worth saying before what else stands in the way.
  const values = definition.upload ? {} : readForm(target, definition, request.body);
  if (!verdict.ok) throw new Refusal(verdict.problem, blocked(verdict.why));
  return { definition, values };
}

function readForm(target: Target, definition: EventDefinition, body: unknown): JsonObject {
  const parsed = parseForm(formOf(definition, target.row.state.context), body, target.matter.problems);
  if (!parsed.ok) throw new Refusal(parsed.problem);
  return parsed.values;
}

async function prepare(
  runtime: Runtime,
  target: Target,
  request: SendRequest,
  definition: EventDefinition,
  form: JsonObject,
): Promise<Prepared> {
  const prepared =
    (await definition.prepare?.({
      caseId: target.row.id,
      caller: request.caller,
      at: target.at,
      form,
      context: target.row.state.context,
      personal: target.personal ?? {},
      tools: runtime.vault,
    })) ?? {};
  if (prepared.problem) throw new Refusal(prepared.problem);
  return prepared;
}

/** Undefined without a key, and where the person was erased: what their key was used for went with them. */
function sendKey(runtime: Runtime, { person }: Target, request: SendRequest): KeyRow | undefined {
  const { caseId, caller, type: event, attachment, waitMs, key } = request;
  if (key === undefined || !person) return undefined;
  const body = attachment ? attachment.sent : request.body;
  return keyRow(runtime, person, { scope: `case:${caseId}:${caller.id}`, key, caseId, event, body, waitMs });
}
