import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntry } from '../../src/engine/entry.ts';
import { openLogKeys, prepareRotation, withKeyFileLocked } from '../../src/log/keys.ts';
import { verifyProof } from '../../src/log/proof.ts';
import { ROTATION, type Rotation, readRotation, trustedKeys } from '../../src/log/rotation.ts';
import { openVerifiers } from '../../src/log/signatures.ts';
import { checkFolder, type LogKit, startLog } from './kit.ts';

let scratch: string;
let kit: LogKit;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-rotate-'));
  kit = await startLog(scratch);
});
afterEach(async () => {
  await kit.publisher.stop();
  await kit.store.close();
  rmSync(scratch, { recursive: true });
});

async function serviceFacts() {
  return (await kit.store.readServiceEntries()).map(({ bytes }) => readEntry(bytes));
}

/** What `banjian key rotate` does: key file first, entry after it. */
async function rotate({ record = true } = {}): Promise<Rotation> {
  const facts = await serviceFacts();
  const rotations = facts.filter(({ type }) => type === ROTATION);
  const recorded = rotations.map(({ data, seq }) => readRotation(data, seq));
  const rotation = await prepareRotation(kit.key, (vkey) => recorded.some(({ to }) => to.includes(vkey)));
  if (record) await kit.append(ROTATION, { ...rotation });
  return rotation;
}

const signersOf = (vkeys: string[], names: { name: string; id: string }[]) =>
  vkeys.map((vkey) => names.some(({ name, id }) => vkey.startsWith(`${name}+${id}+`)));

describe('a rotation of the log’s keys', () => {
  it('beside a running log: the first checkpoint is signed by both keys, the next by the new one', async () => {
    await kit.add(2);
    await kit.publisher.publish();
    const [first = ''] = kit.publisher.vkeys();
    const old = await kit.publisher.prove(0);
    await rotate();
    await kit.publisher.publish();
    const both = kit.publisher.vkeys();
    expect(both).toHaveLength(2);
    const handedOver = (await checkFolder(kit.folder, both)).checkpoint;
    expect(signersOf(both, handedOver.signatures)).toEqual([true, true]);
    await kit.add(1);
    await kit.publisher.publish();
    const { checkpoint } = await checkFolder(kit.folder, both);
    expect(signersOf(both, checkpoint.signatures)).toEqual([false, true]);
    const [entry] = await kit.store.readLog(0, 1);
    expect(verifyProof(old, entry?.bytes ?? '', await openVerifiers([first])).size).toBe(2);
  });

  it('is followed from the first key on, through the entries of the log itself', async () => {
    const [first = ''] = kit.publisher.vkeys();
    for (let n = 0; n < 3; n++) {
      await rotate();
      await kit.publisher.publish();
      await kit.add(1);
      await kit.publisher.publish();
    }
    const { entries, checkpoint } = await checkFolder(kit.folder, kit.publisher.vkeys());
    const generations = trustedKeys(
      first,
      entries.map((bytes) => readEntry(bytes.toString())),
    );
    expect(generations.map(({ vkeys }) => vkeys)).toEqual(kit.keys.generations().map(({ vkeys }) => vkeys));
    const last = generations.at(-1)?.vkeys ?? [];
    expect(signersOf(last, checkpoint.signatures)).toEqual([true]);
  });

  it('destroys the old private key once both have signed, and a restart goes on with the new one', async () => {
    const [before] = kit.keys.generations();
    await rotate();
    expect(readFileSync(kit.key.file, 'utf8')).toContain(before?.skeys[0]);
    await kit.publisher.publish();
    expect(readFileSync(kit.key.file, 'utf8')).not.toContain(before?.skeys[0]);
    expect(statSync(kit.key.file).mode & 0o777).toBe(0o600);
    const publisher = await kit.reopen();
    await kit.add(1);
    await publisher.publish();
    const { checkpoint } = await checkFolder(kit.folder, kit.publisher.vkeys());
    expect(signersOf(kit.publisher.vkeys(), checkpoint.signatures)).toEqual([false, true]);
  });

  it('waits for a checkpoint before the next one, and is taken up again where it was broken off', async () => {
    const broken = await rotate({ record: false });
    const again = await rotate();
    expect(again.to).toEqual(broken.to);
    await expect(rotate()).rejects.toThrow('The last rotation is not under a checkpoint yet');
    await kit.publisher.publish();
    expect((await rotate()).from).toEqual(again.to);
  });

  it('to a key that the key file does not hold stops the log', async () => {
    const other = await startLog(join(scratch, 'other'));
    const rotation = await prepareRotation(other.key, () => false);
    await kit.append(ROTATION, { ...rotation });
    await expect(kit.publisher.publish()).rejects.toThrow('which the key file does not hold');
    await other.store.close();
  });

  it('carries an SM2 key along', async () => {
    const key = { ...kit.key, file: join(scratch, 'sm2', 'log.json'), sm2: true };
    await openLogKeys(key, false);
    const { from, to } = await prepareRotation(key, () => false);
    expect([from.length, to.length]).toEqual([2, 2]);
    expect(new Set([...from, ...to]).size).toBe(4);
  });

  it('is done by one process at a time', async () => {
    const done = withKeyFileLocked(kit.key.file, async () => {
      await expect(withKeyFileLocked(kit.key.file, async () => 1)).rejects.toThrow('Another process rotates');
      return 'done';
    });
    expect(await done).toBe('done');
    expect(await withKeyFileLocked(kit.key.file, async () => 'free again')).toBe('free again');
  });
});
