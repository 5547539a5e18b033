import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Archive, archiveCase } from '../../src/archive/archive.ts';
import { writeTar } from '../../src/archive/tar.ts';
import { getMatter, getPersonKey } from '../../src/engine/runtime.ts';
import { readProof, verifyProof } from '../../src/log/proof.ts';
import { openVerifiers } from '../../src/log/signatures.ts';
import { createFileStore } from '../../src/vault/files.ts';
import { getTileBytes, openPublished } from '../../src/verify/published.ts';
import { newApplicant } from '../applicant.ts';
import { png, startTestApp, type TestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';

let kit: TestApp;
let id: string;
beforeAll(async () => {
  kit = await startTestApp();
  const applicant = await newApplicant(kit);
  ({ id } = await applicant.open());
  await applicant.send(id, 'form.submit', {});
  await applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'submitted.received');
  await kit.publisher.publish();
});
afterAll(() => kit.close());

async function pack(withKey = true): Promise<Archive> {
  const { runtime, folder, publisher } = kit;
  const row = await runtime.store.findCase(id);
  if (!row) throw new Error('no case');
  const files = createFileStore(join(folder, 'files'), runtime.vault);
  const key = await getPersonKey(runtime, row.owner);
  const published = openPublished(join(folder, 'log'));
  return archiveCase({
    store: runtime.store,
    row,
    matter: getMatter(runtime, row),
    checkpoint: readFileSync(join(folder, 'log/checkpoint')),
    readTile: (tile) => getTileBytes(published, tile),
    vkeys: publisher.vkeys(),
    readDocument: async ({ digest }) => (withKey ? files.get(key, digest) : undefined),
  });
}

function textOf({ parts }: Archive, path: string): string {
  return parts.find((part) => part.path === path)?.bytes.toString() ?? '';
}

describe('the package of a case', () => {
  it('lists each part with its digest, so that sha256sum checks it', async () => {
    const { parts } = await pack();
    const where = join(kit.folder, 'package');
    for (const { path, bytes } of parts) {
      mkdirSync(dirname(join(where, path)), { recursive: true });
      writeFileSync(join(where, path), bytes);
    }
    const check = () =>
      execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: where, stdio: 'pipe' });
    expect(check().toString().trim().split('\n')).toHaveLength(parts.length - 1);
    writeFileSync(join(where, 'history.jsonl'), `${readFileSync(join(where, 'history.jsonl'), 'utf8')} `);
    expect(check).toThrow('1 computed checksum did NOT match');
  });

  it('says in its manifest what each part is, and misses none', async () => {
    const archive = await pack();
    const manifest = JSON.parse(textOf(archive, 'manifest.json'));
    const others = archive.parts.filter(({ path }) => !['manifest.json', 'SHA256SUMS'].includes(path));
    expect(manifest.parts).toEqual(
      others.map(({ path, title, mediaType, bytes }) => {
        return { path, title, mediaType, size: bytes.length, digest: `sha256:${hash('sha256', bytes)}` };
      }),
    );
    expect(manifest.case).toBe(id);
  });

  it('holds the documents as they were handed in, and says which are not there', async () => {
    const documents = ({ parts }: Archive) => parts.filter(({ path }) => path.startsWith('documents/'));
    const [document, ...more] = documents(await pack());
    expect(more).toEqual([]);
    expect(document?.bytes.equals(png())).toBe(true);
    expect(document?.path).toMatch(/\.png$/);
    const without = await pack(false);
    expect(documents(without)).toEqual([]);
    expect(without.absent).toEqual([`sha256:${hash('sha256', png())}`]);
    expect(textOf(without, 'README.txt')).toContain(without.absent[0]);
  });

  it('holds the whole history, the refusals, and a receipt for each entry that stands by itself', async () => {
    const archive = await pack();
    const history = textOf(archive, 'history.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const stored = await kit.runtime.store.readEntries(id, 'accepted');
    expect(history.map(({ digest }) => digest)).toEqual(stored.map(({ digest }) => digest));
    expect(textOf(archive, 'refusals.jsonl').trim().split('\n')).toHaveLength(1);
    const verifiers = await openVerifiers(textOf(archive, 'keys.txt').trim().split('\n'));
    for (const [at, { bytes }] of stored.entries()) {
      const proof = readProof(textOf(archive, `receipts/${at + 1}.tlog-proof`));
      expect(proof.extra?.toString()).toBe(bytes);
      expect(verifyProof(proof, bytes, verifiers).size).toBeGreaterThan(proof.index);
      expect(() => verifyProof(proof, `${bytes} `, verifiers)).toThrow('lead to the root');
    }
  });

  it('tells the case in words, without a name or a number of the person', async () => {
    const summary = textOf(await pack(), 'README.txt');
    for (const word of ['注销注册', id, 'submitted.received', 'form.submit', 'case.open'])
      expect(summary).toContain(word);
    for (const secret of [person.ordinary.name, person.ordinary.idNumber, person.ordinary.mobile]) {
      expect(summary).not.toContain(secret);
    }
  });

  it('is refused while an entry of it is not published yet', async () => {
    const other = await newApplicant(kit);
    const mine = id;
    ({ id } = await other.open());
    await expect(pack()).rejects.toThrow('not published yet');
    await kit.publisher.publish();
    await expect(pack()).resolves.toBeDefined();
    id = mine;
  });

  it('comes as a tar that any tar reads, the same bytes each time', async () => {
    const { parts } = await pack();
    const tar = writeTar('case', parts, 1_795_000_000);
    expect(writeTar('case', (await pack()).parts, 1_795_000_000).equals(tar)).toBe(true);
    const where = join(kit.folder, 'untarred');
    mkdirSync(where);
    execFileSync('tar', ['-xf', '-', '-C', where], { input: tar });
    for (const { path, bytes } of parts)
      expect(readFileSync(join(where, 'case', path)).equals(bytes)).toBe(true);
    expect(readdirSync(where)).toEqual(['case']);
    expect(() => writeTar('case', [{ path: 'x'.repeat(100), bytes: Buffer.alloc(0) }], 0)).toThrow(
      RangeError,
    );
  });
});
