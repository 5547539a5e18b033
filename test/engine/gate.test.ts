import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, fromPromise, setup } from 'xstate';
import { judge, listAllowed, type Question } from '../../src/engine/gate.ts';
import { restore } from '../../src/engine/interpret.ts';
import { step, stepOpen } from '../../src/engine/step.ts';
import type { CaseState, JsonObject, Role, TimerState } from '../../src/engine/types.ts';
import { at, matterOf, stateOf, throughJson } from './fixtures.ts';

describe('an event is judged', () => {
  test('ok, when the state takes it and the role may send it', () => {
    expect(judge(asked('draft'), 'save')).toEqual({ ok: true });
  });

  test('forbidden to a role that may not send it, whatever the state', () => {
    const verdict = { ok: false, form: false, problem: { code: 'forbidden' } };
    expect(judge(asked('draft', { role: 'officer' }), 'save')).toEqual({
      ...verdict,
      why: { because: 'role', roles: ['applicant'] },
    });
    expect(judge(asked('received'), 'accept')).toEqual({
      ...verdict,
      why: { because: 'role', roles: ['officer', 'operator'] },
    });
  });

  test('not allowed, when the state does not know it', () => {
    expect(judge(asked('received'), 'save')).toEqual(refused({ because: 'state' }));
  });

  test('unknown, when the matter does not have it, though its machine does', () => {
    expect(judge(asked('draft'), 'nobody.knows')).toEqual(refused({ because: 'unknown-event' }));
    expect(judge(asked('draft'), 'internal.resume')).toEqual(refused({ because: 'unknown-event' }));
    expect(judge(asked('draft'), '')).toEqual(refused({ because: 'unknown-event' }));
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'unknown, under a name that every object has: %s',
    (type) => {
      expect(judge(asked('draft'), type)).toEqual(refused({ because: 'unknown-event' }));
    },
  );

  test.each([
    'xstate.done.actor.job',
    'xstate.error.actor.job',
    'xstate.after.patience.gated.checking',
    'xstate.init',
    'xstate.stop',
    'xstate.done.state.gated',
  ])('internal, when it is the worker’s to bring: %s', (type) => {
    for (const value of ['draft', 'checking', 'received']) {
      expect(judge(asked(value), type)).toEqual(refused({ because: 'internal-event' }));
    }
  });

  test('a machine would take a forged result; nothing but the gate stops it', () => {
    const { snapshot } = asked('checking');
    expect(snapshot.can({ type: 'xstate.done.actor.job', at: at(1) })).toBe(true);
  });

  test('with what the guard’s reason says, when a guard stands in the way and has one', () => {
    const timers = [{ event: 'patience', dueAt: at(60) }];
    const verdict = judge(asked('draft', { context: { ticks: 3 }, timers, at: at(30) }), 'submit');
    expect(verdict).toEqual({
      ok: false,
      form: true,
      problem: { code: 'notice-incomplete', params: { left: 4, waits: 1, at: at(30) } },
      why: { because: 'guard', guard: 'allTicked' },
    });
  });

  test('not allowed and the guard named, when it has no reason to give', () => {
    expect(judge(asked('draft'), 'print')).toEqual({
      ok: false,
      form: true,
      problem: { code: 'event-not-allowed' },
      why: { because: 'guard', guard: 'hasPrinter' },
    });
  });

  test('by the guard that has a reason, when several stand in the way', () => {
    const verdict = judge(asked('draft'), 'send');
    expect(verdict).toMatchObject({ problem: { code: 'notice-incomplete' }, why: { guard: 'allTicked' } });
  });

  test('ok, when one of several guards lets it through', () => {
    expect(judge(asked('draft', { context: { printer: true } }), 'send')).toEqual({ ok: true });
  });

  test('not allowed, when the case is done', () => {
    const question = asked('over', { status: 'done' });
    expect(judge(question, 'save')).toEqual(refused({ because: 'state' }));
    expect(listAllowed(question)).toEqual([]);
  });
});

describe('what is allowed', () => {
  test('is listed in the matter’s order, for one role', () => {
    expect(listAllowed(asked('draft', { context: { ticks: 7, printer: true } }))).toEqual([
      'submit',
      'save',
      'print',
      'send',
      'withdraw',
    ]);
    expect(listAllowed(asked('draft'))).toEqual(['save', 'withdraw']);
    expect(listAllowed(asked('received', { role: 'officer' }))).toEqual(['accept']);
    expect(listAllowed(asked('received', { role: 'auditor' }))).toEqual([]);
  });

  test('never names a timer, a result or an internal event', () => {
    expect(listAllowed(asked('checking'))).toEqual(['withdraw']);
  });

  test('is exactly what is judged ok, in every state, for every role', () => {
    fc.assert(
      fc.property(anyCase, ([state, role]) => {
        const question = asked(state.value, { role, context: state.context, status: state.status });
        const names = Object.keys(roles);
        expect(listAllowed(question)).toEqual(names.filter((type) => judge(question, type).ok));
        const others = machine.events.filter((type) => !names.includes(type));
        expect(others.filter((type) => judge(question, type).ok)).toEqual([]);
      }),
    );
  });

  test('is exactly what moves the machine', () => {
    fc.assert(
      fc.property(anyCase, ([state, role]) => {
        const question = asked(state.value, { role, context: state.context, status: state.status });
        for (const [type, may] of Object.entries(roles)) {
          if (!may.includes(role)) continue;
          const moved = step(machine, state, { type, at: at(9) }, { caseId: 'c1', seq: 9, at: at(9) }).state;
          expect(judge(question, type).ok).toBe(JSON.stringify(moved) !== JSON.stringify(state));
        }
      }),
    );
  });
});

/** Whom each public event belongs to. What the machine knows beyond these is internal. */
const roles: Record<string, Role[]> = {
  submit: ['applicant'],
  save: ['applicant'],
  print: ['applicant'],
  send: ['applicant'],
  withdraw: ['applicant'],
  accept: ['officer', 'operator'],
};

const machine = setup({
  types: { context: {} as JsonObject, events: {} as { type: string; at: string } & JsonObject },
  actors: { work: fromPromise(async () => {}) },
  guards: {
    allTicked: ({ context }) => Number(context.ticks ?? 0) >= 7,
    hasPrinter: ({ context }) => context.printer === true,
  },
  actions: { count: assign({ count: ({ context }) => Number(context.count ?? 0) + 1 }) },
  delays: { patience: 60_000 },
}).createMachine({
  id: 'gated',
  context: {},
  initial: 'open',
  states: {
    open: {
      initial: 'draft',
      on: { withdraw: 'over' },
      states: {
        draft: {
          on: {
            save: { actions: ['count', assign({ ticks: ({ context }) => Number(context.ticks ?? 0) + 4 })] },
            submit: { guard: 'allTicked', target: 'checking' },
            print: { guard: 'hasPrinter', actions: 'count' },
            send: [
              { guard: 'hasPrinter', target: 'checking' },
              { guard: 'allTicked', target: 'checking' },
            ],
            'internal.resume': { actions: 'count' },
          },
        },
        checking: {
          invoke: { id: 'job', src: 'work', onDone: '#gated.received', onError: 'draft' },
          after: { patience: 'draft' },
        },
      },
    },
    received: { on: { accept: 'over' } },
    over: { type: 'final' },
  },
});

const matter = matterOf(machine, roles, {
  allTicked: (context, timers, moment) => ({
    code: 'notice-incomplete',
    params: { left: 7 - Number(context.ticks ?? 0), waits: timers.length, at: moment },
  }),
});

interface Circumstances {
  role?: Role;
  context?: JsonObject;
  timers?: TimerState[];
  at?: string;
  status?: CaseState['status'];
}

/** A question about a case of the sample matter that stands at `value`. */
function asked(value: CaseState['value'], given: Circumstances = {}): Question {
  const inOpen = value === 'draft' || value === 'checking' ? { open: value } : value;
  const state = { ...stateOf(inOpen, given.context), status: given.status ?? 'active' };
  return {
    matter,
    snapshot: restore(machine, state),
    role: given.role ?? 'applicant',
    at: given.at ?? at(1),
    timers: given.timers ?? [],
  };
}

function refused(why: JsonObject) {
  return { ok: false, form: false, problem: { code: 'event-not-allowed' }, why };
}

/** Errors of work are left out: where no state waits for one, a machine ends in it. */
const events = machine.events.filter((type) => !type.startsWith('xstate.error.'));

/** A case after any events at all, and someone who asks. */
const anyCase = fc.tuple(
  fc.array(fc.constantFrom(...events), { maxLength: 10 }).map(walk),
  fc.constantFrom<Role>('applicant', 'enterprise', 'officer', 'auditor', 'operator'),
);

function walk(sent: string[]): CaseState {
  const moment = { caseId: 'c1', seq: 1, at: at(0) };
  let state = stepOpen(machine, moment).state;
  for (const type of sent) state = step(machine, throughJson(state), { type, at: at(1) }, moment).state;
  return throughJson(state);
}
