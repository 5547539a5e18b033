import { parseArgs } from 'node:util';
import type { Store } from '../db/store.ts';
import { type Checked, preflight as runPreflight, type Verdict } from '../engine/preflight.ts';
import type { Matter } from '../engine/types.ts';
import { getMatterOf, withReading } from './reading.ts';

const HELP = `banjian preflight: 让每一份历史在最新版本上重走一遍,只读 · runs every stored history through the newest version of its machine; read-only

  --matter M  仅此事项 · of this matter only

same      相同 · the same states, and the same may happen next
diverges  自某条起不同 · its state can go on there, but from an entry on its history would have been another
stranded  滞留 · the state it is in is not there, or cannot go on there, or its own version is not loaded

有在办办件滞留且无迁移可用时,退出码为 1 · exit code 1 when an open case is stranded and no migration takes it
`;

/** Lines of a class that are shown; the rest is counted. */
const REASONS_SHOWN = 8;

export async function preflight(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { matter: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(HELP);
  const safe = await withReading(({ store, matters }) =>
    printPreflight(store, matters, values.matter, (line) => console.log(line)),
  );
  if (!safe) process.exitCode = 1;
}

/** Answers whether every open case can go on: in the newest version, or by a migration. */
export async function printPreflight(
  store: Pick<Store, 'searchCases' | 'readEntries'>,
  matters: Map<string, Matter>,
  matter: string | undefined,
  out: (line: string) => void,
): Promise<boolean> {
  if (matter !== undefined) getMatterOf(matters, matter);
  const found = { open: new Tally(), ended: new Tally() };
  for await (const checked of runPreflight(store, matters, matter)) {
    found[checked.row.state.status === 'done' ? 'ended' : 'open'].add(checked);
  }
  out('在办 · Open cases');
  for (const line of found.open.describe()) out(line);
  out('已结束 · Ended cases');
  for (const line of found.ended.describe()) out(line);
  return found.open.helpless === 0;
}

type Kind = Verdict['kind'];
interface Example {
  caseId: string;
  entries: number;
  version: string;
  verdict: Verdict;
}

/** How many of each class, why, and the shortest example. Its size does not grow with the cases. */
class Tally {
  /** Stranded, and no migration takes them. */
  helpless = 0;
  readonly #counts: Record<Kind, number> = { same: 0, diverges: 0, stranded: 0 };
  readonly #shortest: Partial<Record<Kind, Example>> = {};
  readonly #reasons = new Map<string, number>();

  add({ row, verdict }: Checked): void {
    const { kind } = verdict;
    this.#counts[kind]++;
    if (verdict.kind === 'stranded' && !verdict.taken) this.helpless++;
    if (verdict.kind !== 'same') count(this.#reasons, `${kind}: ${verdict.what}${takenOf(verdict)}`);
    const known = this.#shortest[kind];
    if (known && known.entries <= row.seq) return;
    this.#shortest[kind] = { caseId: row.id, entries: row.seq, version: row.machine.version, verdict };
  }

  describe(): string[] {
    const kinds: [Kind, string][] = [
      ['same', '相同 · same'],
      ['diverges', '自某条起不同 · diverges'],
      ['stranded', '滞留 · stranded'],
    ];
    return kinds.flatMap(([kind, title]) => [
      `  ${title}: ${this.#counts[kind]}${exampleOf(this.#shortest[kind])}`,
      ...this.#reasonsOf(kind),
    ]);
  }

  #reasonsOf(kind: Kind): string[] {
    const all = [...this.#reasons].filter(([reason]) => reason.startsWith(`${kind}: `));
    const most = all.toSorted(([, one], [, other]) => other - one).slice(0, REASONS_SHOWN);
    const rest = all.length - most.length;
    return [
      ...most.map(([reason, n]) => `    ${n} × ${reason.slice(kind.length + 2)}`),
      ...(rest > 0 ? [`    … ${rest}`] : []),
    ];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function takenOf(verdict: Verdict): string {
  return verdict.kind === 'stranded' && verdict.taken ? ' (有迁移 · a migration takes it)' : '';
}

function exampleOf(example: Example | undefined): string {
  if (!example) return '';
  const { caseId, entries, version, verdict } = example;
  const at = verdict.kind === 'diverges' ? `, 第 ${verdict.seq} 条 · at entry ${verdict.seq}` : '';
  return `  (最短 · shortest: ${caseId}, ${entries} 条 · entries, 版本 · version ${version}${at})`;
}
