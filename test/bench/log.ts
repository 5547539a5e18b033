/** What publishing costs an entry: `npm run bench:log`, on a database and a log of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/db/open.ts';
import { digestOf } from '../../src/engine/canonical.ts';
import { openLog } from '../../src/log/open.ts';

const COUNT = Number(process.argv[2] ?? 50_000);
/** What an entry of the first matter has on average. */
const BYTES = 900;
/** Events of half a second at full load. */
const A_CHECKPOINT = 1_000;

const scratch = mkdtempSync(join(tmpdir(), 'banjian-bench-log-'));
const store = openStore(join(scratch, 'banjian.db'));
const client = new Database(join(scratch, 'banjian.db'));
try {
  const log = await openLog({
    folder: join(scratch, 'log'),
    source: store,
    clock: systemClock,
    log: { warn: () => {}, error: () => {} },
    key: { file: join(scratch, 'keys', 'log.json'), origin: 'bench.example', sm2: false },
  });
  const timed: { cpuUs: number; wallMs: number }[] = [];
  const heldMs: number[] = [];
  for (let done = 0; done < COUNT; done += A_CHECKPOINT) {
    fill(done, A_CHECKPOINT);
    // Reads of one turn of the event loop see the database as it was when it began.
    await turn();
    // Looking costs time itself: every other checkpoint is looked at, and only the others are timed.
    const longest = (done / A_CHECKPOINT) % 2 === 1 ? watchLoop() : undefined;
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    await log.publish();
    const { user, system } = process.cpuUsage(cpu);
    if (longest) heldMs.push(longest());
    else timed.push({ cpuUs: user + system, wallMs: performance.now() - began });
  }
  const cpuUs = median(timed.map((one) => one.cpuUs)) / A_CHECKPOINT;
  console.log(`${COUNT} entries of ${BYTES} bytes, ${COUNT / A_CHECKPOINT} checkpoints; medians:`);
  console.log(`CPU:        ${cpuUs.toFixed(1)} µs an entry`);
  console.log(`wall:       ${median(timed.map((one) => one.wallMs)).toFixed(1)} ms a checkpoint`);
  console.log(`event loop: held for ${median(heldMs).toFixed(1)} ms at most in a checkpoint`);
} finally {
  client.close();
  await store.close();
  rmSync(scratch, { recursive: true });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Past the store: only what it costs to publish is measured here. */
function fill(from: number, count: number): void {
  const insert = client.prepare("insert into entries (kind, seq, bytes, digest) values ('service', ?, ?, ?)");
  client.transaction(() => {
    for (let n = from; n < from + count; n++) {
      const bytes = JSON.stringify({ n, type: 'sample' }).padEnd(BYTES);
      insert.run(n + 1, bytes, digestOf(bytes));
    }
  })();
}

/** Looks in at every turn of the event loop, and answers the longest it was kept waiting for one. */
function watchLoop(): () => number {
  let last = performance.now();
  let longest = 0;
  let watching = true;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    watching = false;
    return longest;
  };
}
