import type { CaseRow, Task } from '../db/store.ts';
import { canonical } from './canonical.ts';
import { parseForm, splitForm } from './forms.ts';
import { createPool } from './pool.ts';
import { findRow, getMatter, LEASE_MS, openPersonal, type Runtime, stampTime } from './runtime.ts';
import { settle } from './settle.ts';
import type { ActionDefinition, EffectDefinition, EffectInput, JsonObject, Matter } from './types.ts';
import { versionsOf } from './versions.ts';

const CLAIM_AT_ONCE = 64;
/** Looks at least this often, so that a task given back by another process is seen. */
const POLL_MS = 1_000;
/** What is due but cannot be claimed now must not make a busy loop. */
const MIN_WAIT_MS = 20;
/** Half of what an entry holds: nobody is told so much by a provider. */
const MAX_OUTPUT_BYTES = 8 * 1024;
/** An action that keeps failing is tried at least this often. */
const MAX_BACKOFF_MS = 60 * 60_000;

export interface Worker {
  /** Claims what is due, runs it, brings the results in. Answers when that is done, with how many there were. */
  tick(): Promise<number>;
  /** Runs tasks that are already under our lease. */
  run(tasks: Task[]): void;
  /** Keeps ticking. */
  start(): void;
  /** Claims nothing more, lets what runs finish for at most `ms`. */
  stop(ms: number): Promise<void>;
  /** When nothing runs any more. */
  idle(): Promise<void>;
}

export function createWorker(runtime: Runtime): Worker {
  const pool = createPool((task) => runTask(runtime, task).catch((error) => giveBack(task, error)));
  let stopped = true;
  let cancelWake: () => void = () => {};

  /** Something of ours failed, not a provider: the task must not wait for its lease to end. */
  async function giveBack(task: Task, error: unknown): Promise<void> {
    runtime.log.error({ task: task.name, attempt: task.attempts, fault: nameOf(error) }, 'task failed');
    await handBack(task);
  }

  /** A full disk does not take it back either: again, until there is room, or nobody here is waiting for it. */
  async function handBack(task: Task): Promise<void> {
    await retryLater(runtime, task, POLL_MS).catch(() => {
      if (!stopped) runtime.clock.after(POLL_MS, () => void handBack(task));
    });
  }

  async function claim(): Promise<number> {
    const now = runtime.clock.now();
    const until = new Date(now + LEASE_MS).toISOString();
    const due = { now: new Date(now).toISOString(), owner: runtime.owner, until, limit: CLAIM_AT_ONCE };
    const tasks = await runtime.store.claimTasks(due);
    pool.add(tasks);
    return tasks.length;
  }

  /** Does not wait for what it starts: a slow provider must not make a timer late. */
  async function loop(): Promise<void> {
    const claimed = await claim().catch((error: unknown) => {
      runtime.log.error({ fault: nameOf(error) }, 'claiming failed');
      return 0;
    });
    if (stopped) return;
    const next = claimed > 0 ? 0 : await untilNextDue(runtime).catch(() => POLL_MS);
    if (!stopped) cancelWake = runtime.clock.after(next, () => void loop());
  }

  return {
    run: (tasks) => pool.add(tasks),
    idle: () => pool.idle(),
    async tick() {
      const claimed = await claim();
      await pool.idle();
      return claimed;
    },
    start() {
      stopped = false;
      cancelWake = runtime.clock.after(0, () => void loop());
    },
    async stop(ms) {
      stopped = true;
      cancelWake();
      pool.drop();
      let cancelTimer: () => void = () => {};
      const patience = new Promise<void>((resolve) => {
        cancelTimer = runtime.clock.after(ms, resolve);
      });
      await Promise.race([pool.idle(), patience]);
      cancelTimer();
    },
  };
}

async function untilNextDue(runtime: Runtime): Promise<number> {
  const due = await runtime.store.findNextDue();
  if (due === undefined) return POLL_MS;
  return Math.min(POLL_MS, Math.max(MIN_WAIT_MS, Date.parse(due) - runtime.clock.now()));
}

async function runTask(runtime: Runtime, task: Task): Promise<void> {
  const row = await findRow(runtime, task.caseId);
  if (!row) return;
  const matter = getMatter(runtime, row);
  switch (task.kind) {
    case 'timer':
      return fireTimer(runtime, task);
    case 'effect':
      return runEffect(runtime, task, row, getEffect(matter, task.name));
    case 'action':
      return runAction(runtime, task, row, getAction(matter, task.name));
  }
}

async function fireTimer(runtime: Runtime, task: Task): Promise<void> {
  await settle(runtime, {
    caseId: task.caseId,
    taskId: task.id,
    type: task.ref,
    facts: {},
    personal: {},
    prepared: {},
    wanted: (row) => row.state.timers[task.ref] !== undefined,
  });
}

async function runEffect(
  runtime: Runtime,
  task: Task,
  row: CaseRow,
  effect: EffectDefinition,
): Promise<void> {
  // Queued or taken up again, the state may have been left meanwhile: then nobody wants it done.
  const input = isWanted(row, task) && (await inputOf(runtime, task, row));
  if (!input) return runtime.store.finishTask(task.id);
  const result = await attempt(runtime, effect.timeoutMs, (signal) => effect.run({ ...input, signal }))
    .then((output) => checkOutput(effect, output))
    .catch((error: unknown) => ({ failed: nameOf(error) }));
  if ('failed' in result) return failEffect(runtime, task, effect, result.failed);
  const { facts, personal } = splitForm(effect.output, result.output);
  const prepared =
    effect.settle?.({
      output: result.output,
      at: stampTime(runtime.clock, row.updatedAt),
      personal: input.personal,
      tools: runtime.vault,
    }) ?? {};
  await settleEffect(runtime, task, `xstate.done.actor.${task.ref}`, { output: facts }, personal, prepared);
}

/** Another try later, or the error goes in as an event and the machine says what then. */
async function failEffect(
  runtime: Runtime,
  task: Task,
  effect: EffectDefinition,
  fault: string,
): Promise<void> {
  runtime.log.warn({ task: task.name, attempt: task.attempts, fault }, 'effect failed');
  if (task.attempts < effect.attempts) return retryLater(runtime, task, effect.backoffMs);
  await settleEffect(runtime, task, `xstate.error.actor.${task.ref}`, { error: { code: fault } }, {}, {});
}

async function settleEffect(
  runtime: Runtime,
  task: Task,
  type: string,
  facts: JsonObject,
  personal: Record<string, string>,
  prepared: ReturnType<NonNullable<EffectDefinition['settle']>>,
): Promise<void> {
  await settle(runtime, {
    caseId: task.caseId,
    taskId: task.id,
    type,
    facts,
    personal,
    prepared,
    // The same invoke may have been left and entered again: then it is another wish, under another key.
    wanted: (row) => isWanted(row, task),
  });
}

function isWanted(row: CaseRow, task: Task): boolean {
  return row.state.children[task.ref]?.key === task.key;
}

async function runAction(
  runtime: Runtime,
  task: Task,
  row: CaseRow,
  action: ActionDefinition,
): Promise<void> {
  const input = await inputOf(runtime, task, row);
  if (!input) return runtime.store.finishTask(task.id);
  try {
    await attempt(runtime, action.timeoutMs, (signal) => action.run({ ...input, signal }));
    await runtime.store.finishTask(task.id);
  } catch (error) {
    runtime.log.warn({ task: task.name, attempt: task.attempts, fault: nameOf(error) }, 'action failed');
    await retryLater(runtime, task, action.backoffMs);
  }
}

async function retryLater(runtime: Runtime, task: Task, backoffMs: number): Promise<void> {
  const wait = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (task.attempts - 1));
  await runtime.store.retryTask(task.id, new Date(runtime.clock.now() + wait).toISOString());
}

/** Undefined when the person was erased: nothing is done for them any more. */
async function inputOf(
  runtime: Runtime,
  task: Task,
  row: CaseRow,
): Promise<Omit<EffectInput, 'signal'> | undefined> {
  const personal = await openPersonal(runtime, row, seqOf(task));
  return personal && { caseId: row.id, input: task.input, personal, key: task.key, tools: runtime.vault };
}

/** The entry that wished for it, from its key: what was typed later is not for it. */
function seqOf(task: Task): number {
  const seq = Number(/[:#](\d+)[:.]/.exec(task.key)?.[1]);
  if (!Number.isSafeInteger(seq)) throw new Error(`a key without its entry: ${task.name}`);
  return seq;
}

/** A result of another shape than agreed is a failure: a provider must not put words into a machine's context. */
function checkOutput(effect: EffectDefinition, output: JsonObject): { output: JsonObject } {
  const parsed = parseForm(effect.output, output, {});
  if (!parsed.ok) throw new TypeError('result of another shape than agreed');
  // What no entry could hold is the provider's failure too, or it would come round for ever.
  canonical(splitForm(effect.output, parsed.values).facts);
  const size = Buffer.byteLength(JSON.stringify(parsed.values));
  if (size > MAX_OUTPUT_BYTES) throw new RangeError(`result of ${size} bytes`);
  return { output: parsed.values };
}

/** The work, or its time-out: work that ignores its signal is left to itself. */
async function attempt<T>(
  runtime: Runtime,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let cancelTimer: () => void = () => {};
  const timeout = new Promise<never>((_, reject) => {
    cancelTimer = runtime.clock.after(ms, () => {
      controller.abort();
      reject(new DOMException('no answer in time', 'TimeoutError'));
    });
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    cancelTimer();
  }
}

function getEffect(matter: Matter, name: string): EffectDefinition {
  const effect = matter.effects[name];
  if (!effect) throw new Error(`${matter.id} has no effect ${name}`);
  return effect;
}

/** A case may have moved on since it asked for this, to a version that has no such work: another version's is done. */
function getAction(matter: Matter, name: string): ActionDefinition {
  const version = [matter, ...versionsOf(matter)].find(({ actions }) => actions[name]);
  const action = version?.actions[name];
  if (!action) throw new Error(`${matter.id} has no action ${name}`);
  return action;
}

/** What a fault may be called in a history and a log. */
const FAULTS = new Set([
  'AbortError',
  'Error',
  'ProviderDown',
  'RangeError',
  'SqliteError',
  'TimeoutError',
  'TypeError',
  'Problem',
]);

/** The kind of a fault, if it is one of ours: a provider's message or name may quote what it was asked about. */
function nameOf(error: unknown): string {
  try {
    const name = error instanceof Error ? error.name : '';
    return FAULTS.has(name) ? name : 'unknown';
  } catch {
    // What is thrown may be anything, even something that throws when it is looked at.
    return 'unknown';
  }
}
