import type { Task } from './store.ts';

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
