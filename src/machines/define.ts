import type { AnyStateMachine, StateNode } from 'xstate';
import type { Matter, Migration, Versions } from '../engine/types.ts';

/**
 * Holds a matter against its machine before anything runs.
 * @throws Error naming everything that does not fit: an event without a transition, an effect or action without a
 * handler, a handler without a use.
 */
export function defineMatter(matter: Matter): Matter {
  const used = usesOf(matter.machine);
  const problems = [
    ...missing('event with no transition', Object.keys(matter.events), used.events),
    ...missing(
      'transition with no public event',
      publicOf(used.events, matter.raises),
      new Set(Object.keys(matter.events)),
    ),
    ...missing('invoke with no effect', [...used.actors], new Set(Object.keys(matter.effects))),
    ...missing('effect that nothing invokes', Object.keys(matter.effects), used.actors),
    ...missing('action that nothing takes', Object.keys(matter.actions), used.actions),
    ...missing('reason for a guard that is not there', Object.keys(matter.why), used.guards),
    ...missing('trial of an event that is not there', trialEvents(matter), used.events),
    ...missing(
      'skip that is no problem',
      matter.questions?.skips ?? [],
      new Set(Object.keys(matter.problems)),
    ),
    ...OURS.filter((name) => Object.hasOwn(matter.events, name)).map(
      (name) => `event of the engine: ${name}`,
    ),
  ];
  if (problems.length > 0) throw new Error(`${matter.id} does not fit its machine: ${problems.join('; ')}`);
  const { events, effects, actions, why, discloses = {} } = matter;
  return {
    ...matter,
    events: lookup(events),
    effects: lookup(effects),
    actions: lookup(actions),
    why: lookup(why),
    discloses: lookup(discloses),
  };
}

/** What the engine itself writes into histories: nobody may send it. */
const OURS = ['case.open', 'case.migrate'];

/**
 * A matter with the older versions of itself that still have cases or histories, and the ways between them.
 * @throws Error naming everything that does not fit: a version twice, a way to where nothing is, two ways for one.
 */
export function joinVersions(current: Matter, earlier: Matter[], migrations: Migration[]): Matter {
  const all = [current, ...earlier];
  const names = all.map(({ version }) => version);
  const ways = migrations.map(({ from, to }) => `${from} → ${to}`);
  const problems = [
    ...all.filter(({ id }) => id !== current.id).map(({ id }) => `a version of another matter: ${id}`),
    ...repeated(names).map((name) => `version twice: ${name}`),
    ...repeated(ways).map((way) => `two migrations ${way}`),
    ...migrations
      .filter(({ from, to }) => from === to || !names.includes(to))
      .map(({ from, to }) => `migration to nowhere: ${from} → ${to}`),
  ];
  if (problems.length > 0) throw new Error(`versions of ${current.id} do not fit: ${problems.join('; ')}`);
  const versions: Versions = { all: [], migrations };
  versions.all = all.map((matter) => ({ ...matter, versions }));
  return versions.all[0] ?? current;
}

function repeated(names: string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

/** Asked with names that clients invent: `constructor` and its like must not be found. */
function lookup<T>(record: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null), record);
}

function missing(what: string, names: string[], known: Set<string>): string[] {
  return names.filter((name) => !known.has(name)).map((name) => `${what}: ${name}`);
}

function trialEvents({ questions }: Matter): string[] {
  const trials = Object.values(questions?.trials ?? {});
  return trials.flatMap(({ failed, passed }) => [...failed, ...passed]).map(({ type }) => type);
}

/** Timers, results and what the machine says to itself are nobody's to send. */
function publicOf(events: Set<string>, raises: string[]): string[] {
  return [...events].filter((event) => !event.startsWith('xstate.') && !raises.includes(event));
}

interface Uses {
  events: Set<string>;
  actors: Set<string>;
  guards: Set<string>;
  actions: Set<string>;
}

/** Everything a machine's states refer to by name. */
export function usesOf(machine: AnyStateMachine): Uses {
  const uses: Uses = { events: new Set(), actors: new Set(), guards: new Set(), actions: new Set() };
  visit(machine.root, uses);
  return uses;
}

function visit(node: StateNode, uses: Uses): void {
  for (const [event, transitions] of node.transitions) {
    uses.events.add(event);
    for (const { guard, actions } of transitions) {
      if (typeof guard === 'string') uses.guards.add(guard);
      addNames(actions, uses.actions);
    }
  }
  addNames(node.entry, uses.actions);
  addNames(node.exit, uses.actions);
  for (const { src } of node.invoke) if (typeof src === 'string') uses.actors.add(src);
  for (const child of Object.values(node.states)) visit(child, uses);
}

function addNames(actions: readonly unknown[], names: Set<string>): void {
  for (const action of actions) if (typeof action === 'string') names.add(action);
}
