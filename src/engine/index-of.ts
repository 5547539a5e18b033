import type { CaseRow, LogEntry, Store, TagRow } from '../db/store.ts';
import { canonical } from './canonical.ts';
import { readEntry } from './entry.ts';
import { enterStates, findTags } from './tags.ts';
import type { Entered, Entry, MachineStamp, Matter, Tags } from './types.ts';

/** The matter as it was loaded for a machine; undefined where that machine is not here. */
export type FindMatter = (machine: MachineStamp) => Matter | undefined;

/** All that questions look at of one case, reckoned from its entries alone. */
export interface CaseIndex {
  entered: Entered;
  tags: TagRow[];
}

/** `log` is every entry of one case, or of the service, in log order. */
function indexOf(log: LogEntry[], findMatter: FindMatter): CaseIndex {
  const failures = new Map<string, number>();
  const tags: TagRow[] = [];
  let entered: Entered = {};
  let before: Entry | undefined;
  for (const { index, bytes } of log) {
    const entry = readEntry(bytes);
    const isAccepted = entry.kind === 'accepted';
    const found = findTags(entry, isAccepted ? findMatter(entry.machine) : undefined, before);
    const row = found && countFailures(found, failures);
    if (row) tags.push({ index, ...row });
    if (!isAccepted) continue;
    entered = enterStates(entered, entry.state.value, entry.at);
    before = entry;
  }
  return { entered, tags };
}

/** A pass takes the failures before it with it. One without any is nothing to find an entry by. */
function countFailures(found: Tags, failures: Map<string, number>): Omit<TagRow, 'index'> | undefined {
  const { trial, outcome, ...others } = found;
  if (trial === undefined) return found;
  const before = failures.get(trial) ?? 0;
  failures.set(trial, outcome === 'failed' ? before + 1 : 0);
  if (outcome === 'failed') return found;
  if (before > 0) return { ...found, failures: before };
  return others.actor === undefined && others.left === undefined ? undefined : others;
}

/** Where the index of a case is not what its entries say. `index` is the entry's in the log, −1 for the case's row. */
export interface IndexBreak {
  index: number;
  what: 'tags' | 'entered';
  expected: string;
  found: string;
}

/** Reckons the index of a case anew and names the first difference. Without a row it is the service's own chain. */
export async function findIndexBreak(
  store: Pick<Store, 'readCaseLog' | 'readTags'>,
  row: Pick<CaseRow, 'id' | 'entered'> | undefined,
  findMatter: FindMatter,
): Promise<IndexBreak | undefined> {
  const caseId = row?.id ?? '';
  const expected = indexOf(await store.readCaseLog(caseId), findMatter);
  const found = await store.readTags(caseId);
  const odd = findTagBreak(expected.tags, found);
  if (odd || !row) return odd;
  const [one, other] = [canonical(expected.entered), canonical(row.entered)];
  return one === other ? undefined : { index: -1, what: 'entered', expected: one, found: other };
}

function findTagBreak(expected: TagRow[], found: TagRow[]): IndexBreak | undefined {
  const indexes = [...new Set([...expected, ...found].map(({ index }) => index))].toSorted((a, b) => a - b);
  const [one, other] = [byIndex(expected), byIndex(found)];
  for (const index of indexes) {
    const [wanted = 'none', there = 'none'] = [one.get(index), other.get(index)];
    if (wanted !== there) return { index, what: 'tags', expected: wanted, found: there };
  }
  return undefined;
}

function byIndex(rows: TagRow[]): Map<number, string> {
  return new Map(rows.map((row) => [row.index, canonical(row)]));
}

/** At once in one transaction. */
const CASES_AT_ONCE = 200;

/** Reckons the index of cases that have none yet: of a database from before there was one. Answers how many those were. */
export async function indexOldCases(store: Store, findMatter: FindMatter): Promise<number> {
  let done = 0;
  for (;;) {
    const ids = await store.listUnindexed(CASES_AT_ONCE);
    if (ids.length === 0) return done;
    const indexes = await Promise.all(
      ids.map(async (caseId) => ({ caseId, ...indexOf(await store.readCaseLog(caseId), findMatter) })),
    );
    await Promise.all(indexes.map((index) => store.writeIndex(index)));
    done += ids.length;
  }
}
