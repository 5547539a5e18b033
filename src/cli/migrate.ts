import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { openStore } from '../db/open.ts';
import type { CaseRow, Store } from '../db/store.ts';
import { leavesOf } from '../engine/entry.ts';
import { type Moved, type Mover, moveCase, planMove } from '../engine/move.ts';
import { listCases } from '../engine/preflight.ts';
import { stampTime } from '../engine/runtime.ts';
import type { Matter } from '../engine/types.ts';
import { versionsOf } from '../engine/versions.ts';
import { databaseFile, getMatterOf, loadMattersToRead } from './reading.ts';

const HELP = `banjian migrate: 把在办办件移到另一流程版本,每件记一条 case.migrate · moves open cases to another version of their machine, one entry case.migrate each

  --matter M    仅此事项 · of this matter only
  --to VERSION  目标版本,默认最新 · the version to move to; the newest when left out
  --case ID     仅此办件 · this case only
  --dry-run     只说明会怎样,不写入 · says what would happen; nothing is written

可在服务运行时执行,但须先以新代码重启服务 · may run beside a server, once that was restarted with the new version
`;

/** Exit code 1 when a case cannot be moved. */
export async function migrate(args: string[]): Promise<void> {
  const options = readArgs(args);
  if (!options) return console.log(HELP);
  const matters = await loadMattersToRead();
  const store = openStore(databaseFile());
  try {
    const found = await migrateCases({ store, clock: systemClock }, matters, options, (line) =>
      console.log(line),
    );
    if (found.cannot > 0) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

export interface MigrateOptions {
  matter?: string | undefined;
  to?: string | undefined;
  caseId?: string | undefined;
  dryRun: boolean;
}

function readArgs(args: string[]): MigrateOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      matter: { type: 'string' },
      to: { type: 'string' },
      case: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return { matter: values.matter, to: values.to, caseId: values.case, dryRun: values['dry-run'] };
}

export interface Migration {
  moved: number;
  stays: number;
  cannot: number;
}

/** Tells each case that moves or cannot, then how many of each there were. */
export async function migrateCases(
  mover: Mover & { store: Pick<Store, 'searchCases'> },
  matters: Map<string, Matter>,
  options: MigrateOptions,
  out: (line: string) => void,
): Promise<Migration> {
  const found: Migration = { moved: 0, stays: 0, cannot: 0 };
  if (options.matter !== undefined) getMatterOf(matters, options.matter);
  for await (const row of casesOf(mover.store, options)) {
    const to = getTarget(matters, row, options.to);
    const moved = options.dryRun
      ? planned(row, to, stampTime(mover.clock, row.updatedAt))
      : await moveCase(mover, row.id, to);
    found[moved.kind]++;
    if (moved.kind !== 'stays') out(describe(row, to, moved));
  }
  out(describeEnd(found, options.dryRun));
  return found;
}

async function* casesOf(store: Pick<Store, 'searchCases' | 'findCase'>, { caseId, matter }: MigrateOptions) {
  if (caseId === undefined) return yield* listCases(store, matter);
  const row = await store.findCase(caseId);
  if (!row) throw new Error(`没有此办件:${caseId}。 There is no case ${caseId}.`);
  yield row;
}

function planned(row: CaseRow, to: Matter, at: string): Moved {
  const plan = planMove(row, to, at);
  return plan.kind === 'planned' ? { kind: 'moved', row: plan.commit.row } : plan;
}

/** @throws Error when the version is not loaded. */
function getTarget(matters: Map<string, Matter>, row: CaseRow, version: string | undefined): Matter {
  const newest = getMatterOf(matters, row.matter);
  if (version === undefined) return newest;
  const found = versionsOf(newest).find((each) => each.version === version);
  if (found) return found;
  throw new Error(
    `--to: ${row.matter} 没有版本 ${version}。 --to: ${row.matter} has no version ${version} here.`,
  );
}

function describe(before: CaseRow, to: Matter, moved: Exclude<Moved, { kind: 'stays' }>): string {
  const from = leavesOf(before.state.value).join(' + ');
  const head = `${before.id}  ${before.matter} ${before.machine.version} → ${to.version}  ${from}`;
  return moved.kind === 'moved'
    ? `${head} → ${leavesOf(moved.row.state.value).join(' + ')}`
    : `${head}  ✗ ${moved.why}`;
}

function describeEnd({ moved, stays, cannot }: Migration, dryRun: boolean): string {
  return dryRun
    ? `试运行,未写入:可移动 ${moved} 件,无须移动 ${stays} 件,不能移动 ${cannot} 件 · Dry run, nothing written: ${moved} would move, ${stays} stay, ${cannot} cannot`
    : `已移动 ${moved} 件,无须移动 ${stays} 件,不能移动 ${cannot} 件 · ${moved} moved, ${stays} stay, ${cannot} cannot`;
}
