import type { CaseRow, Commit, Store } from '../db/store.ts';
import { digestState, writeEntry } from './entry.ts';
import { stampOf } from './interpret.ts';
import { CannotMigrate, stepMigrate } from './migrate.ts';
import { type Clock, stampTime } from './runtime.ts';
import { enterStates, findTags } from './tags.ts';
import type { Entry, JsonObject, Matter, Step } from './types.ts';
import { findMigration, isSameMachine, MIGRATE } from './versions.ts';

/** What moving a case stands on: no key, for nothing personal is touched. */
export interface Mover {
  store: Pick<Store, 'findCase' | 'commit'>;
  clock: Pick<Clock, 'now'>;
}

export type Moved =
  | { kind: 'moved'; row: CaseRow }
  /** It is there already, or has ended and stays what it was. */
  | { kind: 'stays' }
  | { kind: 'cannot'; why: string };

/** How often a case is moved anew because an event of its own came first. */
const TRIES = 5;

/**
 * Moves an open case to a version of its matter: one entry, `case.migrate`, in a commit like every other, beside a running
 * server too. Its work is not started here: whoever runs the server's worker takes it up.
 */
export async function moveCase(mover: Mover, caseId: string, to: Matter): Promise<Moved> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const row = await mover.store.findCase(caseId);
    if (!row) return { kind: 'cannot', why: 'no such case' };
    const planned = planMove(row, to, stampTime(mover.clock, row.updatedAt));
    if (planned.kind !== 'planned') return planned;
    const outcome = await mover.store.commit(planned.commit);
    if (outcome.kind === 'committed') return { kind: 'moved', row: planned.commit.row };
  }
  return { kind: 'cannot', why: 'the case does not stand still' };
}

/** What moving it would write. Nothing is written yet. */
export function planMove(
  row: CaseRow,
  to: Matter,
  at: string,
): Exclude<Moved, { kind: 'moved' }> | { kind: 'planned'; commit: Commit } {
  const machine = stampOf(to.machine, to.version);
  if (row.state.status === 'done' || isSameMachine(row.machine, machine)) return { kind: 'stays' };
  const migration = findMigration(to, row.machine.version, to.version);
  if (!migration) return { kind: 'cannot', why: `no migration from ${row.machine.version} to ${to.version}` };
  const seq = row.seq + 1;
  try {
    const taken = stepMigrate(migration, to.machine, row.state, { caseId: row.id, seq, at });
    return { kind: 'planned', commit: writeMove({ ...row, machine, seq, updatedAt: at }, row, taken, to) };
  } catch (error) {
    if (!(error instanceof CannotMigrate)) throw error;
    return { kind: 'cannot', why: error.message };
  }
}

function writeMove(after: CaseRow, before: CaseRow, { state, start, cancel }: Step, to: Matter): Commit {
  const { id, seq, machine, updatedAt: at } = after;
  const line: Entry = {
    v: 1,
    case: id,
    seq,
    kind: 'accepted',
    type: MIGRATE,
    at,
    actor: { role: 'system', id: 'migration' },
    machine,
    data: { from: stampFact(before), to: stampFact(after) },
    personal: [],
    files: [],
    state: { value: state.value, digest: digestState(state) },
    prev: before.head,
  };
  const entry = writeEntry(line);
  const entered = enterStates(before.entered, state.value, at);
  return {
    row: { ...after, state, entered, head: entry.digest },
    entry,
    at,
    changesStates: entered !== before.entered,
    tags: findTags(line, to, before),
    start,
    cancel,
    moves: true,
    vault: [],
    limits: [],
    marks: [],
  };
}

function stampFact({ machine: { id, version, definition } }: CaseRow): JsonObject {
  return { id, version, definition };
}
