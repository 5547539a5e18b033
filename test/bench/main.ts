/** `npm run bench`: Banjian beside other ways to do the same work. See options.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contest, runContest } from './compare.ts';
import { measureConnecting } from './connecting.ts';
import { rowsOf } from './figures.ts';
import { runGrowth } from './growth/main.ts';
import { growthTables } from './growth/print.ts';
import { describeHost } from './host.ts';
import { readOptions } from './options.ts';
import { profileServer, type Spent } from './profile.ts';
import { keepResult } from './results.ts';
import { contestTable, table } from './table.ts';
import { plainly, type Variant, variants } from './variants.ts';
import { measureVerify } from './verifying.ts';

const FUNCTIONS = 40;
const CONNECTING = 'connecting';
const GROWTH = [1_000, 100_000, 1_000_000];
const VERIFIED = [125_000];

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'banjian-bench-'));
// Whoever interrupts it leaves nothing behind: servers end with the program that started them.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const host = describeHost(folder);
for (const [name, value] of Object.entries(host)) console.log(`${name}: ${JSON.stringify(value)}`);
keepResult('host', host);
if (options.command === 'profile') await profile();
else if (options.command === 'growth') await grow();
else if (options.command === 'verify') await verify();
else await runVariants();

async function runVariants(): Promise<void> {
  const known = [...variants.map(({ name }) => name), CONNECTING];
  const unknown = options.variants?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`no variant ${unknown.join(', ')}; there are ${known.join(', ')}`);
  const wanted = (name: string) => options.variants?.includes(name) ?? true;
  for (const variant of variants) {
    if (!wanted(variant.name)) continue;
    await compare(variant).catch((error: Error) => {
      console.log(`${variant.title}: NOT MEASURED: ${error.message}`);
      process.exitCode = 1;
    });
  }
  if (wanted(CONNECTING)) await connect();
}

function contestOf(variant: Variant): Contest {
  const { rounds, seconds, only } = options;
  return {
    contestants: variant.contestants.filter(({ server }) => only?.includes(server) ?? true),
    connections: options.connections ?? variant.connections,
    rounds,
    seconds,
    folder,
    env: variant.env?.(folder) ?? {},
  };
}

async function compare(variant: Variant): Promise<void> {
  const contest = contestOf(variant);
  const { connections, rounds, seconds } = contest;
  console.log(`\n${variant.title} · ${rounds} rounds of ${seconds} s`);
  const outcome = await runContest(contest, (line) => console.log(`  ${line}`));
  const rows = rowsOf(outcome.entrants);
  console.log(`\n${contestTable(rows, outcome.missing)}`);
  const missing = outcome.missing.map(({ contestant, why }) => ({ label: contestant.label, why }));
  if (missing.length > 0) process.exitCode = 1;
  keepResult(variant.name, { title: variant.title, connections, rounds, seconds, rows, missing });
}

async function connect(): Promise<void> {
  const title = '256 new connections at once, while 32 others keep the server busy';
  const contestants = plainly('echo', 'hand', 'plain', 'banjian');
  console.log(`\n${title}`);
  const { rows, missing } = await measureConnecting(
    contestOf({ name: CONNECTING, title, connections: 32, contestants }),
  );
  const cells = rows.map((row) => [
    `${row.label}  ${row.title}`,
    row.halfMs.toFixed(0),
    row.allMs.toFixed(0),
  ]);
  console.log(table(['', 'half answered, ms', 'all answered, ms'], cells));
  for (const { contestant, why } of missing) {
    console.log(`${contestant.label}: NOT MEASURED: ${why}`);
    process.exitCode = 1;
  }
  keepResult(CONNECTING, { title, rows });
}

async function profile(): Promise<void> {
  const { seconds, only: [name = 'banjian' as const] = [], connections = 32 } = options;
  const { events, areas, functions } = await profileServer({ name, folder, connections, seconds });
  const share = ({ microsPerEvent, share }: Spent) => [
    microsPerEvent.toFixed(1),
    `${(share * 100).toFixed(1)} %`,
  ];
  console.log(`\n${name}: ${events} events in ${seconds} s, self time, waiting for the disk included`);
  const columns = ['µs/event', ''];
  console.log(
    table(
      ['area', ...columns],
      areas.map((each) => [each.area, ...share(each)]),
    ),
  );
  const lines = functions.slice(0, FUNCTIONS).map((each) => [each.name, each.area, ...share(each)]);
  console.log(`\n${table(['function', 'area', ...columns], lines)}`);
}

async function grow(): Promise<void> {
  const { rounds, seconds, sizes = GROWTH } = options;
  const progress = (line: string) => console.log(`  ${line}`);
  const report = await runGrowth({ folder, rounds, seconds, sizes, progress });
  console.log(`\n${growthTables(report)}`);
  keepResult('growth', { rounds, seconds, sizes, ...report });
}

async function verify(): Promise<void> {
  for (const cases of options.sizes ?? VERIFIED) {
    const report = await measureVerify(folder, cases, (line) => console.log(`  ${line}`));
    const { entries, runs } = report;
    const columns = ['entries/s', 's', 'CPU s', 'MiB at most'];
    const rows = runs.map(({ title, seconds, cpuSeconds, peakMiB }) => [
      title,
      Math.round(entries / seconds).toLocaleString('en'),
      seconds.toFixed(1),
      cpuSeconds.toFixed(1),
      String(peakMiB),
    ]);
    console.log(`\n${table([`${entries.toLocaleString('en')} entries`, ...columns], rows)}`);
    keepResult(`verify-${cases}`, report);
  }
}
