import { replay } from '../../../src/engine/replay.ts';
import { type Evidence, verifyCase } from '../../../src/engine/verify.ts';
import { median } from '../figures.ts';
import { gatherEvidence } from './evidence.ts';

export interface ReplayRow {
  title: string;
  cases: number;
  entriesPerCase: number;
  /** Entries in a second of one core. */
  replayed: number;
  verified: number;
}

const TURNS = 5;
const TURN_MICROS = 500_000;

/** How fast histories run again through their machine, and how fast everything about them is checked. */
export async function measureReplays(title: string, folder: string, caseIds: string[]): Promise<ReplayRow> {
  const cases = await gatherEvidence(folder, caseIds);
  const entries = cases.reduce((sum, { accepted }) => sum + accepted.length, 0);
  const perSecond = (work: (evidence: Evidence) => void) =>
    median(Array.from({ length: TURNS }, () => entriesPerCpuSecond(cases, work)));
  return {
    title,
    cases: cases.length,
    entriesPerCase: entries / cases.length,
    replayed: perSecond(replayAll),
    verified: perSecond((evidence) => {
      if (!verifyCase(evidence).holds) throw new Error('a case does not hold');
    }),
  };
}

function replayAll({ matter, accepted }: Evidence): void {
  if (!matter) throw new Error('no machine');
  for (const { holds } of replay(matter, accepted)) if (!holds) throw new Error('a replay does not hold');
}

/** By the processor's time, not the clock's: others may be at work on the machine. */
function entriesPerCpuSecond(cases: Evidence[], work: (evidence: Evidence) => void): number {
  const began = process.cpuUsage();
  let done = 0;
  let spent = 0;
  while (spent < TURN_MICROS) {
    for (const evidence of cases) {
      work(evidence);
      done += evidence.accepted.length;
    }
    const { user, system } = process.cpuUsage(began);
    spent = user + system;
  }
  return (done / spent) * 1_000_000;
}
