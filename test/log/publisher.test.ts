import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { createDurableFolder, type DurableFolder } from '../../src/log/durable.ts';
import { openLogKeys } from '../../src/log/keys.ts';
import { ed25519Keys, ed25519Signer, isGood, signNote } from '../../src/log/note.ts';
import { verifyProof } from '../../src/log/proof.ts';
import { openVerifiers } from '../../src/log/signatures.ts';
import { verifyConsistency } from '../../src/log/tree.ts';
import { turn } from '../helpers.ts';
import { checkFolder, filesOf, type LogKit, startLog } from './kit.ts';

let scratch: string;
let kit: LogKit;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-log-'));
  kit = await startLog(scratch);
});
afterEach(async () => {
  await kit.publisher.stop();
  await kit.store.close();
  rmSync(scratch, { recursive: true });
});

const vkeys = () => kit.publisher.vkeys();
const sizeOnDisk = () => Number(readFileSync(join(kit.folder, 'checkpoint'), 'utf8').split('\n')[1]);

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 100_000 && !holds(); n++) await turn();
  expect(holds()).toBe(true);
}

describe('a public log', () => {
  it('begins with a checkpoint over nothing', async () => {
    const { checkpoint } = await checkFolder(kit.folder, vkeys());
    expect(checkpoint.size).toBe(0);
  });

  it('has every entry under a signed checkpoint within a second, and not before somebody looks', async () => {
    kit.publisher.start();
    await kit.add(3);
    expect(sizeOnDisk()).toBe(0);
    kit.clock.move(999);
    await until(() => sizeOnDisk() === 3);
    const { entries } = await checkFolder(kit.folder, vkeys());
    const stored = await kit.store.readLog(0, 10);
    expect(entries.map(String)).toEqual(stored.map(({ bytes }) => bytes));
  });

  it('makes one checkpoint for all that came meanwhile, and none while nothing comes', async () => {
    let published = 0;
    kit.publisher.start(() => (published += 1));
    await kit.add(40);
    kit.clock.move(999);
    await until(() => published === 1);
    const { mtimeNs } = statSync(join(kit.folder, 'checkpoint'), { bigint: true });
    for (let n = 0; n < 20; n++) {
      kit.clock.move(999);
      await turn();
    }
    expect(published).toBe(1);
    expect(statSync(join(kit.folder, 'checkpoint'), { bigint: true }).mtimeNs).toBe(mtimeNs);
  });

  it('grows over tiles and restarts, each checkpoint going on from the one before', async () => {
    let before = kit.publisher.checkpoint();
    for (const count of [1, 254, 1, 1, 300]) {
      await kit.add(count);
      const publisher = await kit.reopen();
      await publisher.publish();
      const { checkpoint } = await checkFolder(kit.folder, vkeys());
      const proof = await publisher.proveSince(before.size, checkpoint);
      expect(verifyConsistency(before, checkpoint, proof)).toBe(true);
      before = checkpoint;
    }
    expect(before.size).toBe(557);
  });

  it('takes partial tiles away when the full one is there, and proves from either', async () => {
    await kit.add(10);
    await kit.publisher.publish();
    expect([...filesOf(kit.folder).keys()]).toContain('tile/0/000.p/10');
    const older = kit.publisher.checkpoint();
    await kit.add(250);
    await kit.publisher.publish();
    const names = [...filesOf(kit.folder).keys()].toSorted();
    expect(names).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001.p/4',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/4',
    ]);
    const newer = kit.publisher.checkpoint();
    const proof = await kit.publisher.proveSince(older.size, newer);
    expect(verifyConsistency(older, newer, proof)).toBe(true);
  });

  it('reads entries in small pieces, so that nobody waits for it', async () => {
    await kit.add(700);
    const asked: number[] = [];
    const store = {
      ...kit.store,
      readLog: (from: number, limit: number) => {
        asked.push(limit);
        return kit.store.readLog(from, limit);
      },
    };
    await (await kit.reopen({ store })).publish();
    expect(Math.max(...asked)).toBe(256);
    expect(asked.reduce((sum, limit) => sum + limit)).toBe(700);
  });

  it('proves an entry that is not yet under a checkpoint by making one', async () => {
    await kit.add(5);
    const [proof, other] = await Promise.all([kit.publisher.prove(4), kit.publisher.prove(2)]);
    expect(sizeOnDisk()).toBe(5);
    const verifiers = await openVerifiers(vkeys());
    const rows = await kit.store.readLog(0, 5);
    expect(verifyProof(proof, rows[4]?.bytes ?? '', verifiers).size).toBe(5);
    expect(verifyProof(other, rows[2]?.bytes ?? '', verifiers).size).toBe(5);
    await expect(kit.publisher.prove(5)).rejects.toThrow('no leaf 5 in a tree of 5');
  });

  it('publishes what is left before it stops', async () => {
    kit.publisher.start();
    await kit.add(2);
    await kit.publisher.stop();
    expect(sizeOnDisk()).toBe(2);
  });
});

/** A disk that stops at a moment: files are there up to it, and nothing is done from then on. */
function stopAfter(files: number, folder: DurableFolder): DurableFolder {
  let left = files;
  const spend = () => {
    if (left === 0) throw new Error('power cut');
    left -= 1;
  };
  return {
    async write(all) {
      for (const one of all) {
        spend();
        await folder.write([one]);
      }
    },
    find: (path) => folder.find(path),
    async remove(path) {
      spend();
      await folder.remove(path);
    },
  };
}

describe('a power cut while it publishes', () => {
  it('leaves a checkpoint that holds at every moment, and the next start goes on from it', async () => {
    await kit.add(250);
    await kit.publisher.publish();
    await kit.add(300);
    const sizes = new Set<number>();
    let cuts = 0;
    for (let ended = false; !ended; cuts++) {
      const folder = join(scratch, `cut-${cuts}`);
      cpSync(kit.folder, folder, { recursive: true });
      const disk = createDurableFolder(folder);
      const cut = await kit.reopen({ files: stopAfter(cuts, disk) });
      ended = await cut.publish().then(
        () => true,
        () => false,
      );
      const { checkpoint } = await checkFolder(folder, vkeys());
      sizes.add(checkpoint.size);
      const again = await kit.reopen({ files: disk });
      await again.publish();
      expect((await checkFolder(folder, vkeys())).checkpoint.size).toBe(550);
    }
    expect([...sizes]).toEqual([250, 550]);
    // Two bundles and tiles full, one of each open, the level above, the checkpoint: at least those moments.
    expect(cuts).toBeGreaterThanOrEqual(8);
  });
});

describe('a disk without room', () => {
  it('is said once, tried again, and what waits meanwhile is refused; then all is published', async () => {
    let isFull = true;
    const disk = createDurableFolder(kit.folder);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const files: DurableFolder = {
      ...disk,
      write: (all) => (isFull ? Promise.reject(full) : disk.write(all)),
    };
    const publisher = await kit.reopen({ files });
    publisher.start();
    await kit.add(3);
    for (let n = 0; n < 3; n++) {
      kit.clock.move(500);
      await until(() => kit.errors.length > 0);
      for (let turns = 0; turns < 20; turns++) await turn();
    }
    expect(kit.errors).toEqual(['the log is not published: ENOSPC']);
    await expect(publisher.prove(0)).rejects.toThrow('no space');
    isFull = false;
    kit.clock.move(500);
    await until(() => sizeOnDisk() === 3);
    await until(() => kit.errors.length === 2);
    expect(kit.errors[1]).toBe('the log is published again');
    await publisher.stop();
  });
});

describe('a log that does not go with what it is made from is not published', () => {
  beforeEach(async () => {
    await kit.add(600);
    await kit.publisher.publish();
  });

  it('where the database was rolled back', async () => {
    const older = openStore(':memory:');
    await expect(kit.reopen({ store: older })).rejects.toThrow(
      'holds 0 entries and a checkpoint over 600 is published: the database was rolled back',
    );
    await older.close();
  });

  it('while the server runs, either', async () => {
    let size = 600;
    const publisher = await kit.reopen({ store: { ...kit.store, findLogSize: async () => size } });
    size = 599;
    await expect(publisher.publish()).rejects.toThrow('rolled back');
  });

  it.each([600, 512])('where it was rolled back and has grown again, at %i entries', async (size) => {
    const cut = join(scratch, 'cut');
    const source = { ...kit.store, findLogSize: async () => size };
    await (await kit.reopen({ files: createDurableFolder(cut), store: source })).publish();
    const forked = {
      ...kit.store,
      readLog: async (from: number, limit: number) =>
        (await kit.store.readLog(from, limit)).map((row) =>
          row.index === size - 1 ? { ...row, bytes: row.bytes.replace('sample', 'forged') } : row,
        ),
    };
    await expect(kit.reopen({ files: createDurableFolder(cut), store: forked })).rejects.toThrow(
      `Entry ${size - 1} of the database is not the one that was published`,
    );
  });

  it('where a tile was changed', async () => {
    const file = join(kit.folder, 'tile/0/002.p/88');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(1, 40, 41));
    await expect(kit.reopen()).rejects.toThrow('the tiles do not lead to the root of the checkpoint');
  });

  it('where its keys were exchanged', async () => {
    const file = join(scratch, 'other.json');
    const keys = await openLogKeys({ ...kit.key, file }, false);
    await expect(kit.reopen({ keys })).rejects.toThrow(/does not fit its keys or files.*signed by/);
  });

  it('where the key file is gone, or of another log', async () => {
    const gone = { ...kit.key, file: join(scratch, 'gone.json') };
    await expect(openLogKeys(gone, true)).rejects.toThrow('The log is there and its key file is not');
    const other = { ...kit.key, origin: 'log.example/other' };
    await expect(openLogKeys(other, true)).rejects.toThrow('BANJIAN_LOG_ORIGIN says log.example/other');
  });
});

describe('cosignatures', () => {
  it('stand in the checkpoint while it is the newest, each witness once', async () => {
    const { skey, vkey } = ed25519Keys('witness.example', Buffer.alloc(32, 9), 0x04);
    await kit.add(1);
    await kit.publisher.publish();
    const { text } = kit.publisher.checkpoint().note;
    for (const now of [1, 2]) {
      await kit.publisher.cosign(text, signNote(text, [ed25519Signer(skey)], now).signatures);
    }
    const { checkpoint } = await checkFolder(kit.folder, [...vkeys(), vkey]);
    expect(checkpoint.signatures.map(({ name }) => name)).toEqual(['log.example/test', 'witness.example']);
    expect((await kit.publisher.prove(0)).checkpoint).toBe(
      readFileSync(join(kit.folder, 'checkpoint'), 'utf8'),
    );
    await kit.add(1);
    await kit.publisher.publish();
    await kit.publisher.cosign(text, signNote(text, [ed25519Signer(skey)], 3).signatures);
    expect((await checkFolder(kit.folder, vkeys())).checkpoint.note.signatures).toHaveLength(1);
  });
});

describe('a second signature, SM2 with SM3', () => {
  it('stands beside the first one where it is asked for, and holds', async () => {
    const folder = join(scratch, 'sm2');
    const log = await startLog(folder, { sm2: true });
    await log.add(2);
    await log.publisher.publish();
    const [ed25519 = '', sm2 = ''] = log.publisher.vkeys();
    const { checkpoint } = await checkFolder(log.folder, [ed25519, sm2]);
    expect(checkpoint.signatures).toHaveLength(2);
    expect((await checkFolder(log.folder, [ed25519])).checkpoint.signatures).toHaveLength(1);
    const [verifier] = await openVerifiers([sm2]);
    const [, signature] = checkpoint.signatures;
    expect(signature && verifier && isGood(`${checkpoint.note.text}x\n`, signature, [verifier])).toBe(false);
    await log.store.close();
  });
});
