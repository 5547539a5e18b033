import type { CaseRow, Commit, CommitOutcome, KeyRow, Task } from '../db/store.ts';
import type { PersonKey, SealedValue } from '../vault/vault.ts';
import type { Committed } from './bus.ts';
import { digestState, writeEntry } from './entry.ts';
import { findRow, leaseOf, type Runtime } from './runtime.ts';
import { PERSON_ERASED } from './step.ts';
import { enterStates, findTags } from './tags.ts';
import type {
  Actor,
  Caller,
  Entry,
  FileFact,
  Json,
  JsonObject,
  Matter,
  Personal,
  Prepared,
  ProblemSpec,
  Step,
} from './types.ts';
import { MIGRATE } from './versions.ts';

/** What a request is decided on. */
export interface Target {
  row: CaseRow;
  matter: Matter;
  /** Both undefined when the person was erased: then nothing is accepted any more, only refused. */
  person: PersonKey | undefined;
  personal: Personal | undefined;
  at: string;
}

/** An event that was decided on. */
export interface Accepted {
  type: string;
  actor: Actor;
  facts: JsonObject;
  personal: Personal;
  files: FileFact[];
  step: Step;
  prepared: Prepared;
  key: KeyRow | undefined;
  /** The task whose result it is. */
  settles?: number;
}

/** `committed` with what there is to say about it, or why it was not. */
export type Written = { kind: 'committed'; committed: Committed } | NotCommitted;
type NotCommitted = Exclude<CommitOutcome, { kind: 'committed' }>;

/** The one way into a history. Once it is on disk, it is remembered, said, and its work begins. */
export async function write(runtime: Runtime, target: Target, accepted: Accepted): Promise<Written> {
  const commit = writeCommit(runtime, target, accepted);
  const outcome = await runtime.store.commit(commit);
  if (outcome.kind !== 'committed') return outcome;
  const { row } = commit;
  const personal = { ...target.personal, ...accepted.personal };
  runtime.hot.keep({ row, person: target.person, personal });
  const sent = accepted.actor.role !== 'system';
  const committed = { row, sent, problem: accepted.step.problem };
  announce(runtime, committed, outcome.tasks);
  return { kind: 'committed', committed };
}

/** Everything the one transaction writes for it. */
export function writeCommit(
  runtime: Pick<Runtime, 'vault' | 'clock' | 'owner'>,
  target: Omit<Target, 'matter'> & { matter?: Matter },
  accepted: Accepted,
): Commit {
  const { row, at } = target;
  const { step: taken, prepared, key } = accepted;
  const seq = row.seq + 1;
  const sealed = sealPersonal(runtime, target, accepted.personal);
  const line: Entry = {
    ...entryHead(target, 'accepted', accepted.type, accepted.actor),
    seq,
    ...(key ? { key: key.key } : {}),
    data: accepted.facts,
    personal: sealed.map((value) => value.digest).toSorted(),
    files: accepted.files,
    state: { value: taken.state.value, digest: digestState(taken.state) },
    prev: row.head,
  };
  const entry = writeEntry(line);
  const entered = enterStates(row.entered, taken.state.value, at);
  return {
    row: { ...row, state: taken.state, entered, seq, head: entry.digest, updatedAt: at },
    entry,
    at,
    changesStates: entered !== row.entered,
    tags: findTags(line, target.matter, row.seq === 0 ? undefined : row),
    start: taken.start,
    cancel: taken.cancel,
    ...(accepted.settles === undefined ? {} : { settles: accepted.settles }),
    lease: leaseOf(runtime),
    vault: sealed,
    ...(key ? { key: { ...key, seq } } : {}),
    limits: prepared.limits ?? [],
    marks: prepared.marks ?? [],
    ...(prepared.claim ? { claim: prepared.claim } : {}),
    ...(prepared.subject === undefined ? {} : { subject: prepared.subject }),
  };
}

function sealPersonal(
  { vault }: Pick<Runtime, 'vault'>,
  { row, person }: Omit<Target, 'matter'>,
  values: Personal,
): SealedValue[] {
  if (person) return vault.sealValues(person, row.id, row.seq + 1, values);
  if (Object.keys(values).length > 0) throw new Error('a personal value of a person who was erased');
  return [];
}

function entryHead(target: Omit<Target, 'matter'>, kind: Entry['kind'], type: string, actor: Actor) {
  const { row, at } = target;
  return { v: 1 as const, case: row.id, kind, type, at, actor, machine: row.machine };
}

/** Keeps who tried what and why it was refused, in a chain that never moves the case's seq. No value typed is in it. */
export async function recordRefusal(
  runtime: Runtime,
  target: Target,
  request: { type: string; caller: Caller },
  spec: ProblemSpec,
): Promise<void> {
  for (let row: CaseRow | undefined = target.row; row; row = await findRow(runtime, row.id)) {
    const type = recordableType(target.matter, request.type);
    const line: Entry = {
      ...entryHead(target, 'refused', type, { role: request.caller.role, id: request.caller.id }),
      seq: row.refusals + 1,
      data: { code: spec.code, fields: knownFields(spec, target.matter, request.type) },
      personal: [],
      files: [],
      state: { value: row.state.value, digest: digestState(row.state) },
      prev: row.refusalHead,
    };
    const refusal = { caseId: row.id, kind: 'refused' as const, number: line.seq, entry: writeEntry(line) };
    if (await runtime.store.append({ ...refusal, tags: findTags(line) })) return;
  }
}

/** What only the system writes: who tries to send it stands under its name. */
const ENGINE_EVENTS = new Set([MIGRATE, PERSON_ERASED]);

/** An invented event name is the client's text and could hold anything: only names we know are kept. */
function recordableType(matter: Matter, type: string): string {
  if (matter.events[type] || matter.machine.events.includes(type) || ENGINE_EVENTS.has(type)) return type;
  return type.startsWith('xstate.') ? 'xstate.*' : 'unknown';
}

function knownFields(spec: ProblemSpec, matter: Matter, type: string): Json {
  const forms = matter.events[type]?.forms ?? [];
  const names = new Set(forms.flatMap((form) => Object.keys(form.shape)));
  return (spec.errors ?? [])
    .filter((error) => names.has(error.pointer.slice(1)))
    .map((error) => ({ pointer: error.pointer, code: error.code }));
}

/** Says what was committed, and starts its work. */
function announce(runtime: Runtime, committed: Committed, tasks: Task[]): void {
  runtime.bus.publish(committed);
  runtime.startTasks(tasks.filter((task) => task.kind !== 'timer'));
}

/** Why a commit was not taken, for the caller. */
export function problemOf(outcome: NotCommitted): ProblemSpec {
  switch (outcome.kind) {
    case 'limited': {
      const { problem } = outcome.limit;
      const seconds = problem.retryAfterSeconds ?? outcome.retryAfterSeconds;
      return { ...problem, params: { ...problem.params, seconds }, retryAfterSeconds: seconds };
    }
    case 'claim-taken':
      return { code: 'case-open-already' };
    case 'person-erased':
      return { code: 'person-erased' };
    case 'seq-taken':
    case 'key-used':
    case 'task-gone':
      return { code: 'busy', retryAfterSeconds: 1 };
  }
}
