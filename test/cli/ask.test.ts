import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { naiveSkips, readAll } from '../questions/naive.ts';
import { startWorld, type World } from '../questions/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

let folder: string;
let world: World;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  world = await startWorld(6, { folder });
});
afterAll(async () => {
  await world.kit.close();
  rmSync(folder, { recursive: true });
});

/** Beside the server that is running. */
function run(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, BANJIAN_DATA: folder };
    const child = execFile(process.execPath, [CLI, ...args], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
    child.stdin?.end(input);
  });
}
const linesOf = (out: string) => out.trim().split('\n');

describe('banjian ask', () => {
  it('answers as the API does, every page of it', async () => {
    const { code, out } = await run(['ask', 'skips', '--json']);
    expect(code).toBe(0);
    const found = linesOf(out).map((line) => JSON.parse(line).index);
    expect(found).toEqual(naiveSkips(await readAll(world.kit.runtime.store)));
    const { items } = (await world.auditor.get('/v1/audit/questions/skips?limit=200')).json();
    expect(linesOf(out).map((line) => JSON.parse(line))).toEqual(items);
  });

  it('writes a table for eyes', async () => {
    const { out } = await run(['ask', 'refusals-by-hour']);
    const [head, ...rows] = linesOf(out).map((line) => line.split('\t'));
    expect(head).toEqual(['hour', 'code', 'count']);
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(row[2]).toMatch(/^\d+$/);
  });

  it('finds all cases of an ID number that comes on standard input, however it is typed', async () => {
    const { idNumber } = world.person(2);
    const { code, out } = await run(
      ['ask', 'cases-of-person', '--id-number-from-stdin', '--json'],
      ` ${idNumber.toLowerCase()}\n`,
    );
    expect(code).toBe(0);
    const [found, ...others] = linesOf(out).map((line) => JSON.parse(line));
    expect(others).toEqual([]);
    const all = await readAll(world.kit.runtime.store);
    expect(found.case).toBe([...new Set(all.map(({ caseId }) => caseId))][2]);
    expect(out).not.toContain(idNumber);
    const nobody = await run(['ask', 'cases-of-person', '--id-number-from-stdin'], '379999198001010000');
    expect([nobody.code, nobody.out]).toEqual([0, '']);
  });

  it.each([
    [['ask', 'nothing'], /没有这个问题 · No such question: nothing/],
    [
      ['ask', 'waiting', '--state', 'form', '--longer-than', 'long'],
      /--longer-than: .+ · This value is not valid/,
    ],
    [['ask', 'cases-of-person'], /--person: .+ · This field is required/],
    [['ask', 'skips', '--colour', 'red'], /--colour/],
  ])('%s: says what is wrong, and exits with 2', async (args, words) => {
    const { code, err } = await run(args);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });
});

describe('banjian export', () => {
  it.each(['ocel-json', 'ocel-sqlite', 'xes'])('writes %s into a file of its owner’s', async (format) => {
    const file = join(folder, `export.${format}`);
    const { code, err } = await run(['export', '--format', format, '--refusals', '--out', file]);
    expect([code, err.includes('Error')]).toEqual([0, false]);
    expect(readFileSync(file).length).toBeGreaterThan(10_000);
  });
});
