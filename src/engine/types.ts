import type { AnyStateMachine, StateValue } from 'xstate';
import type { ZodObject } from 'zod';

/** Any value that survives JSON unchanged. Machine contexts and events hold nothing else. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A text for people, in both languages the service speaks. */
export interface Text {
  zh: string;
  en: string;
}
export type Language = 'zh-CN' | 'en';

/** Who may act. `system` is the worker bringing timers and results of effects. */
export type Role = 'applicant' | 'enterprise' | 'officer' | 'auditor' | 'operator';
export interface Actor {
  role: Role | 'system';
  /** A pseudonym, never a name. */
  id: string;
}

/** Someone who asks over HTTP. `address` is a keyed digest of the client's address, used only for limits. */
export interface Caller {
  role: Role;
  id: string;
  address: string;
  /** How a person came here: web, wechat, alipay; staff: api. */
  channel: string;
}

// ── problems ────────────────────────────────────────────────────────────────

/** One thing wrong with one field. `pointer` is an RFC 6901 pointer into the body sent. */
export interface FieldError {
  pointer: string;
  code: string;
  params?: JsonObject;
}

/** A deliberate refusal, before it is given words. `code` is a key of a problem catalogue. */
export interface ProblemSpec {
  code: string;
  params?: JsonObject;
  errors?: FieldError[];
  retryAfterSeconds?: number;
}

/** What a code means: its HTTP status (422 for codes that only stand at a field) and its words. `{name}` is filled from params. */
export interface ProblemKind {
  /** The public code where it differs from the key: several causes, one code. */
  code?: string;
  status: number;
  title: Text;
  detail?: Text;
  /** A field code that gives the whole answer its code when no other field is wrong. */
  leads?: true;
}
export type ProblemCatalogue = Record<string, ProblemKind>;

// ── the machine's side ──────────────────────────────────────────────────────

/** Which machine wrote an entry. `definition` is the digest of the machine's structure. */
export interface MachineStamp {
  id: string;
  version: string;
  definition: string;
}

/** A running invoke of a state: an effect that is wanted. */
export interface ChildState {
  src: string;
  /** Stable over retries: the same wish for the same work has the same key. */
  key: string;
}
/** A pending `after`. `event` is the delay's name in the machine. */
export interface TimerState {
  event: string;
  dueAt: string;
}

/** A machine's whole state as JSON: all that is needed to take the next step, and what `state.digest` digests. */
export interface CaseState {
  status: 'active' | 'done';
  value: StateValue;
  context: JsonObject;
  history: { [node: string]: string[] };
  children: { [id: string]: ChildState };
  timers: { [id: string]: TimerState };
  /** Keys of effects that gave up: trying again is the same wish, so that a provider that did the work does it once. */
  failed: { [id: string]: string };
}

/** An event as the machine sees it: facts only. `at` is RFC 3339 UTC with milliseconds. */
export type MachineEvent = { type: string; at: string } & JsonObject;

/** A row of work. Its `ref` is unique within the case: an invoke's id, a timer's id, an action's name and number. */
export interface NewTask {
  kind: 'effect' | 'timer' | 'action';
  ref: string;
  /** The invoke's `src`, the action's type, or the event a timer sends. */
  name: string;
  key: string;
  input: Json;
  dueAt: string;
}

/** What one step decided. Nothing has happened yet. */
export interface Step {
  state: CaseState;
  start: NewTask[];
  /** Refs of tasks that are wanted no longer. */
  cancel: string[];
  /** What the machine says to the caller through `emit({ type: 'problem', code })`. */
  problem: ProblemSpec | undefined;
}

// ── the history ─────────────────────────────────────────────────────────────

export interface FileFact {
  digest: string;
  size: number;
  mediaType: string;
}

/** One line of a history, as it is stored: the UTF-8 bytes of its RFC 8785 form, at most 16 KiB. */
export interface Entry {
  v: 1;
  case: string;
  seq: number;
  kind: 'accepted' | 'refused' | 'read';
  type: string;
  at: string;
  actor: Actor;
  /** Keyed digest of the Idempotency-Key. */
  key?: string;
  machine: MachineStamp;
  data: JsonObject;
  /** Salted digests of the personal values that came with it (RFC 9901), sorted. */
  personal: string[];
  files: FileFact[];
  state: { value: StateValue; digest: string };
  /** Digest of the entry before, '' for the first. */
  prev: string;
}
/** A line of the service's own history: what happened to its keys, say. */
export interface ServiceEntry {
  v: 1;
  kind: 'service';
  seq: number;
  type: string;
  at: string;
  actor: Actor;
  data: JsonObject;
  prev: string;
}
export interface StoredEntry {
  bytes: string;
  digest: string;
}

/** Every state a case is in, dotted, outer ones too, and the time of the entry since which it is in it without a break. */
export type Entered = Record<string, string>;

/** What auditors find a rare entry by: a refusal, an act of staff, a trial. It follows from the entry's bytes. */
export interface Tags {
  at: string;
  /** Who was refused, or who of the staff acted: a pseudonym. */
  actor?: string;
  /** The event that was refused, and the problem it was refused with. */
  type?: string;
  code?: string;
  /** A trial of the matter, by name, and how it went. */
  trial?: string;
  outcome?: 'failed' | 'passed';
  /** The machine version that the case left with this entry. */
  left?: string;
}

// ── what a matter is made of ────────────────────────────────────────────────

/** Personal values by field name, as the vault gives them back. */
export type Personal = Record<string, string>;

/** At most `max` marks of `scope` for one subject within `windowMs`. The subject is a keyed digest. */
export interface Limit {
  scope: string;
  subject: string;
  max: number;
  windowMs: number;
  /** Refusal when the limit is reached. Retry-After is filled in. */
  problem: ProblemSpec;
}
/** Something to count later. Written in the event's own transaction. */
export interface Mark {
  scope: string;
  subject: string;
}
/** A right that only one open case may hold, freed when the case is done. */
export interface Claim {
  scope: string;
  subject: string;
}

/** What the edge may use to turn a form into facts. All of it is keyed with secrets of this server. */
export interface EdgeTools {
  /** Keyed digest, hex: for limits, claims and indexes; never in a history. */
  digestOf(purpose: string, value: string): string;
  /** The six digits sent under an effect's key to a mobile number: the same for the same pair, so they need not be stored. */
  codeFor(effectKey: string, mobile: string): string;
  hashPassword(password: string): Promise<string>;
}

export interface PrepareInput {
  caseId: string;
  caller: Caller;
  at: string;
  /** The parsed form. Personal and secret fields are still in it. */
  form: JsonObject;
  context: JsonObject;
  personal: Personal;
  tools: EdgeTools;
}

/** What the edge found out. Plain fields of the form become facts by themselves, personal ones go to the vault. */
export interface Prepared {
  facts?: JsonObject;
  personal?: Personal;
  limits?: Limit[];
  marks?: Mark[];
  claim?: Claim;
  problem?: ProblemSpec;
  /** A person whose ID number is now known: keyed digest for the index outside the history. */
  subject?: string;
}

export interface EventDefinition {
  title: Text;
  roles: Role[];
  /** Every form the event can ask for; documentation shows them all. */
  forms: ZodObject[];
  /** Which of them it asks for now. The first when left out. */
  formFor?(context: JsonObject): ZodObject;
  prepare?(input: PrepareInput): Prepared | Promise<Prepared>;
  /** Comes through a route of its own with a file, never as JSON. */
  upload?: true;
}

export interface EffectInput {
  caseId: string;
  /** The machine's `input` for this invoke, or an action's params. */
  input: Json;
  personal: Personal;
  /** The same over all attempts: a provider that sees it twice does the work once. */
  key: string;
  signal: AbortSignal;
  tools: EdgeTools;
}
export interface SettleInput {
  output: JsonObject;
  at: string;
  personal: Personal;
  tools: EdgeTools;
}
export interface EffectDefinition {
  timeoutMs: number;
  attempts: number;
  /** Wait before attempt n+1: `backoffMs · 2^(n−1)`. */
  backoffMs: number;
  /** Shape of the result. Personal fields are sealed, the rest are the facts the machine sees as `event.output`. */
  output: ZodObject;
  run(input: EffectInput): Promise<JsonObject>;
  /**
   * Claims, marks and limits that belong to a result. What stands in the way comes back as a fact, `claimTaken: true` or
   * `limitReached: true`, and the machine decides what it means.
   */
  settle?(input: SettleInput): Pick<Prepared, 'marks' | 'claim' | 'limits'>;
}
/** Work without a result: done, or tried until it is. */
export type ActionDefinition = Omit<EffectDefinition, 'output' | 'settle' | 'run'> & {
  run(input: EffectInput): Promise<void>;
};

export interface ViewInput {
  state: CaseState;
  /** `meta` of the active states, outermost first. */
  meta: JsonObject[];
  personal: Personal;
  role: Role;
  language: Language;
}
export interface View {
  step: { current: number; of: number; title: string } | null;
  message: string | null;
  data: JsonObject;
}

/** Figures 1, 3 and 4: what people read before they start. */
export interface Catalogue {
  profession: string;
  kind: string;
  title: Text;
  itemCode: string;
  guide: Json;
  clauses: { id: string; text: Text }[];
  materials: Json;
  agreements: { id: string; version: string; title: Text; text: Text }[];
  /** Texts that stand around the clauses. */
  notice: Record<string, Text>;
  /** Labels of the values a form offers. */
  choices: Record<string, { id: string; label: Text }[]>;
}

/** An entry by its event and, where those decide, by facts in it: what is left out may be anything. */
export interface EntryPattern {
  type: string;
  data?: JsonObject;
  /** Facts that must not be there. */
  without?: string[];
}
/** Something a person has to pass, and may fail before. */
export interface Trial {
  title: Text;
  failed: EntryPattern[];
  passed: EntryPattern[];
}
/** What questions of auditors have to know of a matter: the engine knows neither codes by SMS nor faces. */
export interface MatterQuestions {
  /** Problems that say that a step was to be skipped, beside event-not-allowed. */
  skips: string[];
  trials: Record<string, Trial>;
}

/** A personal value that an auditor may be shown, one at a time and for a reason. */
export interface Disclosable {
  title: Text;
  /** What stands for it until then. */
  mask: (value: string) => string;
}

/** A service item: a machine, its forms, its texts, its policy, its effects. */
export interface Matter {
  id: string;
  version: string;
  machine: AnyStateMachine;
  catalogue: Catalogue;
  /** Events the machine raises itself. */
  raises: string[];
  /** Public events. An event not named here is internal: never listed, never accepted from outside. */
  events: Record<string, EventDefinition>;
  effects: Record<string, EffectDefinition>;
  actions: Record<string, ActionDefinition>;
  /** For a guard that stands in the way: a better answer than event-not-allowed. */
  why: Record<string, (context: JsonObject, timers: TimerState[], at: string) => ProblemSpec>;
  problems: ProblemCatalogue;
  /** Nothing to ask about when left out. */
  questions?: MatterQuestions;
  /** By field. What is sealed and not named here is shown to the person alone. */
  discloses?: Record<string, Disclosable>;
  view(input: ViewInput): View;
  /** Set when the matter is loaded with other versions of itself; all of them share it. */
  versions?: Versions;
}

/** What is loaded of a matter: its versions, newest first, and the ways cases may move between them. */
export interface Versions {
  all: Matter[];
  migrations: Migration[];
}

/** A way for open cases from one version of a matter's machine to another. Pure; once used, never changed. */
export interface Migration {
  from: string;
  to: string;
  /** Undefined for a case that cannot be taken: it stays where it is. */
  migrate(state: CaseState): Migrated | undefined;
}

/**
 * Where a case stands in the new machine. Its effects and timers follow from the state: what runs and is still asked for
 * goes on, under the same key and to the same moment; the rest ends, and what is newly asked for begins.
 */
export interface Migrated {
  value: StateValue;
  context: JsonObject;
  /** As it was when left out. */
  history?: CaseState['history'];
  /** When a timer is due (RFC 3339), by its id in the new machine, where neither its old moment nor its full length is right. */
  dueAt?: { [timer: string]: string };
}
