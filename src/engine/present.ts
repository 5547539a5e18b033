import type { AnyMachineSnapshot } from 'xstate';
import { inLanguage } from './errors.ts';
import { formSchema } from './forms.ts';
import { listAllowed } from './gate.ts';
import { restore } from './interpret.ts';
import type {
  CaseState,
  EventDefinition,
  JsonObject,
  Language,
  Matter,
  Personal,
  Role,
  Text,
  TimerState,
} from './types.ts';

/** A case as its readers see it. */
export interface CaseView {
  id: string;
  matter: string;
  machineVersion: string;
  seq: number;
  head: string;
  status: 'active' | 'done';
  value: CaseState['value'];
  states: string[];
  step: { current: number; of: number; title: string } | null;
  message: string | null;
  data: JsonObject;
  allowed: AllowedEvent[];
  deadlines: TimerState[];
  openedAt: string;
  updatedAt: string;
}
export interface AllowedEvent {
  event: string;
  title: string;
  href: string;
  form: JsonObject;
}

/** What a view is made of: a case at one moment, now or as it then was. */
export interface Standing {
  id: string;
  matter: Matter;
  machineVersion: string;
  state: CaseState;
  seq: number;
  /** Digest of the entry `seq`. */
  head: string;
  openedAt: string;
  updatedAt: string;
  /** Undefined when the person was erased. */
  personal: Personal | undefined;
}

/** The same function answers live and `asOf`, so that both say the same. */
export function presentCase(standing: Standing, role: Role, language: Language): CaseView {
  const { matter, state, personal = {} } = standing;
  const snapshot = restore(matter.machine, state);
  const view = matter.view({ state, meta: metaOf(snapshot), personal, role, language });
  const data = standing.personal ? view.data : { ...view.data, personErased: saidOfErased(language) };
  return {
    id: standing.id,
    matter: matter.id,
    machineVersion: standing.machineVersion,
    seq: standing.seq,
    head: standing.head,
    status: state.status,
    value: state.value,
    states: activeLeaves(snapshot),
    ...view,
    data,
    allowed: presentAllowed(standing, snapshot, role, language),
    deadlines: timersOf(state),
    openedAt: standing.openedAt,
    updatedAt: standing.updatedAt,
  };
}

const personErased: Text = {
  zh: '当事人的个人信息已依法删除,办理经过予以保留',
  en: 'The person was erased; what happened in the case is kept.',
};

function saidOfErased(language: Language): JsonObject {
  return { message: inLanguage(personErased, language) };
}

/** Dotted leaves in document order. */
export function activeLeaves(snapshot: AnyMachineSnapshot): string[] {
  return nodesOf(snapshot)
    .filter((node) => node.type === 'atomic' || node.type === 'final')
    .map((node) => node.path.join('.'));
}

export function timersOf(state: CaseState): TimerState[] {
  // By name where two are due together: a state read back has its members in another order.
  return Object.values(state.timers).toSorted(
    (a, b) => compare(a.dueAt, b.dueAt) || compare(a.event, b.event),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function nodesOf(snapshot: AnyMachineSnapshot) {
  return snapshot._nodes.toSorted((a, b) => a.order - b.order);
}

function metaOf(snapshot: AnyMachineSnapshot): JsonObject[] {
  return nodesOf(snapshot).flatMap((node) => (node.meta ? [node.meta as JsonObject] : []));
}

function presentAllowed(
  standing: Standing,
  snapshot: AnyMachineSnapshot,
  role: Role,
  language: Language,
): AllowedEvent[] {
  const { matter, state, updatedAt } = standing;
  const question = { matter, snapshot, role, at: updatedAt, timers: timersOf(state) };
  return listAllowed(question).flatMap((event) => {
    const definition = matter.events[event];
    return definition ? [presentEvent(standing, event, definition, language)] : [];
  });
}

function presentEvent(
  standing: Standing,
  event: string,
  definition: EventDefinition,
  language: Language,
): AllowedEvent {
  const form = formOf(definition, standing.state.context);
  const place = definition.upload ? 'attachments' : `events/${event}`;
  return {
    event,
    title: inLanguage(definition.title, language),
    href: `/v1/cases/${standing.id}/${place}`,
    form: formSchema(form, language),
  };
}

/** The form an event asks for in this context. */
export function formOf(definition: EventDefinition, context: JsonObject) {
  const form = definition.formFor?.(context) ?? definition.forms[0];
  if (!form) throw new Error('an event without a form');
  return form;
}
