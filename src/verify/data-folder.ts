import type { Snapshot } from '../db/snapshot.ts';
import type { EvidenceSource } from '../engine/evidence.ts';
import { verifyCases } from './cases.ts';
import { type PublishedLog, type Report, type Stages, verifyPublished, type Wanted } from './verify-log.ts';

/** A service's own data, as it stands at one moment. The checkpoint is older than the snapshot, so that all it covers is in it. */
export interface DataFolder extends Omit<PublishedLog, 'log'>, Omit<EvidenceSource, 'store'> {
  snapshot: Snapshot;
}

/** The log first; where it holds, every case. */
export async function verifyDataFolder(data: DataFolder, wanted: Wanted, stages: Stages): Promise<Report> {
  const { store } = data.snapshot;
  const size = await store.findLogSize();
  const read = async (from: number, limit: number) => ({ entries: await store.readLog(from, limit) });
  const { log: _log, ...report } = await verifyPublished({ ...data, log: { size, read } }, wanted, stages);
  if (report.finding || wanted.chainOnly) return report;
  stages.begin('cases', report.entries.accepted);
  const { finding, cases, replayed } = await verifyCases(data.snapshot, data, stages.at);
  return { ...report, finding, cases, replayed, perSecond: { ...report.perSecond, cases: stages.end() } };
}
