import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { restore } from '../../src/engine/interpret.ts';
import { CannotMigrate, stepMigrate } from '../../src/engine/migrate.ts';
import type { CaseState, Migrated } from '../../src/engine/types.ts';
import { listWanted } from '../../src/engine/wanted.ts';
import { loadMatters } from '../../src/machines/index.ts';
import { stories } from '../../src/machines/supervision-engineer-deregistration/scenarios.ts';
import { noProviders } from '../../src/providers/none.ts';
import { tell } from '../machines/run-story.ts';
import { at, stateOf } from './fixtures.ts';

const [matter] = [...(await loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 })).values()];
if (!matter) throw new Error('no matter');
const moment = { caseId: 'c1', seq: 5, at: at(9) };

describe('what a state asks for by being active', () => {
  it('is what XState starts when it is entered: in every state of every story, the effects and timers that run', () => {
    let compared = 0;
    for (const story of stories) {
      for (const state of tell(matter, story).states) {
        if (state.status === 'done') continue;
        const wanted = listWanted(restore(matter.machine, state), { type: 'any', at: at(0) });
        const ids = (kind: string) =>
          wanted
            .filter((wish) => wish.kind === kind)
            .map(({ id }) => id)
            .toSorted();
        expect(ids('spawn'), story.title).toEqual(Object.keys(state.children).toSorted());
        const after = Object.keys(state.timers).filter((id) => id.startsWith('xstate.after.'));
        expect(ids('timer'), story.title).toEqual(after.toSorted());
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe('a migration that changes nothing', () => {
  it('leaves every state of every story as it is, and its timers running', () => {
    const same = { from: '1', to: '2', migrate: (state: CaseState) => state };
    for (const story of stories) {
      for (const state of tell(matter, story).states) {
        if (state.status === 'done') continue;
        const moved = stepMigrate(same, matter.machine, state, moment);
        expect(moved.state, story.title).toEqual(state);
        expect(moved.start.every(({ kind }) => kind === 'effect')).toBe(true);
        expect(moved.cancel.toSorted()).toEqual(Object.keys(state.children).toSorted());
      }
    }
  });
});

describe('a migration', () => {
  const machine = createMachine({
    id: 'm',
    initial: 'resting',
    states: {
      resting: { after: { 5000: 'over' } },
      hurrying: { always: 'over' },
      over: { type: 'final' },
    },
  });
  const timers = { 'xstate.after.9.m.gone': { event: '9', dueAt: at(50) } };
  const children = { check: { src: 'check', key: 'c1:2:check' } };
  const before = { ...stateOf('gone'), timers, children };
  const moveTo = (moved: Partial<Migrated> | undefined) =>
    stepMigrate(
      { from: '1', to: '2', migrate: () => moved && { value: 'resting', context: {}, ...moved } },
      machine,
      before,
      moment,
    );

  it('begins what the new state asks for, to its full length or to the moment it says, and ends the rest', () => {
    const { start, cancel, state } = moveTo({});
    expect(cancel.toSorted()).toEqual(['check', 'xstate.after.9.m.gone']);
    expect(start).toMatchObject([{ kind: 'timer', ref: 'xstate.after.5000.m.resting', dueAt: at(14) }]);
    expect(state.children).toEqual({});
    const dueAt = { 'xstate.after.5000.m.resting': at(50) };
    expect(moveTo({ dueAt }).start).toMatchObject([{ dueAt: at(50) }]);
  });

  it('to an end waits for nothing any more', () => {
    const { start, cancel, state } = moveTo({ value: 'over' });
    expect(state).toMatchObject({ status: 'done', children: {}, timers: {} });
    expect(start).toEqual([]);
    expect(cancel).toHaveLength(2);
  });

  it.each<[string, Partial<Migrated> | undefined]>([
    ['that does not take the case', undefined],
    ['to a state that is not there', { value: 'nowhere' }],
    ['to a state that would be left by itself', { value: 'hurrying' }],
    ['that leaves a history of a state that is not there', { history: { 'm.hist': ['m.nowhere'] } }],
  ])('%s is refused', (_what, moved) => {
    expect(() => moveTo(moved)).toThrow(CannotMigrate);
  });

  it('cannot change the state it is given', () => {
    const spoil = (state: CaseState): Migrated => {
      state.context.spoilt = true;
      return { value: 'resting', context: {} };
    };
    stepMigrate({ from: '1', to: '2', migrate: spoil }, machine, before, moment);
    expect(before.context).toEqual({});
  });
});
