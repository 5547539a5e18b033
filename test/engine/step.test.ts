import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AnyStateMachine, assign, cancel, emit, fromPromise, raise, setup } from 'xstate';
import { digestState } from '../../src/engine/entry.ts';
import { advance, begin, persist, restore, stampOf } from '../../src/engine/interpret.ts';
import { step, stepOpen } from '../../src/engine/step.ts';
import type { CaseState, JsonObject, Step } from '../../src/engine/types.ts';
import { at, takeBothWays, throughJson } from './fixtures.ts';

describe('work that a state wants', () => {
  test('is a task with the input the machine gave, due at once', () => {
    const taken = walk(working, ['START']);
    expect(taken.start).toEqual([
      { kind: 'effect', ref: 'job', name: 'work', key: 'c1:2:job', input: { n: 1 }, dueAt: at(2) },
    ]);
    expect(taken.state.children).toEqual({ job: { src: 'work', key: 'c1:2:job' } });
    expect(taken.cancel).toEqual([]);
  });

  test('is cancelled when the state is left, though the state has been through JSON', () => {
    const left = walk(working, ['START', 'LEAVE']);
    expect(left.cancel).toEqual(['job']);
    expect(left.state).toMatchObject({ value: 'idle', children: {} });
  });

  test('stays wanted, under the same key, while other events are taken', () => {
    const started = walk(working, ['START']);
    const noted = walk(working, ['START', 'NOTE', 'NOTE']);
    expect(noted).toMatchObject({ start: [], cancel: [] });
    expect(noted.state.children).toEqual(started.state.children);
  });

  test('is another wish under another key when the state is entered again', () => {
    const again = walk(working, ['START', 'LEAVE', 'START']);
    expect(again.start).toMatchObject([{ ref: 'job', key: 'c1:4:job' }]);
    expect(again.state.children).toEqual({ job: { src: 'work', key: 'c1:4:job' } });
  });

  test('is cancelled and wanted anew when its state is re-entered in one event', () => {
    const again = walk(working, ['START', 'AGAIN']);
    expect(again.cancel).toEqual(['job']);
    expect(again.start).toMatchObject([{ ref: 'job', key: 'c1:3:job' }]);
    expect(again.state.children).toEqual({ job: { src: 'work', key: 'c1:3:job' } });
  });

  test('is over when its result comes in, whether the state is left by it or not', () => {
    const finished = walk(working, ['START', { type: 'xstate.done.actor.job', output: { ok: true } }]);
    expect(finished.state).toMatchObject({ value: 'idle', children: {}, context: { result: { ok: true } } });
    const kept = walk(patient, ['xstate.done.actor.job']);
    expect(kept.state).toMatchObject({ value: 'waiting', children: {} });
    expect(kept.start).toMatchObject([{ kind: 'action', name: 'thank' }]);
  });

  test('is over when its error comes in, and the machine says what then', () => {
    const failed = walk(working, [
      'START',
      { type: 'xstate.error.actor.job', error: { code: 'TimeoutError' } },
    ]);
    expect(failed.state).toMatchObject({ value: 'broken', children: {}, context: { fault: 'TimeoutError' } });
  });

  test('of a region is cancelled with its region, and the other region’s goes on', () => {
    const both = walk(regions, []);
    expect(both.start.map((task) => task.ref)).toEqual(['left', 'right']);
    const one = walk(regions, ['LEFT']);
    expect(one.cancel).toEqual(['left']);
    expect(one.state).toMatchObject({
      value: { both: { a: 'off', b: 'on' } },
      children: { right: { src: 'work' } },
    });
    expect(Object.keys(one.state.children)).toEqual(['right']);
    const none = walk(regions, ['LEFT', 'DONE']);
    expect(none.cancel).toEqual(['right']);
    expect(none.state).toMatchObject({ status: 'done', children: {} });
  });

  test('of a state that is only passed through is never started', () => {
    const through = walk(passing, ['GO']);
    expect(through.state).toMatchObject({ value: 'end', children: {}, timers: {} });
    expect(through.start).toEqual([]);
  });

  test('that is already over is not cancelled again', () => {
    expect(walk(patient, ['xstate.done.actor.job', 'LEAVE']).cancel).toEqual([]);
  });
});

describe('time that a state waits', () => {
  test('is a timer with an absolute due time', () => {
    const taken = walk(waiting, ['WAIT']);
    const id = 'xstate.after.patience.waiting.open';
    expect(taken.start).toEqual([
      { kind: 'timer', ref: id, name: id, key: `c1:2:${id}`, input: null, dueAt: at(92) },
    ]);
    expect(taken.state.timers).toEqual({ [id]: { event: 'patience', dueAt: at(92) } });
  });

  test('keeps its due time, whatever else is taken meanwhile', () => {
    const noted = walk(waiting, ['WAIT', 'NOTE']);
    expect(noted).toMatchObject({ start: [], cancel: [] });
    expect(Object.values(noted.state.timers)).toEqual([{ event: 'patience', dueAt: at(92) }]);
  });

  test('is cancelled when the state is left, though the state has been through JSON', () => {
    const left = walk(waiting, ['WAIT', 'LEAVE']);
    expect(left.cancel).toEqual(['xstate.after.patience.waiting.open']);
    expect(left.state.timers).toEqual({});
  });

  test('is over when its own event comes in', () => {
    const expired = walk(waiting, ['WAIT', 'xstate.after.patience.waiting.open']);
    expect(expired.state).toMatchObject({ value: 'expired', timers: {} });
  });

  test('begins anew when the state is entered again', () => {
    const again = walk(waiting, ['WAIT', 'LEAVE', 'WAIT']);
    expect(Object.values(again.state.timers)).toEqual([{ event: 'patience', dueAt: at(94) }]);
  });

  test('can depend on what the machine knows', () => {
    const taken = walk(waiting, ['WAIT_LONGER']);
    expect(Object.values(taken.state.timers)).toEqual([{ event: 'asLongAsSaid', dueAt: at(2 + 600) }]);
  });

  test('of an event raised with a delay is a timer under its id', () => {
    const paused = walk(reminding, ['PAUSE']);
    expect(paused.start).toMatchObject([{ kind: 'timer', ref: 'pause.over', dueAt: at(62) }]);
    expect(paused.state.timers).toEqual({ 'pause.over': { event: 'pause.over', dueAt: at(62) } });
    const over = walk(reminding, ['PAUSE', 'pause.over']);
    expect(over.state).toMatchObject({ context: { paused: false }, timers: {} });
  });

  test('of an event raised with a delay ends when the machine cancels it', () => {
    const cancelled = walk(reminding, ['PAUSE', 'RESUME']);
    expect(cancelled.cancel).toEqual(['pause.over']);
    expect(cancelled.state.timers).toEqual({});
  });

  test('an event raised without delay is taken in the same step', () => {
    expect(walk(reminding, ['NOW'])).toMatchObject({
      state: { context: { paused: false }, timers: {} },
      start: [],
    });
  });

  test('an event raised anew under the id of one still waiting takes its place', () => {
    const twice = walk(reminding, ['PAUSE', 'PAUSE']);
    expect(twice.cancel).toEqual(['pause.over']);
    expect(twice.start).toMatchObject([{ ref: 'pause.over', dueAt: at(63) }]);
  });

  test.each(['UNNAMED', 'MISNAMED'])(
    'a delayed event that would come back under another name is refused: %s',
    (event) => {
      expect(() => walk(reminding, [event])).toThrow('pause.over');
    },
  );
});

describe('what a machine says and asks for on its way', () => {
  test('an emitted problem is the step’s problem, with its params, and the rest of the event is taken', () => {
    const refused = walk(talking, ['REFUSE']);
    expect(refused.problem).toEqual({ code: 'sms-code-wrong', params: { left: 4 } });
    expect(refused.state.context).toEqual({ tries: 1 });
    expect(walk(talking, ['REFUSE_PLAINLY']).problem).toEqual({ code: 'sms-code-wrong' });
  });

  test('anything else that is emitted is no problem', () => {
    expect(walk(talking, ['CHAT']).problem).toBeUndefined();
  });

  test('a named action is a task with its params, its seq and its place', () => {
    const taken = walk(talking, ['TELL']);
    expect(taken.start).toEqual([
      {
        kind: 'action',
        ref: 'notify#2.0',
        name: 'notify',
        key: 'c1:notify#2.0',
        input: { to: 'register' },
        dueAt: at(2),
      },
      { kind: 'action', ref: 'notify#2.1', name: 'notify', key: 'c1:notify#2.1', input: {}, dueAt: at(2) },
    ]);
    expect(taken.state.children).toEqual({});
  });

  test('an action is not cancelled by what comes after', () => {
    expect(walk(talking, ['TELL', 'REFUSE']).cancel).toEqual([]);
  });

  test('entering and leaving by name are tasks too, from the first step on', () => {
    expect(walk(greeting, []).start).toMatchObject([{ name: 'sayHello', ref: 'sayHello#1.0' }]);
    expect(walk(greeting, ['GO']).start).toMatchObject([{ name: 'sayGoodbye', ref: 'sayGoodbye#2.0' }]);
  });
});

describe('a state that has been through JSON', () => {
  test('remembers where it was, shallow and deep', () => {
    expect(walk(remembering, ['NEXT', 'PAUSE']).state).toMatchObject({
      value: 'paused',
      history: { 'remembering.form.last': ['remembering.form.two'] },
    });
    expect(walk(remembering, ['NEXT', 'PAUSE', 'BACK']).state.value).toEqual({ form: { two: 'x' } });
    expect(walk(remembering, ['NEXT', 'DEEPER', 'PAUSE', 'BACK']).state.value).toEqual({
      form: { two: 'x' },
    });
    expect(walk(remembering, ['NEXT', 'DEEPER', 'PAUSE', 'BACK_DEEP']).state.value).toEqual({
      form: { two: 'y' },
    });
  });

  test('keeps each of its regions where it was', () => {
    const one = walk(parallel, ['A']);
    expect(one.state.value).toEqual({ left: 'two', right: { inner: 'one' } });
    expect(walk(parallel, ['A', 'B']).state.value).toEqual({ left: 'two', right: { inner: 'two' } });
    expect(walk(parallel, ['A', 'B', 'END']).state).toMatchObject({ status: 'done' });
  });

  test('goes where XState itself goes with a snapshot that never left memory, and decides the same', () => {
    fc.assert(
      fc.property(anyWalk, ({ id, events }) => {
        const machine = getMachine(id);
        let live = begin(machine, at(1))[0];
        let stored = stepOpen(machine, moment(1)).state;
        for (const [index, type] of events.entries()) {
          const event = { type, at: at(index + 2) };
          const expected = advance(machine, live, event);
          expect(advance(machine, restore(machine, throughJson(stored)), event)[1]).toEqual(expected[1]);
          stored = step(machine, throughJson(stored), event, moment(index + 2)).state;
          expect(stored).toMatchObject(persist(expected[0]));
          live = expected[0];
        }
      }),
    );
  });
});

describe('the way to a next snapshot that is used here, in place of XState’s own', () => {
  test('leads to the same snapshot, and decides the same, whatever the machine has', () => {
    fc.assert(
      fc.property(anyWalk, ({ id, events }) => {
        const machine = getMachine(id);
        let stored = stepOpen(machine, moment(1)).state;
        for (const [index, type] of events.entries()) {
          const event = { type, at: at(index + 2) };
          const { ours, own } = takeBothWays(machine, stored, event);
          expect(ours).toEqual(own);
          stored = step(machine, stored, event, moment(index + 2)).state;
        }
      }),
    );
  });
});

describe('a step', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test('runs nothing: no action, no actor', () => {
    for (const machine of machines) {
      expect(() => walkAll(machine, namesOf(machine), throughJson)).not.toThrow();
    }
    expect(ran).toEqual([]);
  });

  test('reads no clock, waits for nothing, and draws no random number', () => {
    const stop = () => {
      throw new Error('not in a step');
    };
    vi.spyOn(Date, 'now').mockImplementation(stop);
    vi.spyOn(Math, 'random').mockImplementation(stop);
    vi.spyOn(performance, 'now').mockImplementation(stop);
    vi.spyOn(crypto, 'randomUUID').mockImplementation(stop);
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(stop);
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) {
      vi.stubGlobal(name, stop);
    }
    vi.stubGlobal('Date', dateWithoutClock());
    const walked = machines.map((machine) => walkAll(machine, namesOf(machine), throughJson).length);
    vi.unstubAllGlobals();
    expect(walked).toEqual(machines.map((machine) => namesOf(machine).length + 1));
  });

  test('changes nothing of the state and the event it is given', () => {
    for (const machine of machines) {
      const run = () => walkAll(machine, namesOf(machine), (state) => deepFreeze(throughJson(state)));
      expect(run).not.toThrow();
    }
  });

  test('gives the same digests and tasks for the same input, always', () => {
    fc.assert(
      fc.property(anyWalk, ({ id, events }) => {
        const digests = () =>
          walkAll(getMachine(id), events, throughJson).map((taken) => [digestState(taken.state), taken]);
        expect(digests()).toEqual(digests());
      }),
    );
  });

  test('with an event the state does not know leaves the state and its work as they are', () => {
    for (const machine of machines) {
      const opened = throughJson(stepOpen(machine, moment(1)).state);
      expect(step(machine, opened, { type: 'nobody.knows.this', at: at(2) }, moment(2))).toEqual({
        state: opened,
        start: [],
        cancel: [],
        problem: undefined,
      });
    }
  });

  test('a machine that ends is done, and nothing of it is wanted any more', () => {
    const ended = walk(ending, ['END']);
    expect(ended.state).toMatchObject({ status: 'done', value: 'over', children: {}, timers: {} });
    expect(ended.cancel.toSorted()).toEqual(['job', 'xstate.after.patience.ending.open']);
  });

  test('a machine that ends in an error is refused', () => {
    const error = { type: 'xstate.error.actor.job', error: { code: 'x' } };
    expect(() => walk(patient, [error])).toThrow('a machine must not end in status error');
  });

  test.each(['DATE', 'MAP', 'ERROR', 'FRACTION', 'HIDDEN_UNDEFINED'])(
    'a context that JSON would not keep is refused, and the place named: %s',
    (event) => {
      expect(() => walk(careless, [event])).toThrow('/bad');
    },
  );

  test('an input or params that JSON would not keep are refused', () => {
    expect(() => walk(careless, ['INPUT'])).toThrow('no canonical form at /when');
    expect(() => walk(careless, ['PARAMS'])).toThrow('no canonical form at /when');
  });
});

describe('the stamp of a machine', () => {
  test('is the same for the same structure, and another for another', () => {
    const make = (target: string) =>
      setup({}).createMachine({ id: 'm', initial: 'a', states: { a: { on: { GO: target } }, b: {}, c: {} } });
    const stamp = stampOf(make('b'), '1.0.0');
    expect(stamp).toEqual({ id: 'm', version: '1.0.0', definition: stamp.definition });
    expect(stamp.definition).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(stampOf(make('b'), '1.0.0')).toEqual(stamp);
    expect(stampOf(make('c'), '1.0.0').definition).not.toBe(stamp.definition);
  });

  test('names the version it is asked for', () => {
    expect(stampOf(working, '1.0.0')).not.toEqual(stampOf(working, '1.0.1'));
  });
});

/** What a machine would have done if a step had run it. */
const ran: string[] = [];
const running = (what: string) => () => {
  ran.push(what);
};

const workSetup = setup({
  types: { context: {} as JsonObject, events: {} as { type: string; at: string } & JsonObject },
  actors: {
    work: fromPromise(async (): Promise<JsonObject> => {
      ran.push('work');
      return {};
    }),
  },
  actions: {
    thank: running('thank'),
    notify: running('notify'),
    sayHello: running('sayHello'),
    sayGoodbye: running('sayGoodbye'),
  },
  delays: {
    patience: 90_000,
    asLongAsSaid: ({ context }) => Number(context.waitMs),
  },
});

const working = workSetup.createMachine({
  id: 'working',
  context: {},
  initial: 'idle',
  states: {
    idle: { on: { START: 'busy' } },
    busy: {
      invoke: {
        id: 'job',
        src: 'work',
        input: { n: 1 },
        onDone: { target: 'idle', actions: assign({ result: ({ event }) => event.output ?? null }) },
        onError: {
          target: 'broken',
          actions: assign({ fault: ({ event }) => (event.error as { code: string }).code }),
        },
      },
      on: {
        LEAVE: 'idle',
        AGAIN: { target: 'busy', reenter: true },
        NOTE: { actions: assign({ noted: true }) },
      },
    },
    broken: {},
  },
});

/** Takes a result without leaving, and has no answer to an error. */
const patient = workSetup.createMachine({
  id: 'patient',
  context: {},
  initial: 'waiting',
  states: {
    waiting: {
      invoke: { id: 'job', src: 'work', onDone: { actions: 'thank' } },
      on: { LEAVE: 'gone' },
    },
    gone: {},
  },
});

const regions = workSetup.createMachine({
  id: 'regions',
  context: {},
  initial: 'both',
  states: {
    both: {
      type: 'parallel',
      on: { DONE: 'over' },
      states: {
        a: {
          initial: 'on',
          states: { on: { invoke: { id: 'left', src: 'work' }, on: { LEFT: 'off' } }, off: {} },
        },
        b: { initial: 'on', states: { on: { invoke: { id: 'right', src: 'work' } } } },
      },
    },
    over: { type: 'final' },
  },
});

const passing = workSetup.createMachine({
  id: 'passing',
  context: {},
  initial: 'begin',
  states: {
    begin: { on: { GO: 'between' } },
    between: { invoke: { id: 'job', src: 'work' }, after: { patience: 'begin' }, always: 'end' },
    end: {},
  },
});

const waiting = workSetup.createMachine({
  id: 'waiting',
  context: { waitMs: 600_000 },
  initial: 'idle',
  states: {
    idle: { on: { WAIT: 'open', WAIT_LONGER: 'said' } },
    open: {
      after: { patience: 'expired' },
      on: { LEAVE: 'idle', NOTE: { actions: assign({ noted: true }) } },
    },
    said: { after: { asLongAsSaid: 'expired' } },
    expired: {},
  },
});

const reminding = workSetup.createMachine({
  id: 'reminding',
  context: { paused: false },
  on: {
    PAUSE: {
      actions: [
        assign({ paused: true }),
        raise(({ event }) => ({ type: 'pause.over', at: event.at }), { id: 'pause.over', delay: 60_000 }),
      ],
    },
    RESUME: { actions: [assign({ paused: false }), cancel('pause.over')] },
    NOW: {
      actions: [assign({ paused: true }), raise(({ event }) => ({ type: 'pause.over', at: event.at }))],
    },
    UNNAMED: { actions: raise(({ event }) => ({ type: 'pause.over', at: event.at }), { delay: 1000 }) },
    MISNAMED: {
      actions: raise(({ event }) => ({ type: 'pause.over', at: event.at }), { id: 'later', delay: 1000 }),
    },
    'pause.over': { actions: assign({ paused: false }) },
  },
});

const talking = setup({
  types: {
    context: {} as JsonObject,
    events: {} as { type: string; at: string } & JsonObject,
    emitted: {} as { type: string } & JsonObject,
  },
  actions: { notify: (_self, _params?: JsonObject) => running('notify')() },
}).createMachine({
  id: 'talking',
  context: { tries: 0 },
  on: {
    REFUSE: {
      actions: [
        assign({ tries: ({ context }) => Number(context.tries) + 1 }),
        emit({ type: 'problem', code: 'sms-code-wrong', params: { left: 4 } }),
      ],
    },
    REFUSE_PLAINLY: { actions: emit({ type: 'problem', code: 'sms-code-wrong' }) },
    CHAT: { actions: emit({ type: 'chat', code: 'sms-code-wrong' }) },
    TELL: { actions: [{ type: 'notify', params: { to: 'register' } }, 'notify'] },
  },
});

const greeting = workSetup.createMachine({
  id: 'greeting',
  context: {},
  initial: 'in',
  states: { in: { entry: 'sayHello', exit: 'sayGoodbye', on: { GO: 'out' } }, out: {} },
});

const remembering = workSetup.createMachine({
  id: 'remembering',
  context: {},
  initial: 'form',
  states: {
    form: {
      initial: 'one',
      on: { PAUSE: 'paused' },
      states: {
        one: { on: { NEXT: 'two' } },
        two: { initial: 'x', states: { x: { on: { DEEPER: 'y' } }, y: {} } },
        last: { type: 'history' },
        deepLast: { type: 'history', history: 'deep' },
      },
    },
    paused: { on: { BACK: 'form.last', BACK_DEEP: 'form.deepLast' } },
  },
});

const parallel = workSetup.createMachine({
  id: 'parallel',
  context: {},
  type: 'parallel',
  states: {
    left: {
      initial: 'one',
      states: { one: { on: { A: 'two' } }, two: { on: { END: 'end' } }, end: { type: 'final' } },
    },
    right: {
      initial: 'inner',
      onDone: {},
      states: {
        inner: {
          initial: 'one',
          onDone: 'end',
          states: { one: { on: { B: 'two' } }, two: { on: { END: 'end' } }, end: { type: 'final' } },
        },
        end: { type: 'final' },
      },
    },
  },
});

const ending = workSetup.createMachine({
  id: 'ending',
  context: {},
  initial: 'open',
  states: {
    open: { invoke: { id: 'job', src: 'work' }, after: { patience: 'over' }, on: { END: 'over' } },
    over: { type: 'final' },
  },
});

/** Puts into its context, inputs and params what does not survive JSON. */
const careless = setup({
  types: { context: {} as { bad?: unknown } },
  actors: { work: fromPromise(async (_self: { input: unknown }) => {}) },
  actions: { notify: (_self, _params: unknown) => {} },
}).createMachine({
  id: 'careless',
  context: {},
  initial: 'calm',
  states: {
    calm: {
      on: {
        DATE: { actions: assign({ bad: () => new Date(0) }) },
        MAP: { actions: assign({ bad: () => new Map() }) },
        ERROR: { actions: assign({ bad: () => new Error('x') }) },
        FRACTION: { actions: assign({ bad: 0.5 }) },
        HIDDEN_UNDEFINED: { actions: assign({ bad: () => [undefined] }) },
        INPUT: 'busy',
        PARAMS: { actions: { type: 'notify', params: { when: new Date(0) } } },
      },
    },
    busy: { invoke: { src: 'work', input: { when: new Date(0) } } },
  },
});

const byId: Record<string, AnyStateMachine> = {
  working,
  regions,
  passing,
  waiting,
  talking,
  greeting,
  remembering,
  parallel,
  ending,
};
const machines = Object.values(byId);

type Given = string | ({ type: string } & JsonObject);

function moment(seq: number) {
  return { caseId: 'c1', seq, at: at(seq) };
}

/** Opens a case and sends it events, its state written and read back in between. The last step is the answer. */
function walk(machine: AnyStateMachine, events: Given[]): Step {
  const last = walkAll(machine, events, throughJson).at(-1);
  if (!last) throw new Error('no step was taken');
  return last;
}

function walkAll(machine: AnyStateMachine, events: Given[], store: (state: CaseState) => CaseState): Step[] {
  const steps = [stepOpen(machine, moment(1))];
  for (const [index, given] of events.entries()) {
    const seq = index + 2;
    const event = { ...(typeof given === 'string' ? { type: given } : given), at: at(seq) };
    const before = steps.at(-1)?.state;
    if (before) steps.push(step(machine, store(before), event, moment(seq)));
  }
  return steps;
}

/** Every event a machine knows, in some order: timers and results among them, errors not, for some have no answer. */
function namesOf(machine: AnyStateMachine): string[] {
  return machine.events.filter((name) => !name.startsWith('xstate.error.'));
}

/** A machine by its id, so that a failure prints no machine, and some of its events. */
const anyWalk = fc.constantFrom(...Object.entries(byId)).chain(([id, machine]) =>
  fc.record({
    id: fc.constant(id),
    events: fc.array(fc.constantFrom(...namesOf(machine)), { maxLength: 8 }),
  }),
);

function getMachine(id: string): AnyStateMachine {
  const machine = byId[id];
  if (!machine) throw new Error(`no machine ${id}`);
  return machine;
}

function dateWithoutClock(): DateConstructor {
  return new Proxy(Date, {
    construct(target, args: [string] | []) {
      if (args.length === 0) throw new Error('not in a step');
      return new target(...args);
    },
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
