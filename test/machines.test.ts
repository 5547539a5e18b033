import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { classOf } from '../src/engine/classify.ts';
import { digestState, findChainBreak } from '../src/engine/entry.ts';
import { formSchema } from '../src/engine/forms.ts';
import { restore } from '../src/engine/interpret.ts';
import { activeLeaves, presentCase } from '../src/engine/present.ts';
import { eventOf, replay } from '../src/engine/replay.ts';
import { step } from '../src/engine/step.ts';
import type { CaseState, JsonObject, MachineEvent, Matter } from '../src/engine/types.ts';
import { defineMatter, usesOf } from '../src/machines/define.ts';
import { loadMatters } from '../src/machines/index.ts';
import type { Story } from '../src/machines/story.ts';
import { takeBothWays } from './engine/fixtures.ts';
import { noProviders } from './machines/no-providers.ts';
import { readBack, tell } from './machines/run-story.ts';

const matters = await loadMatters(noProviders, { identityPerHour: 1000, smsPerHour: 1000 });
const folders = readdirSync(new URL('../src/machines', import.meta.url), { withFileTypes: true });
const names = folders.filter((each) => each.isDirectory() && each.name !== 'shared').map((each) => each.name);

it('every folder of src/machines but shared is a matter of that name', () => {
  expect([...matters.keys()].toSorted()).toEqual(names.toSorted());
});

describe.each([...matters.values()])('$id', async (matter) => {
  const { stories } = (await import(`../src/machines/${matter.id}/scenarios.ts`)) as { stories: Story[] };
  const told = stories.map((story) => ({ story, ...tell(matter, story) }));

  it.each(told)('$story.title', ({ story, last }) => {
    expect(leavesOf(matter, last.state)).toEqual(story.expect.states);
    expect(last.problem?.code).toBe(story.expect.problem);
    expect(last.state.status).toBe(story.expect.ends ? 'done' : 'active');
    if (story.expect.waitsFor) expect(waitsFor(last.state)).toEqual(story.expect.waitsFor.toSorted());
    if (story.expect.does) expect(actionsOf(last.start)).toEqual(story.expect.does);
  });

  it('its stories reach every state and send every public event', () => {
    const reached = new Set(told.flatMap(({ states }) => states.flatMap((state) => leavesOf(matter, state))));
    const sent = new Set(told.flatMap(({ events }) => events.map((event) => event.type)));
    expect([...reached].toSorted()).toEqual(allLeaves(matter.machine.root).toSorted());
    expect(Object.keys(matter.events).filter((event) => !sent.has(event))).toEqual([]);
  });

  it('every public event has a form that a page can draw', () => {
    for (const definition of Object.values(matter.events)) {
      expect(definition.forms.length).toBeGreaterThan(0);
      for (const form of definition.forms) {
        expect(formSchema(form)).toMatchObject({ type: 'object', additionalProperties: false });
      }
    }
  });

  it('what an auditor may be shown is personal in a form or a result, and masked until then', () => {
    const forms = [
      ...Object.values(matter.events).flatMap(({ forms: asked }) => asked),
      ...Object.values(matter.effects).map(({ output }) => output),
    ];
    const isPersonal = (field: string) =>
      forms.some(({ shape }) => shape[field] !== undefined && classOf(shape[field]) === 'personal');
    for (const [field, { mask }] of Object.entries(matter.discloses ?? {})) {
      expect([field, isPersonal(field)]).toEqual([field, true]);
      expect(mask('某某某某某某')).not.toContain('某某某');
    }
  });

  it('a handler that nothing uses, and a use without a handler, are refused when it is loaded', () => {
    const { actors } = usesOf(matter.machine);
    expect([...actors].every((name) => matter.effects[name])).toBe(true);
    const [some = ''] = Object.keys(matter.events);
    const { [some]: _left, ...events } = matter.events;
    expect(() => defineMatter({ ...matter, events })).toThrow(some);
    expect(() => defineMatter({ ...matter, effects: {} })).toThrow('invoke with no effect');
  });

  it('what its questions speak of is there: events of trials, problems of skips', () => {
    const title = { zh: '', en: '' };
    const trials = { odd: { title, failed: [{ type: 'no.such.event' }], passed: [] } };
    const questions = { skips: ['no-such-problem'], trials };
    expect(() => defineMatter({ ...matter, questions })).toThrow(
      'trial of an event that is not there: no.such.event; skip that is no problem: no-such-problem',
    );
  });

  it('a snapshot read back from JSON takes the same next step, with the same work', () => {
    for (const { states, events } of told) {
      for (const [index, event] of events.slice(1).entries()) {
        const before = states[index];
        if (!before) throw new Error('a state a step');
        const moment = { caseId: 'story', seq: index + 2, at: event.at };
        const live = step(matter.machine, before, eventOf(event), moment);
        const back = step(matter.machine, readBack(before), eventOf(event), moment);
        expect(back).toEqual(live);
        expect(readBack(live.state)).toEqual(live.state);
      }
    }
  });

  it('no step changes the state it starts from, nor anything in it', () => {
    for (const { states, events } of told) {
      for (const [index, event] of events.slice(1).entries()) {
        const before = states[index];
        if (!before) throw new Error('a state a step');
        const frozen = freezeAll(readBack(before));
        const moment = { caseId: 'story', seq: index + 2, at: event.at };
        expect(() => step(matter.machine, frozen, eventOf(event), moment)).not.toThrow();
      }
    }
  });

  it('in every state, every event leads where XState’s own transition leads, and decides the same', () => {
    const at = '2026-09-01T02:00:00.000Z';
    const seen = new Set<string>();
    const compare = (state: CaseState, event: MachineEvent) => {
      const { ours, own } = takeBothWays(matter.machine, state, event);
      expect(ours, event.type).toEqual(own);
    };
    for (const { states, events } of told) {
      for (const [index, state] of states.entries()) {
        const next = events[index + 1];
        if (next) compare(state, eventOf(next));
        if (seen.has(digestState(state))) continue;
        seen.add(digestState(state));
        for (const type of matter.machine.events) compare(state, { type, at });
      }
    }
  }, 30_000);

  it('replay gives the same digests, and the chain holds', () => {
    for (const { entries } of told) {
      expect(findChainBreak('story', entries)).toBeUndefined();
      expect([...replay(matter, entries)].every((each) => each.holds)).toBe(true);
    }
  });

  it('in every state, the erasure of its person ends the case where it stands, readable and shut', () => {
    const event = { type: 'person.erased', at: '2026-09-01T02:00:00.000Z', reason: 'person-asked' };
    for (const state of told.flatMap(({ states }) => states)) {
      const taken = step(matter.machine, state, event, { caseId: 'story', seq: 99, at: event.at });
      const waiting = [...Object.keys(state.children), ...Object.keys(state.timers)];
      expect(taken.cancel.toSorted()).toEqual(waiting.toSorted());
      expect(taken).toMatchObject({ start: [], problem: undefined });
      expect(taken.state).toEqual({ ...state, status: 'done', children: {}, timers: {}, failed: {} });
      for (const role of ['officer', 'auditor'] as const) {
        const view = presentCase({ ...standing(matter, taken.state), personal: undefined }, role, 'zh-CN');
        expect(view.allowed).toEqual([]);
        expect(view.data.personErased).toBeDefined();
      }
    }
  });

  it('whether an event is accepted never hangs on its payload, so that `allowed` can be exact', () => {
    for (const { states, events } of told) {
      for (const [index, event] of events.slice(1).entries()) {
        const state = states[index];
        if (!state || !matter.events[event.type]) continue;
        const snapshot = restore(matter.machine, state);
        expect(snapshot.can({ type: event.type, at: event.at }), event.type).toBe(
          snapshot.can(eventOf(event)),
        );
      }
    }
  });

  it('every state has its words in both languages', () => {
    for (const { states } of told) {
      for (const state of states) {
        const zh = presentCase(standing(matter, state), 'applicant', 'zh-CN');
        const en = presentCase(standing(matter, state), 'applicant', 'en');
        expect(zh.allowed.map((each) => each.event)).toEqual(en.allowed.map((each) => each.event));
        if (zh.message !== null) expect(zh.message).not.toBe(en.message);
        for (const { form } of en.allowed)
          expect(titlesOf(form).join()).not.toMatch(/\p{Unified_Ideograph}/u);
      }
    }
  });

  it('every refusal has its words in both languages', () => {
    for (const [code, kind] of Object.entries(matter.problems)) {
      for (const text of [kind.title, kind.detail ?? kind.title]) {
        expect(text.zh, code).toMatch(/\p{Unified_Ideograph}/u);
        expect(text.en, code).not.toMatch(/\p{Unified_Ideograph}/u);
      }
    }
  });
});

function leavesOf(matter: Matter, state: CaseState): string[] {
  return activeLeaves(restore(matter.machine, state));
}

function allLeaves(node: AnyStateMachine['root']): string[] {
  const children = Object.values(node.states);
  return children.length === 0 ? [node.path.join('.')] : children.flatMap(allLeaves);
}

/** What would change it throws. */
function freezeAll<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeAll(member);
  return Object.freeze(value);
}

function waitsFor(state: CaseState): string[] {
  const timers = Object.values(state.timers).map((timer) => timer.event);
  return [...Object.keys(state.children), ...timers].toSorted();
}

function actionsOf(tasks: { kind: string; name: string }[]): string[] {
  return tasks.filter((task) => task.kind === 'action').map((task) => task.name);
}

function standing(matter: Matter, state: CaseState) {
  const at = '2026-09-01T02:00:00.000Z';
  return {
    id: 'story',
    matter,
    machineVersion: matter.version,
    state,
    seq: 1,
    head: '',
    openedAt: at,
    updatedAt: at,
    personal: {},
  };
}

function titlesOf(form: JsonObject): string[] {
  const { properties = {} } = form as { properties?: Record<string, { title?: string }> };
  return Object.values(properties).map(({ title }) => title ?? '');
}
