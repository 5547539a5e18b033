import type { Store } from '../../../src/db/store.ts';
import { Problem } from '../../../src/engine/errors.ts';
import type { Owed } from './schedule.ts';
import { blame, count, later, nameOf, say, type World } from './world.ts';

/** Nobody knows whether it was done. */
class StoreDown extends Error {
  override name = 'SqliteError';
}

/** After each answer of the database: what it means for the oracle, and in a few words for the trace. */
type Seen = { [Name in keyof Store]?: SeenBy<Store[Name]> };
type SeenBy<Member> = Member extends (...asked: infer Asked) => Promise<infer Answer>
  ? (answer: Answer, ...asked: Asked) => string
  : never;

/** What changes the database. A full disk is told of by these only. */
const WRITES = new Set(['commit', 'append', 'claimTasks', 'retryTask', 'finishTask', 'releaseLeases']);

export function isWrite({ what }: Owed): boolean {
  return WRITES.has(what);
}

function watch(world: World): Seen {
  const { oracle, touched } = world;
  const touch = (caseId: string | undefined) =>
    caseId === undefined ? touchAll(world) : touched.add(caseId);
  return {
    commit(outcome, commit) {
      const name = nameOf(world, commit.row.id);
      oracle.committed(commit, outcome);
      touch(commit.row.id);
      count(world, `commit ${outcome.kind}`);
      return `${name} @${commit.row.seq} ${outcome.kind}`;
    },
    append(done, { caseId, number }) {
      touch(caseId);
      count(world, done ? 'refusal' : 'refusal taken');
      return `${nameOf(world, caseId)} #${number} ${done}`;
    },
    findCase(row, id) {
      oracle.foundCase(id, row?.seq ?? 0);
      return `${nameOf(world, id)} @${row?.seq ?? 0}`;
    },
    findKey(row, scope, key) {
      oracle.foundKey(scope, key, row !== undefined);
      return row ? `@${row.seq}` : 'none';
    },
    claimTasks(tasks, claim) {
      oracle.claimed(claim, tasks);
      return tasks.map(({ id, attempts }) => `${id}×${attempts}`).join(' ');
    },
    retryTask(_, id, dueAt) {
      oracle.retried(id, dueAt);
      return String(id);
    },
    finishTask(_, id) {
      touch(oracle.caseOf(id));
      oracle.finished(id);
      return String(id);
    },
    releaseLeases() {
      oracle.released();
      touchAll(world);
      return '';
    },
    findNextDue(due) {
      oracle.nextDue(due);
      return '';
    },
  };
}

function touchAll(world: World): void {
  for (const id of world.histories.ids()) world.touched.add(id);
}

/** The database as one process sees it: each call is owed an answer that comes late, or never, or is a failure. */
export function faultyStore(world: World, process: string): Store {
  const { truth } = world;
  const seen = watch(world) as Record<string, ((answer: unknown, ...asked: unknown[]) => string) | undefined>;
  const methods = Object.entries(truth).filter(isMethod);
  const faulty = methods.map(([name, work]) => [
    name,
    (...asked: unknown[]) =>
      owe(world, process, name, async () => {
        const answer = await work(...asked);
        return { answer, words: seen[name]?.(answer, ...asked) ?? '' };
      }),
  ]);
  return { ...truth, ...Object.fromEntries(faulty) } as Store;
}

type Method = (...asked: unknown[]) => Promise<unknown>;

function isMethod(member: [string, unknown]): member is [string, Method] {
  return typeof member[1] === 'function';
}

type Work = () => Promise<{ answer: unknown; words: string }>;

function owe(world: World, process: string, name: string, work: Work): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const run = () => perform(world, process, name, work, { resolve, reject });
    world.schedule.add({ to: process, what: name, run });
  });
}

interface Caller {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

async function perform(
  world: World,
  process: string,
  name: string,
  work: Work,
  caller: Caller,
): Promise<void> {
  const { choices, profile, calm } = world;
  const fails = !calm && choices.chance(profile.storeFails);
  const after = fails && choices.chance(50);
  const late = !calm && choices.chance(profile.slow);
  if (fails) count(world, after ? 'store: done, but failed' : 'store: failed');
  if (fails && !after)
    return fail(
      world,
      process,
      name,
      caller,
      WRITES.has(name) && choices.chance(50) ? undone() : new StoreDown(),
    );
  const done = await work().catch((error: unknown) => complain(world, name, error));
  say(world, `${process} ${name} ${done.words}${late ? ' …' : ''}`);
  const tell = async () =>
    fails ? fail(world, process, name, caller, new StoreDown()) : caller.resolve(done.answer);
  if (late) world.schedule.add({ to: process, what: `${name} …`, from: later(world), run: tell });
  else await tell();
}

function fail(world: World, process: string, name: string, caller: Caller, error: Error): void {
  say(world, `${process} ${name} FAILED ${error.name}`);
  caller.reject(error);
}

/** As a full disk is told of: certainly not done. */
function undone(): Problem {
  return new Problem({ code: 'storage-unavailable', retryAfterSeconds: 5 });
}

/** The real database refused a statement: the engine must never bring it to that. */
function complain(world: World, name: string, error: unknown): { answer: unknown; words: string } {
  blame(world, 'the database takes every statement', `${name}: ${String(error)}`);
  return { answer: undefined, words: String(error) };
}
