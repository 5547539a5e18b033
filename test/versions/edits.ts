import { type AnyStateMachine, assign, createMachine } from 'xstate';
import type { JsonObject, Matter } from '../../src/engine/types.ts';
import { outside } from '../../src/machines/shared/outside.ts';
import { matterOf } from '../engine/fixtures.ts';

/** A machine as data, so that an edit is a change of data; its guards and delays beside it, as its structure does not say them. */
export interface Plan {
  initial: string;
  context: JsonObject;
  /** Events taken everywhere. */
  on: Record<string, Way[]>;
  states: Record<string, State>;
  /** Least number of items that each guard asks for. */
  guards: Record<string, number>;
  delays: Record<string, number>;
  /** How much one item counts. */
  worth: number;
}
export interface Way {
  target?: string;
  guard?: string;
  count?: true;
}
export interface State {
  on?: Record<string, Way[]>;
  after?: Record<string, string>;
  invoke?: { id: string; done: Way[]; error: string };
  final?: true;
  meta?: string;
}

export function firstPlan(): Plan {
  return {
    initial: 'drafting',
    context: { items: 0 },
    on: { 'order.withdraw': [{ target: 'withdrawn' }] },
    states: {
      drafting: {
        on: {
          'item.add': [{ count: true }],
          'order.send': [{ target: 'checking', guard: 'hasItems' }],
        },
      },
      checking: {
        invoke: {
          id: 'check',
          done: [{ target: 'packing', guard: 'isLarge' }, { target: 'reviewing' }],
          error: 'failed',
        },
      },
      failed: { on: { 'case.retry': [{ target: 'checking' }], 'order.edit': [{ target: 'drafting' }] } },
      reviewing: {
        after: { reviewDue: 'late' },
        on: {
          'item.add': [{ count: true }],
          'order.approve': [{ target: 'approved', guard: 'isEnough' }],
          'order.ask': [{ target: 'answering' }],
        },
      },
      answering: {
        after: { answerDue: 'reviewing' },
        on: { 'order.answer': [{ target: 'reviewing', count: true }] },
      },
      late: { on: { 'order.approve': [{ target: 'approved' }], 'order.edit': [{ target: 'drafting' }] } },
      packing: { on: { 'order.approve': [{ target: 'approved' }] } },
      approved: { on: { 'order.collect': [{ target: 'collected' }] } },
      collected: { final: true },
      withdrawn: { final: true },
    },
    guards: { hasItems: 1, isEnough: 2, isLarge: 4 },
    delays: { reviewDue: 60_000, answerDue: 20_000 },
    worth: 1,
  };
}

/** What the effect answers: by test, for its machine never looks at it. */
export interface Outcome {
  check(key: string): Promise<void>;
}

export function matterFrom(plan: Plan, version: string, outcome: Outcome): Matter {
  const machine = machineFrom(plan);
  const names = machine.events.filter((name) => !name.startsWith('xstate.'));
  const base = matterOf(machine, Object.fromEntries(names.map((name) => [name, ['applicant']])));
  const run = async ({ key }: { key: string }) => {
    await outcome.check(key);
    return {};
  };
  const effects = mapped(base.effects, (effect) => ({ ...effect, timeoutMs: 1_000_000, run }));
  return { ...base, id: 'order', version, effects };
}

function machineFrom(plan: Plan): AnyStateMachine {
  const { guards, delays, worth } = plan;
  const ways = (all: Way[]) =>
    all.map(({ target, guard, count }) => ({
      ...(target === undefined ? {} : { target: `#${target}` }),
      ...(guard === undefined ? {} : { guard }),
      ...(count ? { actions: 'count' } : {}),
    }));
  const on = (all: Record<string, Way[]> = {}) => mapped(all, ways);
  const states = mapped(plan.states, ({ invoke, after, final, meta, ...state }, id) => ({
    id,
    on: on(state.on),
    after: mapped(after ?? {}, (target) => `#${target}`),
    ...(invoke
      ? { invoke: { id: invoke.id, src: invoke.id, onDone: ways(invoke.done), onError: `#${invoke.error}` } }
      : {}),
    ...(final ? { type: 'final' as const } : {}),
    ...(meta === undefined ? {} : { meta: { meta } }),
  }));
  const ids = Object.values(plan.states).flatMap(({ invoke }) => (invoke ? [invoke.id] : []));
  return createMachine(
    { id: 'order', initial: plan.initial, context: plan.context, on: on(plan.on), states },
    {
      actions: { count: assign({ items: ({ context }) => Number(context.items) + worth }) },
      guards: mapped(
        guards,
        (least) =>
          ({ context }: { context: JsonObject }) =>
            Number(context.items) >= least,
      ),
      delays,
      actors: Object.fromEntries(ids.map((id) => [id, outside<object>()])),
    },
  );
}

function mapped<T, U>(record: Record<string, T>, map: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

/** A number below `n`; the same for the same seed. */
export type Chance = (n: number) => number;

export function chanceFrom(seed: number): Chance {
  let state = seed * 2_654_435_761 + 1;
  return (n) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) | 0;
    return ((state >>> 0) % 1_000_003) % n;
  };
}

const pick = <T>(chance: Chance, all: T[]): T => {
  const found = all[chance(all.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

type Edit = (plan: Plan, chance: Chance) => string;

const livingStates = ({ states }: Plan) => Object.keys(states).filter((name) => !states[name]?.final);
const events = ({ states }: Plan) => [
  ...new Set(Object.values(states).flatMap(({ on }) => Object.keys(on ?? {}))),
];

/** Every way of the plan that leads somewhere. */
function everyWay({ on, states }: Plan): Way[] {
  const own = Object.values(states).flatMap((state) => [
    ...Object.values(state.on ?? {}).flat(),
    ...(state.invoke?.done ?? []),
  ]);
  return [...Object.values(on).flat(), ...own];
}

/** Whatever led to one state leads to another. */
function redirect(plan: Plan, from: string, to: string): void {
  if (plan.initial === from) plan.initial = to;
  for (const way of everyWay(plan)) if (way.target === from) way.target = to;
  for (const { after, invoke } of Object.values(plan.states)) {
    for (const [delay, target] of Object.entries(after ?? {}))
      if (after && target === from) after[delay] = to;
    if (invoke?.error === from) invoke.error = to;
  }
}

function renameKey<T>(record: Record<string, T>, from: string, to: string): void {
  const value = record[from];
  if (value === undefined) return;
  delete record[from];
  record[to] = value;
}

export const EDITS: Record<string, Edit> = {
  'state renamed'(plan, chance) {
    const name = pick(chance, livingStates(plan));
    renameKey(plan.states, name, `${name}Anew`);
    redirect(plan, name, `${name}Anew`);
    return name;
  },
  'state removed'(plan, chance) {
    const name = pick(
      chance,
      livingStates(plan).filter((each) => each !== plan.initial),
    );
    delete plan.states[name];
    redirect(plan, name, 'drafting');
    return name;
  },
  'state made an end'(plan, chance) {
    const name = pick(
      chance,
      livingStates(plan).filter((each) => each !== plan.initial),
    );
    plan.states[name] = { final: true };
    return name;
  },
  'state emptied'(plan, chance) {
    const name = pick(chance, livingStates(plan));
    plan.states[name] = {};
    plan.on = {};
    return name;
  },
  'guard changed'(plan, chance) {
    const name = pick(chance, Object.keys(plan.guards));
    plan.guards[name] = pick(
      chance,
      [0, 1, 2, 3, 5, 99].filter((least) => least !== plan.guards[name]),
    );
    return `${name} ${plan.guards[name]}`;
  },
  'guard added'(plan, chance) {
    const ways = everyWay(plan).filter(({ guard }) => guard === undefined);
    const way = pick(chance, ways);
    way.guard = 'isEnough';
    return String(way.target);
  },
  'guard removed'(plan, chance) {
    const way = pick(
      chance,
      everyWay(plan).filter(({ guard }) => guard !== undefined),
    );
    const { guard } = way;
    delete way.guard;
    return String(guard);
  },
  'timer changed'(plan, chance) {
    const name = pick(chance, Object.keys(plan.delays));
    plan.delays[name] = 5_000 * (chance(20) + 1) + 1;
    return name;
  },
  'timer renamed'(plan, chance) {
    const name = pick(chance, Object.keys(plan.delays));
    renameKey(plan.delays, name, `${name}Anew`);
    for (const { after } of Object.values(plan.states)) if (after) renameKey(after, name, `${name}Anew`);
    return name;
  },
  'timer removed'(plan, chance) {
    const name = pick(
      chance,
      livingStates(plan).filter((each) => plan.states[each]?.after),
    );
    delete plan.states[name]?.after;
    return name;
  },
  'timer added'(plan, chance) {
    const name = pick(chance, livingStates(plan));
    const state = plan.states[name];
    if (state) state.after = { ...state.after, answerDue: 'drafting', reviewDue: 'late' };
    return name;
  },
  'event renamed'(plan, chance) {
    const name = pick(chance, events(plan));
    for (const { on } of Object.values(plan.states)) if (on) renameKey(on, name, `${name}.anew`);
    return name;
  },
  'event removed'(plan, chance) {
    const name = pick(chance, events(plan));
    for (const { on } of Object.values(plan.states)) if (on) delete on[name];
    return name;
  },
  'event added'(plan, chance) {
    const name = pick(chance, livingStates(plan));
    const state = plan.states[name];
    if (state) state.on = { ...state.on, 'order.pause': [{ target: 'late' }] };
    return name;
  },
  'target changed'(plan, chance) {
    const way = pick(
      chance,
      everyWay(plan).filter(({ target }) => target !== undefined),
    );
    const before = way.target;
    way.target = pick(
      chance,
      Object.keys(plan.states).filter((name) => name !== before),
    );
    return `${before} → ${way.target}`;
  },
  'effect renamed'(plan) {
    for (const { invoke } of Object.values(plan.states)) if (invoke) invoke.id = 'checkAnew';
    return 'check';
  },
  'effect removed'(plan) {
    for (const state of Object.values(plan.states)) {
      if (!state.invoke) continue;
      state.on = { ...state.on, 'order.approve': [{ target: 'approved' }] };
      delete state.invoke;
    }
    return 'check';
  },
  'effect added'(plan, chance) {
    const name = pick(
      chance,
      livingStates(plan).filter((each) => !plan.states[each]?.invoke),
    );
    const state = plan.states[name];
    if (state) state.invoke = { id: 'inspect', done: [{ target: 'approved' }], error: 'failed' };
    return name;
  },
  'what an item counts'(plan, chance) {
    plan.worth = 2 + chance(3);
    return String(plan.worth);
  },
  'context added to'(plan) {
    plan.context = { ...plan.context, remarks: 0 };
    return 'remarks';
  },
  'beginning moved'(plan, chance) {
    plan.initial = pick(
      chance,
      livingStates(plan).filter((name) => name !== plan.initial),
    );
    return plan.initial;
  },
  'words only'(plan, chance) {
    const name = pick(chance, livingStates(plan));
    const state = plan.states[name];
    if (state) state.meta = 'said otherwise';
    return name;
  },
  'state added'(plan) {
    plan.states.archived = { on: { 'order.edit': [{ target: 'drafting' }] } };
    const { approved } = plan.states;
    if (approved?.on) approved.on['order.archive'] = [{ target: 'archived' }];
    return 'archived';
  },
};
