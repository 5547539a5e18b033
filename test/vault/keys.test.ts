import { chmod, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginRenewal, endRenewal, loadKeys } from '../../src/vault/keys.ts';
import { newestOf } from '../../src/vault/wrap.ts';
import { newFolder } from './fixtures.ts';

describe('the key file', () => {
  let opened: Awaited<ReturnType<typeof newFolder>>;
  let file: string;
  beforeEach(async () => {
    opened = await newFolder();
    file = join(opened.folder, 'secrets', 'banjian.key');
  });
  afterEach(() => opened.remove());

  test('is made at the first start, readable by nobody else', async () => {
    loadKeys(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(opened.folder, 'secrets'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(opened.folder, 'secrets'))).toEqual(['banjian.key']);
  });

  test('is made once: every later start reads the same keys from the same bytes', async () => {
    const first = loadKeys(file);
    const bytes = await readFile(file);
    const again = loadKeys(file);
    expect(await readFile(file)).toEqual(bytes);
    expect(again.wrapping()).toEqual(first.wrapping());
    expect(again.derive('index')).toEqual(first.derive('index'));
  });

  test('holds other keys at every other place', () => {
    const one = loadKeys(file);
    const two = loadKeys(join(opened.folder, 'other.key'));
    expect(newestOf(two).key.equals(newestOf(one).key)).toBe(false);
    expect(two.derive('index')).not.toEqual(one.derive('index'));
  });

  test('gives 32 bytes for each purpose, the same for the same one and none of them the key in the file', async () => {
    const keys = loadKeys(file);
    const derived = ['index', 'codes', 'simulator', ''].map((purpose) => keys.derive(purpose));
    expect(derived.map((key) => key.length)).toEqual([32, 32, 32, 32]);
    const text = await readFile(file, 'utf8');
    const all = [...derived, newestOf(keys).key.export()].map((key) => key.toString('base64url'));
    expect(new Set(all).size).toBe(5);
    expect(derived.filter((key) => text.includes(key.toString('base64url')))).toEqual([]);
    expect(keys.derive('index')).toEqual(derived[0]);
  });

  test.each([0o640, 0o604, 0o660, 0o602, 0o601, 0o610, 0o644, 0o666])(
    'is refused when others may touch it: mode %o',
    async (mode) => {
      loadKeys(file);
      await chmod(file, mode);
      expect(() => loadKeys(file)).toThrow('other users may read this key file');
    },
  );

  test('may be read only, even to its owner', async () => {
    const first = loadKeys(file);
    await chmod(file, 0o400);
    expect(loadKeys(file).wrapping()).toEqual(first.wrapping());
  });

  test('as it was before keys were renewed is read as its first epoch, and written anew by a renewal only', async () => {
    const content = JSON.stringify({ v: 1, wrapping: { id: 'w1', key: key32() }, root: key32() });
    await writeKeyFile(content);
    const { epoch, key } = newestOf(loadKeys(file));
    expect([epoch, key.export().toString('base64url')]).toEqual([1, key32()]);
    expect(await readFile(file, 'utf8')).toBe(content);
    expect(beginRenewal(file, '2026-11-23T02:00:00.000Z')).toBe(2);
    expect(
      loadKeys(file)
        .wrapping()
        .map((each) => each.epoch),
    ).toEqual([1, 2]);
    endRenewal(file);
    expect(
      loadKeys(file)
        .wrapping()
        .map((each) => each.epoch),
    ).toEqual([2]);
    expect(await readdir(join(opened.folder, 'secrets'))).toEqual(['banjian.key']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('that was renewed is another file, and nothing of the old key stays in the bytes of the first', async () => {
    loadKeys(file);
    const handle = await open(file, 'r');
    const old = newestOf(loadKeys(file)).key.export().toString('base64url');
    beginRenewal(file, '2026-11-23T02:00:00.000Z');
    expect((await handle.readFile('utf8')).trim()).toBe('');
    expect(await readFile(file, 'utf8')).toContain(old);
    await handle.close();
  });

  test.each([
    ['another version', { v: 3, wrapping: { id: 'w1', key: key32() }, root: key32() }, 'not a key file'],
    ['a short root', { v: 1, wrapping: { id: 'w1', key: key32() }, root: 'c2hvcnQ' }, 'not 32 bytes'],
    ['a short wrapping key', { v: 1, wrapping: { id: 'w1', key: 'c2hvcnQ' }, root: key32() }, 'not 32 bytes'],
  ])('is refused with %s, by name, and left as it is', async (_what, content, message) => {
    await writeKeyFile(JSON.stringify(content));
    expect(() => loadKeys(file)).toThrow(`${file}: `);
    expect(() => loadKeys(file)).toThrow(message);
    expect(await readFile(file, 'utf8')).toBe(JSON.stringify(content));
  });

  test.each([
    ['empty, as a crash in its making would leave it', ''],
    ['cut short', '{"v":1,"wrapping":{"id":"w1"'],
    ['of no keys', '{"v":1}'],
  ])('is refused by name when it is %s', async (_what, content) => {
    await writeKeyFile(content);
    expect(() => loadKeys(file)).toThrow(file);
  });

  async function writeKeyFile(content: string): Promise<void> {
    await mkdir(join(opened.folder, 'secrets'));
    await writeFile(file, content, { mode: 0o600 });
  }
});

function key32(): string {
  return Buffer.alloc(32, 7).toString('base64url');
}
