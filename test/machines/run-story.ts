import { canonical } from '../../src/engine/canonical.ts';
import { digestState, writeEntry } from '../../src/engine/entry.ts';
import { stampOf } from '../../src/engine/interpret.ts';
import { eventOf } from '../../src/engine/replay.ts';
import { step, stepOpen } from '../../src/engine/step.ts';
import type { CaseState, JsonObject, Matter, Step, StoredEntry } from '../../src/engine/types.ts';
import type { Happening, Story } from '../../src/machines/story.ts';

/** A story told: every state it went through, and the history it would have left. */
export interface Told {
  last: Step;
  states: CaseState[];
  events: { type: string; at: string; data: JsonObject }[];
  entries: StoredEntry[];
}

const CASE = 'story';
const BEGIN = Date.parse('2026-09-01T02:00:00.000Z');

/** Plays a story, one second a happening; a timer that runs out brings its own time. */
export function tell(matter: Matter, story: Story): Told {
  const first = { type: 'case.open', at: iso(BEGIN), data: {} };
  const opened = stepOpen(matter.machine, { caseId: CASE, seq: 1, at: first.at });
  const told: Told = { last: opened, states: [opened.state], events: [first], entries: [] };
  append(matter, told, first);
  for (const happening of happeningsOf(story)) play(matter, told, happening);
  return told;
}

function happeningsOf(story: Story): Happening[] {
  return [...(story.given ? happeningsOf(story.given) : []), ...story.when];
}

function play(matter: Matter, told: Told, happening: Happening): void {
  const event = toEvent(told, happening);
  const seq = told.events.length + 1;
  told.last = step(matter.machine, told.last.state, eventOf(event), { caseId: CASE, seq, at: event.at });
  told.states.push(told.last.state);
  told.events.push(event);
  append(matter, told, event);
}

function toEvent(told: Told, happening: Happening): Told['events'][number] {
  const { timers } = told.last.state;
  const at = iso(Date.parse(told.events.at(-1)?.at ?? '') + 1_000);
  if ('event' in happening) return { type: happening.event, at, data: happening.facts ?? {} };
  if ('result' in happening) {
    const data = { output: happening.output, ...happening.facts };
    return { type: `xstate.done.actor.${happening.result}`, at, data };
  }
  if ('fails' in happening) {
    return { type: `xstate.error.actor.${happening.fails}`, at, data: { error: { code: 'ProviderDown' } } };
  }
  const found = Object.entries(timers).find(([, timer]) => timer.event === happening.runsOut);
  if (!found) throw new Error(`no timer ${happening.runsOut} is running`);
  return { type: found[0], at: found[1].dueAt, data: {} };
}

function append(matter: Matter, told: Told, event: Told['events'][number]): void {
  const { state } = told.last;
  told.entries.push(
    writeEntry({
      v: 1,
      case: CASE,
      seq: told.events.length,
      kind: 'accepted',
      type: event.type,
      at: event.at,
      actor: { role: 'applicant', id: 'nobody' },
      machine: stampOf(matter.machine, matter.version),
      data: event.data,
      personal: [],
      files: [],
      state: { value: state.value, digest: digestState(state) },
      prev: told.entries.at(-1)?.digest ?? '',
    }),
  );
}

/** What was stored, as it comes back. */
export function readBack(state: CaseState): CaseState {
  return JSON.parse(canonical(state)) as CaseState;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
