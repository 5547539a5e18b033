import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { canonical } from './canonical.ts';
import { stateText } from './entry.ts';
import { advance, persist, restore } from './interpret.ts';
import { effectTask, type Moment, nameOfTimer, timerTask } from './step.ts';
import type { CaseState, Migrated, Migration, NewTask, Step } from './types.ts';
import { MIGRATE } from './versions.ts';
import { knowsEvent, listWanted } from './wanted.ts';

/** A case that a migration does not take, or takes to where the new machine cannot stand. It stays as it is. */
export class CannotMigrate extends Error {
  override name = 'CannotMigrate';
}

/**
 * The step that moves a case to another machine. Open work is then exactly what the new state asks for: an effect that is
 * still wanted keeps its key, so that a provider does it once, and is asked anew, so that what answers is the new version's;
 * a timer that is still wanted keeps its moment.
 * @throws CannotMigrate
 */
export function stepMigrate(
  migration: Migration,
  machine: AnyStateMachine,
  before: CaseState,
  moment: Moment,
): Step {
  const moved = migration.migrate(structuredClone(before));
  if (!moved) throw new CannotMigrate('the migration does not take it');
  const snapshot = standIn(machine, { history: before.history, ...moved });
  const work = snapshot.status === 'done' ? endedWork(before) : workOf(snapshot, before, moved, moment);
  const state = { ...persist(snapshot), ...work.state };
  stateText(state);
  refuseUnlessAtRest(machine, state, moment.at);
  return { state, start: work.start, cancel: work.cancel, problem: undefined };
}

/** @throws CannotMigrate when the machine has no such state. */
function standIn(machine: AnyStateMachine, moved: Migrated & { history: CaseState['history'] }) {
  const { value, context, history } = moved;
  const nothing = { children: {}, timers: {}, failed: {} };
  try {
    return restore(machine, { status: 'active', value, context, history, ...nothing });
  } catch (error) {
    throw new CannotMigrate(error instanceof Error ? error.message : 'no such state');
  }
}

interface Work {
  state: Pick<CaseState, 'children' | 'timers' | 'failed'>;
  start: NewTask[];
  cancel: string[];
}

function endedWork({ children, timers }: CaseState): Work {
  const cancel = [...Object.keys(children), ...Object.keys(timers)];
  return { state: { children: {}, timers: {}, failed: {} }, start: [], cancel };
}

function workOf(snapshot: AnyMachineSnapshot, before: CaseState, moved: Migrated, moment: Moment): Work {
  const work: Work = {
    state: { children: {}, timers: {}, failed: stillKnown(snapshot, before.failed) },
    start: [],
    cancel: Object.keys(before.children),
  };
  for (const wish of listWanted(snapshot, { type: MIGRATE, at: moment.at })) {
    if (wish.kind === 'spawn') {
      const running = before.children[wish.id];
      const task = effectTask(wish, moment, running?.src === wish.src ? running.key : undefined);
      work.state.children[wish.id] = { src: wish.src, key: task.key };
      work.start.push(task);
    } else {
      const due = moved.dueAt?.[wish.id] ?? before.timers[wish.id]?.dueAt;
      const task = timerTask(wish, moment, due);
      work.state.timers[wish.id] = { event: nameOfTimer(wish.id), dueAt: task.dueAt };
      if (before.timers[wish.id]?.dueAt !== task.dueAt) work.start.push(task);
    }
  }
  keepRaised(snapshot, before, work);
  const moving = Object.entries(before.timers).filter(
    ([id, { dueAt }]) => work.state.timers[id]?.dueAt !== dueAt,
  );
  work.cancel.push(...moving.map(([id]) => id));
  return work;
}

/** A timer that a transition raised belongs to no state: it goes on where somebody still takes it. */
function keepRaised(snapshot: AnyMachineSnapshot, before: CaseState, { state }: Work): void {
  for (const [id, timer] of Object.entries(before.timers)) {
    const raised = !id.startsWith('xstate.after.') && knowsEvent(snapshot, id);
    if (raised) state.timers[id] ??= timer;
  }
}

/** Trying again is the same wish only where the machine still has it. */
function stillKnown({ machine }: AnyMachineSnapshot, failed: CaseState['failed']): CaseState['failed'] {
  const known = (id: string) => machine.events.includes(`xstate.error.actor.${id}`);
  return Object.fromEntries(Object.entries(failed).filter(([id]) => known(id)));
}

/** A state that would be left by itself is no place to put a case: the entry would not say where it really is. */
function refuseUnlessAtRest(machine: AnyStateMachine, state: CaseState, at: string): void {
  if (state.status === 'done') return;
  const [next] = advance(machine, restore(machine, state), { type: MIGRATE, at });
  const [stays, goes] = [canonical(state.value), canonical(next.value)];
  if (stays !== goes) throw new CannotMigrate(`it would not stay in ${stays} but go on to ${goes}`);
}
