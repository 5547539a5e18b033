import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSnapshot, openStore } from '../../src/db/open.ts';
import type { Store } from '../../src/db/store.ts';
import { caseRow, firstCommit, nextCommit } from './samples.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-snapshot-'));
  store = openStore(join(folder, 'banjian.db'));
  const session = {
    channel: 'web',
    expiresAt: '2100',
    wrappedKey: Buffer.alloc(1),
    keyEpoch: 1,
    createdAt: '2026',
  };
  await store.createSession({ ...session, personId: 'p1', digest: 'd1' });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('a snapshot', () => {
  test('sees what was there when it was taken, whatever is written meanwhile, and holds nobody up', async () => {
    const commit = firstCommit(caseRow());
    await store.commit(commit);
    const snapshot = openSnapshot(join(folder, 'banjian.db'));
    await store.commit(nextCommit(commit.row));
    await store.commit(firstCommit(caseRow({ id: 'c2' })));
    expect(await snapshot.store.findLogSize()).toBe(1);
    expect((await snapshot.store.findCase('c1'))?.seq).toBe(1);
    expect([...snapshot.caseIds()]).toEqual(['c1']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await snapshot.store.findLogSize()).toBe(1);
    snapshot.close();
    const next = openSnapshot(join(folder, 'banjian.db'));
    expect(await next.store.findLogSize()).toBe(3);
    next.close();
  });

  test('gives every case once, in the order in which they were opened', async () => {
    const ids = Array.from({ length: 2_050 }, (_, at) => `case ${2_050 - at}`);
    await Promise.all(ids.map((id) => store.commit(firstCommit(caseRow({ id })))));
    const snapshot = openSnapshot(join(folder, 'banjian.db'));
    expect([...snapshot.caseIds()]).toEqual(ids);
    expect(snapshot.findStray()).toBeUndefined();
    snapshot.close();
  });

  test('writes nothing', async () => {
    const snapshot = openSnapshot(join(folder, 'banjian.db'));
    await expect(snapshot.store.finishTask(1)).rejects.toThrow('transaction');
    snapshot.close();
  });
});
