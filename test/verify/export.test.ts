import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUMS, writeSums } from '../../src/export/sums.ts';
import { copyTo, exportSmall, listFiles, lookAtExport } from './exported.ts';

const FLIPS = 10_000;
const SEED = 20_261_126;

let root: string;
let folder: string;
let vkey: string;
beforeAll(async () => {
  ({ root, folder, vkey } = await exportSmall());
});
afterAll(() => rmSync(root, { recursive: true }));

let copies = 0;
function copy(): string {
  return copyTo(folder, join(root, `copy-${copies++}`));
}

/** An attacker makes the list fit again. */
function sumAgain(where: string): void {
  const sums = listFiles(where)
    .filter(({ file }) => !file.endsWith(SUMS))
    .map(
      ({ file }) =>
        [
          file.slice(where.length + 1),
          createHash('sha256').update(readFileSync(file)).digest('hex'),
        ] as const,
    );
  writeFileSync(join(where, SUMS), writeSums(new Map(sums)));
}

/** Numbers from a seed: what was found once is found again. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe('an exported folder', () => {
  it('holds as it was written', async () => {
    const report = await lookAtExport(folder, { key: vkey });
    expect(report).toMatchObject({ finding: undefined, cases: 2, replayed: report.entries.accepted });
    expect(report.published).toBeGreaterThan(6);
  });

  it('is found to be changed wherever one byte is another', { timeout: 600_000 }, async () => {
    const where = copy();
    const files = listFiles(where).map(({ file, size }) => ({ file, size, fd: openSync(file, 'r+') }));
    const places = files.flatMap(({ file, size, fd }) =>
      Array.from({ length: size }, (_, at) => ({ file, fd, at })),
    );
    const roll = createDice(SEED);
    const unseen: string[] = [];
    for (let flip = 0; flip < FLIPS; flip++) {
      const { file, fd, at } = places[roll(places.length)] ?? { file: '', fd: -1, at: 0 };
      const byte = Buffer.alloc(1);
      readSync(fd, byte, 0, 1, at);
      writeSync(fd, Buffer.of(byte.readUInt8() ^ (1 + roll(255))), 0, 1, at);
      const { finding } = await lookAtExport(where, { chainOnly: true });
      if (!finding) unseen.push(`${file} at ${at}`);
      writeSync(fd, byte, 0, 1, at);
    }
    for (const { fd } of files) closeSync(fd);
    expect(unseen).toEqual([]);
    expect((await lookAtExport(where)).finding).toBeUndefined();
  });

  it('names the first entry that was changed, though the list of digests was made to fit', async () => {
    const where = copy();
    const lines = readFileSync(join(where, 'entries.jsonl'), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"colour":"red"'));
    lines[at] = (lines[at] ?? '').replace('"colour":"red"', '"colour":"blue"');
    writeFileSync(join(where, 'entries.jsonl'), lines.join('\n'));
    sumAgain(where);
    expect((await lookAtExport(where)).finding).toMatchObject({ check: 'export', what: 'leaf', index: at });
  });

  it('is not whole without its last line, with a line more, or with a file that nobody listed', async () => {
    const cut = copy();
    const file = join(cut, 'entries.jsonl');
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n').length - 1;
    writeFileSync(file, text.split('\n').slice(0, -2).join('\n').concat('\n'));
    sumAgain(cut);
    expect((await lookAtExport(cut)).finding).toMatchObject({
      check: 'checkpoint',
      what: 'size',
      index: lines - 1,
    });
    writeFileSync(file, `${text}\n`);
    sumAgain(cut);
    expect((await lookAtExport(cut)).finding).toMatchObject({ check: 'export', what: 'line', index: lines });
    const more = copy();
    writeFileSync(join(more, 'log/README'), 'hello');
    expect((await lookAtExport(more)).finding).toMatchObject({ check: 'export', what: 'log/README' });
  });

  it('names the first entry of a machine whose structure was changed', async () => {
    const where = copy();
    const file = listFiles(where).find(({ file: name }) => name.includes('/machines/'))?.file ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace('note.send', 'note.sent'));
    sumAgain(where);
    expect((await lookAtExport(where)).finding).toMatchObject({ check: 'machine', index: 0 });
    rmSync(file);
    sumAgain(where);
    expect((await lookAtExport(where)).finding).toMatchObject({ check: 'machine', found: 'no file' });
  });

  it('is held against the tiles that were published, level by level', async () => {
    for (const level of ['entries', '0']) {
      const where = copy();
      const tile = listFiles(where).find(({ file }) => file.includes(`/tile/${level}/`))?.file ?? '';
      const bytes = readFileSync(tile);
      bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
      writeFileSync(tile, bytes);
      sumAgain(where);
      expect((await lookAtExport(where)).finding, level).toMatchObject({ check: 'tree' });
      renameSync(tile, `${tile}0`);
      sumAgain(where);
      expect((await lookAtExport(where)).finding, level).toMatchObject({ check: 'tree', found: 'no file' });
    }
  });
});
