import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../src/lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('a data folder has one server at a time', () => {
  const release = lockFolder(dir);
  expect(() => lockFolder(dir)).toThrow('Another server has this data folder');
  release();
  lockFolder(dir)();
});
