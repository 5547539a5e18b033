import type { LogEntry, Store } from '../../src/db/store.ts';
import { readEntry } from '../../src/engine/entry.ts';
import type { Entry } from '../../src/engine/types.ts';

/** Every entry there is, read from the log and from nowhere else: what the questions must agree with. */
export interface Told extends LogEntry {
  entry: Entry;
}

export async function readAll(store: Store): Promise<Told[]> {
  const log = await store.readLog(0, await store.findLogSize());
  return log.map((stored) => ({ ...stored, entry: readEntry(stored.bytes) }));
}

const SKIPS = [
  'event-not-allowed',
  'face-token-rejected',
  'clause-missing',
  'declaration-missing',
  'pledge-required',
  'material-required',
];

function codeOf({ data }: Entry): string {
  return typeof data.code === 'string' ? data.code : '';
}

/** Newest first, of those that fit. */
export function naiveSkips(all: Told[], fits: (told: Told) => boolean = () => true): number[] {
  return newestFirst(
    all.filter((told) => told.kind === 'refused' && SKIPS.includes(codeOf(told.entry)) && fits(told)),
  );
}

export function naiveActs(all: Told[], staff: string): number[] {
  return newestFirst(all.filter(({ entry }) => entry.actor.id === staff));
}

function newestFirst(found: Told[]): number[] {
  return found
    .toSorted((a, b) => (a.entry.at < b.entry.at ? 1 : a.entry.at > b.entry.at ? -1 : b.index - a.index))
    .map(({ index }) => index);
}

/** `${index}:${failures}` of each pass that so many failures came before. */
export function naivePasses(all: Told[], trial: 'sms' | 'face', atLeast: number): string[] {
  const found: { index: number; failures: number }[] = [];
  const failures = new Map<string, number>();
  for (const { index, caseId, kind, entry } of all) {
    const went = kind === 'accepted' ? outcomeOf(entry, trial) : undefined;
    const before = failures.get(caseId) ?? 0;
    if (went === undefined) continue;
    failures.set(caseId, went === 'failed' ? before + 1 : 0);
    if (went === 'passed' && before >= atLeast) found.push({ index, failures: before });
  }
  return found
    .toSorted((a, b) => b.failures - a.failures || b.index - a.index)
    .map(({ index, failures: n }) => `${index}:${n}`);
}

function outcomeOf({ type, data }: Entry, trial: 'sms' | 'face'): 'failed' | 'passed' | undefined {
  if (trial === 'sms') {
    if (type !== 'registration.submit') return undefined;
    return data.smsCode === 'right' ? 'passed' : 'failed';
  }
  if (type !== 'xstate.done.actor.checkFace' || data.limitReached === true) return undefined;
  const { outcome } = data.output as { outcome: string };
  return outcome === 'pass' ? 'passed' : outcome === 'mismatch' ? 'failed' : undefined;
}

/** Cases that stand in a state, and since which of their entries they have. */
export function naiveWaiting(all: Told[], state: string, before: string): Map<string, string> {
  const since = new Map<string, string>();
  for (const { caseId, kind, entry } of all) {
    if (kind !== 'accepted') continue;
    if (!isIn(entry.state.value, state)) since.delete(caseId);
    else if (!since.has(caseId)) since.set(caseId, entry.at);
  }
  return new Map([...since].filter(([, at]) => at <= before));
}

function isIn(value: Entry['state']['value'], state: string): boolean {
  const [first = '', ...rest] = state.split('.');
  if (typeof value === 'string') return value === state;
  const child = value[first];
  if (child === undefined) return false;
  return rest.length === 0 || isIn(child, rest.join('.'));
}

/** `${hour} ${code}` → how often. */
export function naiveCounts(all: Told[], from = '', to = '9'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, entry } of all) {
    if (kind !== 'refused' || entry.at < from || entry.at >= to) continue;
    const key = `${entry.at.slice(0, 13)} ${codeOf(entry)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
