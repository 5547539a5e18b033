import type { Filing, NewPerson } from '../types.ts';
import { openRecords, type Records, type RecordsOptions } from './records.ts';

export interface Message {
  mobile: string;
  text: string;
  at: string;
}
export type FaceOutcome = 'pass' | 'mismatch' | 'unfinished' | 'down';
export interface FaceSession {
  token: string;
  subject: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  outcome: FaceOutcome;
}
export interface FilingReceived extends Filing {
  filingNumber: string;
  at: string;
}
export interface EnterpriseNotice {
  caseId: string;
  employerName: string;
  at: string;
}
/** What became of one effect key: how often it was called for, and how often the work was really done. */
export interface EffectRecord {
  /** Provider and method, as in `register.file`. */
  operation: string;
  key: string;
  attempts: number;
  settled: number;
  answer?: unknown;
}

interface Kinds {
  account: NewPerson;
  message: Message;
  face: FaceSession;
  filing: FilingReceived;
  /** Filing numbers given out on a day. */
  counter: { count: number };
  notice: EnterpriseNotice;
  effect: EffectRecord;
}

/** The simulators' memory. It stands for somebody else's system, so it has a file of its own. */
export interface Ledger extends Records<Kinds> {
  /** Counts a call, whatever comes of it. */
  attempt(operation: string, key: string): void;
  /**
   * Does the work and keeps its answer, in one transaction; under a key already settled, gives the first answer
   * and does nothing. An answer that is not final, like an error, settles nothing.
   */
  once<T>(operation: string, key: string, work: () => T, isFinal?: (answer: T) => boolean): T;
  /** Calls under the key, over all operations. */
  attempts(key: string): number;
  /** Every key ever seen, newest first. */
  ledger(): EffectRecord[];
}

export function openLedger(options: RecordsOptions): Ledger {
  const records = openRecords<Kinds>(options);
  const ledger = () => records.list('effect');
  return {
    ...records,
    ledger,
    attempt: (operation, key) => records.transaction(() => countAttempt(records, operation, key)),
    once: (operation, key, work, isFinal = () => true) =>
      records.transaction(() => settle(records, { operation, key, work, isFinal })),
    attempts: (key) =>
      ledger()
        .filter((effect) => effect.key === key)
        .reduce((sum, effect) => sum + effect.attempts, 0),
  };
}

interface Work<T> {
  operation: string;
  key: string;
  work: () => T;
  isFinal: (answer: T) => boolean;
}

function settle<T>(records: Records<Kinds>, { operation, key, work, isFinal }: Work<T>): T {
  const effect = findEffect(records, operation, key);
  if (effect.settled > 0) return effect.answer as T;
  const answer = work();
  if (isFinal(answer)) {
    records.replace('effect', effectKey(operation, key), { ...effect, settled: effect.settled + 1, answer });
  }
  return answer;
}

function countAttempt(records: Records<Kinds>, operation: string, key: string): void {
  const effect = findEffect(records, operation, key);
  records.replace('effect', effectKey(operation, key), { ...effect, attempts: effect.attempts + 1 });
}

function findEffect(records: Records<Kinds>, operation: string, key: string): EffectRecord {
  const known = records.find('effect', effectKey(operation, key));
  return known ?? { operation, key, attempts: 0, settled: 0 };
}

/** One effect may ask a provider two things under its one key, so the operation is part of it. */
function effectKey(operation: string, key: string): string {
  return `${operation}\n${key}`;
}
