import type { ChainKind, LogEntry } from '../db/store.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import { hashLeaf } from '../log/tree.ts';
import { type Chains, createChains } from './chains.ts';
import type { Finding } from './finding.ts';
import type { TreeBreak, TreeCheck } from './tree.ts';

/** All entries in log order, from wherever they are kept. */
export interface LogReader {
  size: number;
  /** Fewer than asked for only where `broken` says why. */
  read(fromIndex: number, limit: number): Promise<{ entries: LogEntry[]; broken?: Finding }>;
}

export interface LogReport {
  finding: Finding | undefined;
  counts: Record<ChainKind, number>;
  cases: number;
  /** The service's own chain: what happened to its keys is in it. */
  service: LogEntry[];
}

/** Every entry once: its bytes hashed, its chain, its leaf. Memory does not grow with the entries, only with the cases. */
export async function verifyLog(
  log: LogReader,
  tree: TreeCheck,
  at: (done: number) => void,
): Promise<LogReport> {
  const chains = createChains();
  const service: LogEntry[] = [];
  const report = (finding: Finding | undefined): LogReport => ({
    finding,
    counts: chains.counts,
    cases: chains.cases(),
    service,
  });
  for (let from = 0; from < log.size; from += TILE_WIDTH) {
    const limit = Math.min(TILE_WIDTH, log.size - from);
    const { entries: page, broken } = await log.read(from, limit);
    const finding = verifyPage(page, chains, tree) ?? broken;
    if (finding) return report(finding);
    for (const stored of page) if (stored.kind === 'service') service.push(stored);
    at(from + page.length);
  }
  const end = tree.end();
  return report(end && inWords(end, []));
}

/** Of chain and tree, the break that comes first; of the same entry what it says of itself comes first. */
function verifyPage(page: LogEntry[], chains: Chains, tree: TreeCheck): Finding | undefined {
  let broken: Finding | undefined;
  const good: LogEntry[] = [];
  for (const stored of page) {
    const found = chains.add(stored);
    if (found) {
      broken = { check: 'chain', index: stored.index, place: stored, ...found };
      break;
    }
    good.push(stored);
  }
  const entries = good.map(({ bytes }) => Buffer.from(bytes));
  const inTree = tree.add(entries.map(hashLeaf), entries);
  return inTree ? inWords(inTree, page) : broken;
}

function inWords(broken: TreeBreak, page: LogEntry[]): Finding {
  return { ...broken, place: page.find(({ index }) => index === broken.index) };
}
