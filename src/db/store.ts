import type {
  CaseState,
  Claim,
  Entered,
  Limit,
  MachineStamp,
  Mark,
  NewTask,
  Role,
  StoredEntry,
  Tags,
} from '../engine/types.ts';
import type { SealedValue, VaultRow } from '../vault/vault.ts';

/**
 * A case as it stands. It has three chains: its history, its refusals, and who of the staff read it. Each has a count and a head, the
 * digest of its last entry, '' before the first.
 */
export interface CaseRow {
  id: string;
  matter: string;
  machine: MachineStamp;
  /** The person whose case it is. */
  owner: string;
  state: CaseState;
  /** Since when it is in its states. */
  entered: Entered;
  seq: number;
  head: string;
  refusals: number;
  refusalHead: string;
  reads: number;
  readHead: string;
  openedAt: string;
  updatedAt: string;
}

/** A task as the worker holds it. `attempts` counts the one under way. */
export interface Task extends NewTask {
  id: number;
  caseId: string;
  attempts: number;
}

/** What an Idempotency-Key was used for. `fields` are keyed digests by pointer, so that a difference can be named. */
export interface KeyRow {
  scope: string;
  key: string;
  caseId: string;
  event: string;
  fields: Record<string, string>;
  seq: number;
  waitMs: number;
}

/** One accepted event, all of it: written together or not at all. */
export interface Commit {
  /** The case as it will stand. `row.seq` is the entry's; it must be the next one. */
  row: CaseRow;
  entry: StoredEntry;
  at: string;
  /** Whether a state is left or entered: where none is, what searches find a case by stays as it is. */
  changesStates: boolean;
  /** What its entry is found by, where it is one of the rare ones. */
  tags: Tags | undefined;
  start: NewTask[];
  cancel: string[];
  /** The task whose result this is; if its row is gone, nobody wants the result. */
  settles?: number;
  /** Effects and actions are born under this lease, so that starting them costs no second commit; free when left out. */
  lease?: { owner: string; until: string };
  /** The machine that the case moves to with this entry: `row.machine` is then another than before. */
  moves?: true;
  vault: SealedValue[];
  key?: KeyRow;
  limits: Limit[];
  marks: Mark[];
  claim?: Claim;
  subject?: string;
}

export type CommitOutcome =
  | { kind: 'committed'; tasks: Task[] }
  | { kind: 'seq-taken' }
  | { kind: 'task-gone' }
  | { kind: 'key-used' }
  | { kind: 'limited'; limit: Limit; retryAfterSeconds: number }
  | { kind: 'claim-taken'; caseId: string }
  | { kind: 'person-erased' };

/** An entry beside a case's history, which moves nothing: an event that was not taken, or a reader. `number` counts from 1. */
export interface SideEntry {
  caseId: string;
  kind: 'refused' | 'read';
  number: number;
  entry: StoredEntry;
  /** What it is found by. */
  tags: Tags | undefined;
}

/** An entry in its place in the log. `caseId` is '' in the service's own chain. */
export interface LogEntry extends StoredEntry {
  /** Its leaf in the tree, from 0. */
  index: number;
  caseId: string;
  kind: ChainKind;
  seq: number;
}
export type ChainKind = 'accepted' | 'refused' | 'read' | 'service';
/** The end of a chain. */
export interface ChainHead {
  seq: number;
  head: string;
}

/** A person's end: their cases' ends, and all that says who they are, together or not at all. */
export interface Erasure {
  personId: string;
  reason: string;
  at: string;
  /** The last entry of each of their cases. */
  commits: Commit[];
  /** Subjects of marks that were made of their values. */
  digests: string[];
}
/** `moved`: one of their cases went on, or another was opened, since this was planned. */
export type ErasureOutcome = 'erased' | 'erased-before' | 'moved' | 'unknown';

/** A person's key as it was, and wrapped anew. */
export interface Rewrapped {
  id: string;
  before: Buffer;
  after: Buffer;
}

export interface SessionRow {
  personId: string;
  channel: string;
  expiresAt: string;
}
export interface TokenRow {
  id: string;
  role: Role;
  name: string;
}
export interface ProfileRow {
  nickname?: Buffer;
  avatar?: { digest: string; mediaType: string };
}

export interface CaseFilter {
  matter?: string;
  /** A leaf, dotted, or the beginning of one. */
  state?: string;
  openedFrom?: string;
  openedTo?: string;
  owner?: string;
  /** Keyed digest of an ID number that was typed in it. */
  subject?: string;
  cursor?: string;
  limit: number;
}
export type CasePage = Page<CaseRow>;

// ── what auditors ask ───────────────────────────────────────────────────────

/** Part of a list, and the cursor that the rest begins at. */
export interface Page<Row> {
  rows: Row[];
  next: string | undefined;
}
interface Paging {
  cursor?: string | undefined;
  limit: number;
}
/** Times are RFC 3339 UTC with milliseconds: `from` inclusive, `to` exclusive. */
interface Within {
  from?: string | undefined;
  to?: string | undefined;
}

export interface RefusalFilter extends Paging, Within {
  /** Any of these problems; every one when left out. */
  codes?: string[] | undefined;
  caseId?: string | undefined;
  /** The pseudonym of who was refused. */
  actor?: string | undefined;
  event?: string | undefined;
}
export interface ActFilter extends Paging, Within {
  /** The id of a member of staff. */
  actor: string;
}
export interface VersionFilter extends Paging {
  matter: string;
  version: string;
}
export interface PassFilter extends Paging {
  trial: string;
  /** At least so often. */
  failures: number;
}
export interface WaitingFilter extends Paging {
  /** Dotted, a leaf or not. */
  state: string;
  /** In it since then at the latest. */
  before: string;
  matter?: string | undefined;
}

/** A trial that was passed after failures; the entry is the pass. */
export interface Pass extends LogEntry {
  trial: string;
  failures: number;
}
/** A case, and since when it is in the state that was asked for. */
export interface Waiting {
  row: CaseRow;
  since: string;
}
/** `hour` is its first moment. */
export interface RefusalCount {
  hour: string;
  code: string;
  count: number;
}
/** Tags as they are stored. */
export interface TagRow extends Tags {
  /** Of the entry in the log. */
  index: number;
  failures?: number;
}

/** What auditors ask. Every answer stands on an index that is written in the entry's own transaction. */
export interface QuestionStore {
  /** The newest first. */
  searchRefusals(filter: RefusalFilter): Promise<Page<LogEntry>>;
  /** The newest first. */
  searchActs(filter: ActFilter): Promise<Page<LogEntry>>;
  /** Case by case as they were opened, each in log order. */
  searchVersion(filter: VersionFilter): Promise<Page<LogEntry>>;
  /** The most failures first. */
  searchPasses(filter: PassFilter): Promise<Page<Pass>>;
  /** Those first that entered any of their states first. */
  searchWaiting(filter: WaitingFilter): Promise<Page<Waiting>>;
  /** Hour by hour. */
  countRefusals(filter: Paging & Within): Promise<Page<RefusalCount>>;
  /** By what the entries of a case are found, in log order; '' stands for the service. */
  readTags(caseId: string): Promise<TagRow[]>;
  /** All chains of a case together in log order; '' stands for the service. */
  readCaseLog(caseId: string): Promise<LogEntry[]>;
  /** Cases without an index, from before there was one. */
  listUnindexed(limit: number): Promise<string[]>;
  /** Puts the index of a case in place of what it had. */
  writeIndex(index: { caseId: string; entered: Entered; tags: TagRow[] }): Promise<void>;
}

// ── the contract ────────────────────────────────────────────────────────────

/** Times are RFC 3339 UTC with milliseconds: `from` inclusive, `to` exclusive. */
export interface Period {
  from: string;
  to: string;
}
/** Days are China's: `2026-11-23`. */
export interface OpenedCount {
  day: string;
  cases: number;
}
/** Cases that stand in the same states, and came there on the same day. */
export interface ReachedCount extends OpenedCount {
  matter: string;
  states: string[];
}
/** Cases that stand in the same states, by how long they have. */
export interface StandingCount {
  matter: string;
  states: string[];
  cases: number;
  /** Since when the first of them stands there. */
  since: string;
  ages: { hour: number; day: number; week: number; older: number };
}
/** `type` is the event that says so. */
export interface FailureCount {
  day: string;
  type: string;
  code: string;
  times: number;
}
export interface WorkCount {
  name: string;
  kind: 'effect' | 'action';
  tasks: number;
  /** Those that were tried at least once, in vain. */
  retried: number;
  /** The most that one of them has had. */
  attempts: number;
  since: string;
}

/** The service seen as a whole. */
export interface OverviewStore {
  /** Day by day. */
  countOpened(period: Period): Promise<OpenedCount[]>;
  /** Day by day. */
  countReached(period: Period): Promise<ReachedCount[]>;
  /** Where cases stand now, the most first. */
  countStanding(now: string): Promise<StandingCount[]>;
  /** Effects that gave up, day by day. */
  countFailures(period: Period): Promise<FailureCount[]>;
  /** Work that is wanted now, without timers. */
  countWork(): Promise<WorkCount[]>;
  /** The work that has been wanted longest, without timers. */
  listOldestWork(limit: number): Promise<Task[]>;
}

/**
 * What a database must do for us: one method per atomic unit, and no transaction handle leaves it.
 * `find…` may answer undefined. Everything acknowledged is on disk; writes that wait at the same time share a
 * transaction, and none of them fails for another. Writing throws Problem storage-unavailable while the disk is full.
 */
export interface Store extends QuestionStore, OverviewStore {
  commit(commit: Commit): Promise<CommitOutcome>;
  /** Appends to a case's chain of refusals or of reads; false when another came first. */
  append(entry: SideEntry): Promise<boolean>;
  /** Appends to the service's own chain, which belongs to no case; false when another came first. */
  appendService(entry: Omit<SideEntry, 'caseId' | 'kind'>): Promise<boolean>;
  /** `seq` 0 and '' before the first. */
  findServiceHead(): Promise<ChainHead>;
  readServiceEntries(): Promise<StoredEntry[]>;
  /** All chains together in the order in which they were written, from a leaf on. */
  readLog(fromIndex: number, limit: number): Promise<LogEntry[]>;
  findLogSize(): Promise<number>;
  findLogIndex(
    caseId: string,
    kind: SideEntry['kind'] | 'accepted',
    seq: number,
  ): Promise<number | undefined>;

  /** `known` is the case as it was read before: where its seq still stands, its state is not read again. */
  findCase(id: string, known?: CaseRow): Promise<CaseRow | undefined>;
  findKey(scope: string, key: string): Promise<KeyRow | undefined>;
  searchCases(filter: CaseFilter): Promise<CasePage>;
  /** Every machine that a stored case is on, open or ended, each once. */
  listMachines(): Promise<{ matter: string; machine: MachineStamp }[]>;
  readEntries(caseId: string, kind: SideEntry['kind'] | 'accepted'): Promise<StoredEntry[]>;
  /** What searches find a case by: its active leaves, each between spaces. */
  findLeaves(id: string): Promise<string | undefined>;
  readVault(caseId: string): Promise<VaultRow[]>;
  /** Of each field the newest value, up to an entry. */
  readLatestVault(caseId: string, toSeq?: number): Promise<VaultRow[]>;
  readTasks(caseId: string): Promise<Task[]>;

  /** Tasks that are due and held by nobody, each now held until `until`. */
  claimTasks(claim: { now: string; owner: string; until: string; limit: number }): Promise<Task[]>;
  /** Gives a task back, to be tried again at `dueAt`. */
  retryTask(id: number, dueAt: string): Promise<void>;
  /** An action is done: no result goes back in. */
  finishTask(id: number): Promise<void>;
  /** When the next task can be claimed. */
  findNextDue(): Promise<string | undefined>;
  /** At start: whoever held a lease before is gone. */
  releaseLeases(): Promise<void>;

  /** A person and their device. False when their key is wrapped in an epoch that is over: wrap it again. */
  createSession(
    session: SessionRow & { digest: string; wrappedKey: Buffer; keyEpoch: number; createdAt: string },
  ): Promise<boolean>;
  findSession(digest: string): Promise<SessionRow | undefined>;
  createToken(token: TokenRow & { digest: string; createdAt: string }): Promise<void>;
  findToken(digest: string): Promise<TokenRow | undefined>;
  /** Undefined when the person was erased. */
  findPersonKey(personId: string): Promise<Buffer | undefined>;
  findProfile(personId: string): Promise<ProfileRow>;
  saveProfile(personId: string, profile: ProfileRow, at: string): Promise<void>;

  erase(erasure: Erasure): Promise<ErasureOutcome>;
  /** In the order in which they were erased, from the one after `after` on. */
  findErased(after: number): Promise<{ id: number; personId: string }[]>;
  /** Whoever typed the ID number of this keyed digest. */
  findPersonsBySubject(subject: string): Promise<string[]>;
  /** By id, from the one after `after` on, without who was erased. */
  readPersonKeys(after: string, limit: number): Promise<{ id: string; wrappedKey: Buffer }[]>;
  /** From here on nobody is added under an older wrapping key. */
  beginEpoch(epoch: number, at: string): Promise<void>;
  /** Changes only keys that still are what they were. */
  rewrapKeys(changes: Rewrapped[]): Promise<void>;
  /** Leaves nothing of what was deleted in any file. False while somebody reads: ask again. */
  purge(): Promise<boolean>;

  /** Settles with the reason once the disk has failed: nothing is acknowledged from then on. */
  failed: Promise<Error>;
  count(): Promise<{ cases: number; entries: number; tasks: number }>;
  close(): Promise<void>;
}
