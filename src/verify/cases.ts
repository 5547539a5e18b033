import type { Snapshot } from '../db/snapshot.ts';
import type { CaseRow, ChainKind } from '../db/store.ts';
import { type EvidenceSource, gatherEvidence } from '../engine/evidence.ts';
import { findIndexBreak } from '../engine/index-of.ts';
import { findMatter } from '../engine/runtime.ts';
import { type CaseCheck, verifyCase } from '../engine/verify.ts';
import { type Check, earlier, type Finding } from './finding.ts';

export interface CasesReport {
  /** Of all cases, what comes first in the log. */
  finding: Finding | undefined;
  cases: number;
  /** Entries that were run again. */
  replayed: number;
}

/** Every history run again, and all that is kept beside the histories held against it. */
export async function verifyCases(
  snapshot: Snapshot,
  source: Omit<EvidenceSource, 'store'>,
  at: (replayed: number) => void,
): Promise<CasesReport> {
  const report: CasesReport = { finding: undefined, cases: 0, replayed: 0 };
  for (const caseId of snapshot.caseIds()) {
    const { finding, entries } = await verifyOne(snapshot, source, caseId);
    report.finding = earlier(report.finding, finding);
    report.cases++;
    report.replayed += entries;
    at(report.replayed);
  }
  report.finding ??= await findOddIndex(snapshot, source, undefined);
  report.finding ??= await findStray(snapshot);
  return report;
}

async function verifyOne(
  snapshot: Snapshot,
  source: Omit<EvidenceSource, 'store'>,
  caseId: string,
): Promise<{ finding: Finding | undefined; entries: number }> {
  const { store } = snapshot;
  const row = await store.findCase(caseId).catch(() => undefined);
  if (!row) {
    const place = { caseId, kind: 'accepted' as const, seq: 1 };
    const index = await store.findLogIndex(caseId, 'accepted', 1);
    return {
      finding: { check: 'currentRow', index, place, what: 'row', expected: 'a case', found: 'unreadable' },
      entries: 0,
    };
  }
  const { firstBreak, entries } = verifyCase(await gatherEvidence({ ...source, store }, row));
  if (!firstBreak) return { finding: await findOddIndex(snapshot, source, row), entries };
  const { check, what, expected, found } = firstBreak;
  const place = { caseId, kind: CHAINS[check] ?? 'accepted', seq: firstBreak.seq || 1 };
  const index = await store.findLogIndex(caseId, place.kind, place.seq);
  return { finding: { check: NAMES[check], index, place, what, expected, found }, entries };
}

/** What auditors' questions look at, of a case or of the service. */
async function findOddIndex(
  { store }: Snapshot,
  source: Omit<EvidenceSource, 'store'>,
  row: CaseRow | undefined,
): Promise<Finding | undefined> {
  const found = await findIndexBreak(store, row, (machine) =>
    findMatter(source, { matter: machine.id, machine }),
  );
  if (!found) return undefined;
  const place = row && { caseId: row.id, kind: 'accepted' as const, seq: row.seq };
  const index =
    found.what === 'tags'
      ? found.index
      : place && (await store.findLogIndex(place.caseId, place.kind, place.seq));
  return { ...found, check: 'index', index, place: found.what === 'tags' ? undefined : place };
}

const CHAINS: Partial<Record<CaseCheck, Exclude<ChainKind, 'service'>>> = {
  refusalChain: 'refused',
  readChain: 'read',
};

const NAMES: Record<CaseCheck, Check> = {
  chain: 'chain',
  refusalChain: 'chain',
  readChain: 'chain',
  replay: 'replay',
  currentRow: 'currentRow',
  tasks: 'tasks',
  vault: 'vault',
};

async function findStray({ store, findStray }: Snapshot): Promise<Finding | undefined> {
  const stray = findStray();
  if (!stray) return undefined;
  const { table, caseId, seq, expected, found } = stray;
  const place = caseId === '' ? undefined : { caseId, kind: 'accepted' as const, seq };
  const index = place && (await store.findLogIndex(caseId, 'accepted', seq));
  return { check: 'beside', index, place, what: table, expected, found };
}
