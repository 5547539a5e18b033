import fc from 'fast-check';
import { type AnyStateMachine, transition } from 'xstate';
import { z } from 'zod';
import { digestOf } from '../../src/engine/canonical.ts';
import { writeEntry } from '../../src/engine/entry.ts';
import { advance, persist, readDecisions, restore } from '../../src/engine/interpret.ts';
import type {
  CaseState,
  EffectDefinition,
  Entry,
  EventDefinition,
  MachineEvent,
  Matter,
  Role,
  StoredEntry,
} from '../../src/engine/types.ts';
import { defineMatter, usesOf } from '../../src/machines/define.ts';

/** Any string that has a canonical form: every code point, control characters and surrogate pairs among them. */
export const nfcString = fc
  .string({
    unit: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom('é', '办', '😀', '𠮷', '\uff21'),
    ),
  })
  .map((text) => text.normalize('NFC'));

/** Any value of integers and NFC strings. */
export const nfcJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((n) => (n === 0 ? 0 : n)),
    nfcString,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(nfcString, tie('value'), { maxKeys: 6 }),
  ),
})).value;

const START = Date.parse('2026-07-01T00:00:00.000Z');

export function at(seconds: number): string {
  return new Date(START + Math.round(seconds * 1000)).toISOString();
}

/** Where our way and XState's own `transition` lead from a stored state, and what each decides. */
export function takeBothWays(machine: AnyStateMachine, state: CaseState, event: MachineEvent) {
  const before = restore(machine, throughJson(state));
  const own = outcomeOf(() => {
    const [next, actions] = transition(machine, before, event);
    return { next: persist(next), decisions: readDecisions(actions) };
  });
  const ours = outcomeOf(() => {
    const [next, decisions] = advance(machine, before, event);
    return { next: persist(next), decisions };
  });
  return { ours, own };
}

/** An event without the payload it needs may end in an error: then in the same. */
function outcomeOf<T>(work: () => T): T | { failed: string } {
  try {
    return work();
  } catch (error) {
    return { failed: String(error) };
  }
}

/** What a database gives back: nothing survives but what JSON holds. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function entry(changes: Partial<Entry> = {}): Entry {
  return {
    v: 1,
    case: 'c1',
    seq: 1,
    kind: 'accepted',
    type: 'sample.send',
    at: at(0),
    actor: { role: 'applicant', id: 'p1' },
    machine: { id: 'sample', version: '1.0.0', definition: digestOf('machine') },
    data: {},
    personal: [],
    files: [],
    state: { value: 'first', digest: digestOf('state') },
    prev: '',
    ...changes,
  };
}

/** A chain that holds. */
export function chain(length: number, changes: Partial<Entry> = {}): StoredEntry[] {
  const entries: StoredEntry[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const prev = entries.at(-1)?.digest ?? '';
    entries.push(writeEntry(entry({ seq, at: at(seq), data: { n: seq }, prev, ...changes })));
  }
  return entries;
}

/** A matter of which only the machine's side is of interest, defined as every other. */
export function matterOf(
  machine: AnyStateMachine,
  events: Record<string, Role[]>,
  why: Matter['why'] = {},
): Matter {
  return defineMatter({
    id: 'sample',
    version: '1.0.0',
    machine,
    raises: ['internal.resume'],
    catalogue: {
      profession: '',
      kind: '',
      title: { zh: '样例', en: 'Sample' },
      itemCode: '',
      guide: null,
      clauses: [],
      materials: null,
      agreements: [],
      notice: {},
      choices: {},
    },
    events: Object.fromEntries(Object.entries(events).map(([name, roles]) => [name, eventFor(roles)])),
    effects: Object.fromEntries([...usesOf(machine).actors].map((src) => [src, effect])),
    actions: {},
    why,
    problems: {},
    view: () => ({ step: null, message: null, data: {} }),
  });
}

const effect: EffectDefinition = {
  timeoutMs: 1000,
  attempts: 1,
  backoffMs: 1000,
  output: z.strictObject({}),
  run: async () => ({}),
};

function eventFor(roles: Role[]): EventDefinition {
  return { title: { zh: '样例', en: 'Sample' }, roles, forms: [z.strictObject({})] };
}

export function stateOf(value: CaseState['value'], context: CaseState['context'] = {}): CaseState {
  return { status: 'active', value, context, history: {}, children: {}, timers: {}, failed: {} };
}
