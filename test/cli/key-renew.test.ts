import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { renewKey } from '../../src/cli/key-renew.ts';
import type { Store } from '../../src/db/store.ts';
import { erase } from '../../src/engine/erase.ts';
import { wordsOnOldKey } from '../../src/engine/key-age.ts';
import { beginRenewal, loadKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { epochOf } from '../../src/vault/wrap.ts';
import { startTestApp, type TestApp, type TestClient, turn } from '../helpers.ts';
import { smallMatter } from '../http/small-matter.ts';
import { openBeside, openEverything } from '../promises/erased-world.ts';

const DAY_MS = 24 * 60 * 60_000;

let folder: string;
let keyFile: string;
let kit: TestApp;
let people: TestClient[];
let beside: ReturnType<typeof openBeside>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-renew-'));
  keyFile = join(folder, 'banjian.key');
  kit = await startTestApp({ matters: [smallMatter()], folder });
  people = [await kit.person(), await kit.person(), await kit.person()];
  beside = openBeside(folder, kit.clock);
});
afterEach(async () => {
  await beside.store.close();
  await kit.close();
  rmSync(folder, { recursive: true });
});

const renew = (store: Store = beside.store) => renewKey(keyFile, store, kit.clock);
const epochs = async () =>
  (await kit.runtime.store.readPersonKeys('', 100)).map(({ wrappedKey }) => epochOf(wrappedKey));
const wrappings = () =>
  (JSON.parse(readFileSync(keyFile, 'utf8')) as { wrapping: { epoch: number; key: string }[] }).wrapping;

/** A server that has everybody's key to open yet. */
function forgetKeys(): void {
  kit.runtime.vault = createVault(loadKeys(keyFile));
}

async function expectAllReadable(): Promise<void> {
  for (const one of people) expect((await one.get('/v1/me')).json()).toMatchObject({ nickname: '小林' });
}

it('every person’s key is wrapped anew, the old wrapping key is gone, and everybody is read as before', async () => {
  const [old] = wrappings();
  expect(await renew()).toEqual({ epoch: 2, persons: 3 });
  expect(await epochs()).toEqual([2, 2, 2]);
  expect(wrappings().map(({ epoch }) => epoch)).toEqual([2]);
  expect(readFileSync(keyFile, 'utf8')).not.toContain(old?.key);
  await expectAllReadable();
  forgetKeys();
  await expectAllReadable();
});

it('a server that runs meanwhile meets the new epoch, opens it, and adds nobody under the old one', async () => {
  const { vault } = kit.runtime;
  for (const { id } of await kit.runtime.store.readPersonKeys('', 100)) vault.forgetPerson(id);
  await renew();
  expect(vault.wrapping().epoch).toBe(1);
  const newcomer = await kit.person();
  expect(vault.wrapping().epoch).toBe(2);
  people.push(newcomer);
  expect(await epochs()).toEqual([2, 2, 2, 2]);
  await expectAllReadable();
});

it('whoever comes while keys are being wrapped keeps theirs', async () => {
  const { store } = beside;
  const coming: Store = {
    ...store,
    readPersonKeys: async (after, limit) => {
      const page = await store.readPersonKeys(after, limit);
      people.push(await kit.person());
      return page;
    },
  };
  await renew(coming);
  expect(new Set(await epochs())).toEqual(new Set([2]));
  forgetKeys();
  await expectAllReadable();
});

it.each(['beginEpoch', 'readPersonKeys', 'rewrapKeys', 'appendService', 'purge'] as const)(
  'a crash before %s loses nobody, and doing it again finishes it under the same key',
  async (step) => {
    const crashing: Store = {
      ...beside.store,
      [step]: async () => {
        throw new Error('the power went');
      },
    };
    await expect(renew(crashing)).rejects.toThrow('the power went');
    const begun = wrappings();
    expect(begun.map(({ epoch }) => epoch)).toEqual([1, 2]);
    await expectAllReadable();
    forgetKeys();
    await expectAllReadable();
    await renew();
    expect(wrappings()).toEqual([begun[1]]);
    expect(await epochs()).toEqual([2, 2, 2]);
    await expectAllReadable();
  },
);

it('nobody who is erased meanwhile comes back with a key', async () => {
  const [page] = await kit.runtime.store.readPersonKeys('', 1);
  const personId = page?.id ?? '';
  const { store } = beside;
  const erasing: Store = {
    ...store,
    rewrapKeys: async (changes) => {
      await erase(beside, {
        personId,
        reason: 'person-asked',
        actor: { role: 'operator', id: 'command-line' },
      });
      return store.rewrapKeys(changes);
    },
  };
  await renew(erasing);
  expect(await kit.runtime.store.findPersonKey(personId)).toBeUndefined();
  expect(await epochs()).toEqual([2, 2]);
});

it('an older database opens nothing under the newer key file', async () => {
  // What this process is just reading would be waited for.
  await turn();
  expect(await beside.store.purge()).toBe(true);
  const backup = join(folder, 'backup.db');
  copyFileSync(join(folder, 'banjian.db'), backup);
  const wrapped = await kit.runtime.store.readPersonKeys('', 100);
  const opened = () => openEverything(backup, keyFile).toString();
  expect(opened()).toBe('小林\n小林\n小林');
  await renew();
  expect(opened()).toBe('');
  const vault = createVault(loadKeys(keyFile));
  for (const { id, wrappedKey } of wrapped) {
    expect(() => vault.openPerson(id, wrappedKey)).toThrow('wrapped under the key of epoch 1');
  }
});

it('is said in the service’s own chain, without a person or a key', async () => {
  await renew();
  const [last] = (await kit.runtime.store.readServiceEntries()).slice(-1);
  expect(JSON.parse(last?.bytes ?? '')).toMatchObject({
    kind: 'service',
    type: 'key.renewed',
    data: { epoch: 2, persons: 3 },
  });
});

it('a wrapping key that is older than 30 days is spoken of, at the start and in the metrics', async () => {
  const { vault, clock } = kit.runtime;
  expect(wordsOnOldKey(vault, clock.now())).toBeUndefined();
  kit.clock.move(31 * DAY_MS);
  expect(wordsOnOldKey(vault, clock.now())).toContain('banjian key renew');
  expect((await kit.anyone.get('/metrics')).body).toContain(
    `banjian_wrapping_key_age_seconds ${(31 * DAY_MS) / 1000}`,
  );
  await renew();
  vault.reloadKeys();
  expect(wordsOnOldKey(vault, clock.now())).toBeUndefined();
});

it('a renewal that was begun goes on under the key it began with', () => {
  expect(beginRenewal(keyFile, '2026-11-23T02:00:00.000Z')).toBe(2);
  const begun = readFileSync(keyFile, 'utf8');
  expect(beginRenewal(keyFile, '2026-11-24T02:00:00.000Z')).toBe(2);
  expect(readFileSync(keyFile, 'utf8')).toBe(begun);
});
