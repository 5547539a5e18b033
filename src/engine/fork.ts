import { digestState } from './entry.ts';
import { judge } from './gate.ts';
import { restore } from './interpret.ts';
import { stepMigrate } from './migrate.ts';
import { timersOf } from './present.ts';
import { type Replayed, replay, type Standing, takeAgain } from './replay.ts';
import { PERSON_ERASED, stepOpen } from './step.ts';
import type { Entry, JsonObject, Matter, Migration, Role, Step, StoredEntry, TimerState } from './types.ts';
import { findMigration, MIGRATE } from './versions.ts';

/** Where a history is left, and what happens from there instead. */
export interface WhatIf {
  /** The last entry that stays as it was; 0 for none. */
  seq: number;
  /** What happens then; when left out, what did happen. */
  events?: WhatIfEvent[] | undefined;
  /** The version it goes on under; when left out, its own. */
  machine?: Matter | undefined;
}

/** An event as the machine sees it: facts only. Without a time it happens at that of the entry before. */
export type WhatIfEvent = { type: string; at?: string; role?: Role } & JsonObject;

type Given = Pick<Entry, 'case' | 'seq' | 'type' | 'at' | 'data' | 'machine'> & {
  role: string;
  recorded: string | undefined;
};

/** One event of the other course. Nothing was done: `work` is what it would have asked for. */
export interface WhatIfStep extends Standing {
  before: Standing | undefined;
  entry: Given;
  work: Pick<Step, 'start' | 'cancel'>;
  digest: string;
  /** Why it would not have been taken; the state then stays. */
  refused: string | undefined;
  /** Deadlines that would have run out before this, had nobody come first. */
  overdue: TimerState[];
}

/**
 * Runs a history on from an entry, with other events or under another version: no effect, no task, nothing written. With
 * nothing changed it leads to the digests that were recorded.
 * @throws MachineNotLoaded, CannotMigrate
 */
export function* runOn(matter: Matter, history: StoredEntry[], whatIf: WhatIf): Generator<WhatIfStep> {
  const all = [...replay(matter, history)];
  const last = all[whatIf.seq - 1];
  let before = last && standOn(last, whatIf.machine);
  for (const given of eventsOf(all, whatIf)) {
    const next = takeGiven(matter, before, given, whatIf.machine);
    yield next;
    before = { matter: next.matter, state: next.state };
  }
}

/** Where it leaves the history: under its own version, or moved to the other as a migration would, or as it stands. */
function standOn(last: Replayed, to: Matter | undefined): Standing {
  const { matter, state, entry } = last;
  if (!to || to.version === matter.version) return { matter, state };
  const migration = findMigration(to, matter.version, to.version) ?? asItStands(matter.version, to.version);
  const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
  return { matter: to, state: stepMigrate(migration, to.machine, state, moment).state };
}

/** Where nobody has written how a case moves: the same state, if the machine has it. */
export function asItStands(from: string, to: string): Migration {
  return { from, to, migrate: (state) => state };
}

function eventsOf(all: Replayed[], { seq, events }: WhatIf): Given[] {
  if (!events) return all.slice(seq).map(({ entry }) => givenAgain(entry));
  const first = all[0]?.entry;
  if (!first) return [];
  let at = all[seq - 1]?.entry.at ?? first.at;
  return events.map(({ type, at: own, role = '', ...data }, index) => {
    at = own ?? at;
    return {
      case: first.case,
      seq: seq + 1 + index,
      type,
      at,
      data,
      machine: first.machine,
      role,
      recorded: undefined,
    };
  });
}

function givenAgain(entry: Entry): Given {
  return { ...entry, role: entry.actor.role, recorded: entry.state.digest };
}

function takeGiven(
  matter: Matter,
  before: Standing | undefined,
  entry: Given,
  to: Matter | undefined,
): WhatIfStep {
  const refused = before && findRefusal(before, entry, to);
  const stays = { start: [], cancel: [] };
  if (before && refused !== undefined) {
    return { ...before, before, entry, work: stays, digest: digestState(before.state), refused, overdue: [] };
  }
  const { matter: version, taken } = before || !to ? takeAgain(matter, before, entry) : openUnder(to, entry);
  const { state, start, cancel } = taken;
  const work = { start, cancel };
  const overdue = before ? overdueAt(before, entry) : [];
  return {
    before,
    matter: version,
    state,
    entry,
    work,
    digest: digestState(state),
    refused: undefined,
    overdue,
  };
}

/** What did happen came in that order; what is made up may have forgotten a deadline. */
function overdueAt({ state }: Standing, { type, at, recorded }: Given): TimerState[] {
  if (recorded !== undefined) return [];
  const others = Object.entries(state.timers).filter(([id, { dueAt }]) => id !== type && dueAt < at);
  return others.map(([, timer]) => timer);
}

function openUnder(to: Matter, entry: Given) {
  const moment = { caseId: entry.case, seq: entry.seq, at: entry.at };
  return { matter: to, taken: stepOpen(to.machine, moment) };
}

function findRefusal(before: Standing, given: Given, to: Matter | undefined): string | undefined {
  if (given.type === MIGRATE) return to ? `it runs under version ${to.version} anyway` : undefined;
  return whyNotTaken(before, given);
}

/** Why a state does not take an event; undefined when it does. */
export function whyNotTaken(
  before: Standing,
  { type, at, role }: Pick<Given, 'type' | 'at' | 'role'>,
): string | undefined {
  const { matter, state } = before;
  const [, child] = /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (child !== undefined) return state.children[child] ? undefined : `nobody waits for ${child}`;
  if (matter.events[type]) return refusalOf(before, type, at, role);
  if (state.timers[type]) return undefined;
  // What the engine writes into a history by itself is no machine's to refuse.
  return type === PERSON_ERASED ? undefined : 'no such event, and no such timer is running';
}

function refusalOf({ matter, state }: Standing, type: string, at: string, role: string): string | undefined {
  const roles = matter.events[type]?.roles ?? [];
  const asked = roles.find((each) => each === role) ?? roles[0] ?? 'applicant';
  const snapshot = restore(matter.machine, state);
  const verdict = judge({ matter, snapshot, role: asked, at, timers: timersOf(state) }, type);
  if (verdict.ok) return undefined;
  const { guard } = verdict.why;
  return typeof guard === 'string' ? `guard ${guard}: ${verdict.problem.code}` : verdict.problem.code;
}
