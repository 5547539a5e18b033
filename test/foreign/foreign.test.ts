import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDurableFolder } from '../../src/log/durable.ts';
import { readVerifierKey } from '../../src/log/note.ts';
import { openPublisher, type Publisher } from '../../src/log/publisher.ts';
import { startTestApp } from '../helpers.ts';
import { type LogKit, ORIGIN, startLog } from '../log/kit.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const GOPATH = '/usr/share/gocode';
const inGo = { ...process.env, GOPATH, GO111MODULE: 'off' };

/** Why a tool is not tried here; undefined when it is. */
function absent(command: string, args: string[], what: string, env = process.env): string | undefined {
  return spawnSync(command, args, { env }).status === 0 ? undefined : what;
}
const noOpenssl = absent('openssl', ['version'], 'no openssl here');
const noPython = noOpenssl ?? absent('python3', ['--version'], 'no python3 here');
const noGo =
  absent('go', ['version'], 'no go here') ??
  absent(
    'go',
    ['list', 'golang.org/x/mod/sumdb/tlog'],
    'no golang.org/x/mod here (golang-golang-x-mod-dev)',
    inGo,
  );

let scratch: string;
let kit: LogKit;
/** An export: a static copy of the folder. */
let folder: string;
let key: string;
/** What is in it. */
let rows: Row[];

/** Histories and refusals of two cases, and enough of the service's own for two bundles. */
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-foreign-'));
  kit = await startLog(join(scratch, 'log'));
  await kit.add(200);
  rows = [...(await kit.store.readLog(0, 1_000)), ...(await playCases())];
  await kit.publisher.stop();
  await kit.store.close();
  folder = await publish('whole', rows);
  [key = ''] = kit.publisher.vkeys();
});
afterAll(() => rmSync(scratch, { recursive: true }));

interface Row {
  kind: string;
  seq: number;
  bytes: string;
}

async function playCases(): Promise<Row[]> {
  const app = await startTestApp();
  for (let n = 0; n < 2; n++) {
    const person = await app.person();
    const { id } = (await person.post('/v1/matters/supervision-engineer-deregistration/cases', {})).json();
    await person.post(`/v1/cases/${id}/events/identity.submit`, {
      name: '林知远',
      idNumber: '379999198504120030',
    });
    for (let tries = 0; tries < 40; tries++) await person.post(`/v1/cases/${id}/events/form.submit`, {});
    await person.post(`/v1/cases/${id}/events/case.withdraw`, {});
  }
  const rows = await app.runtime.store.readLog(0, 1_000);
  await app.close();
  return rows;
}

/** A log over these entries, signed with the log's own key, as its operator could. */
async function publish(name: string, entries: Row[]): Promise<string> {
  const path = join(scratch, name);
  await (await open(path, entries)).publish();
  return path;
}

function open(path: string, entries: Row[]): Promise<Publisher> {
  const source = {
    findLogSize: async () => entries.length,
    readLog: async (from: number, limit: number) => entries.slice(from, from + limit),
  };
  const log = { warn: () => {}, error: () => {} };
  const { keys, clock } = kit;
  return openPublisher({ source, folder: createDurableFolder(path), origin: ORIGIN, keys, clock, log });
}

/** A copy with one file changed. */
function tamper(name: string, file: string, change: (bytes: Buffer) => Buffer): string {
  const copy = join(scratch, `tampered-${name}`);
  cpSync(folder, copy, { recursive: true });
  const path = join(copy, file);
  const before = readFileSync(path);
  const after = change(Buffer.from(before));
  expect(after.equals(before)).toBe(false);
  writeFileSync(path, after);
  return copy;
}

const replace = (from: string, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
const flip = (bytes: Buffer) => bytes.fill((bytes[100] ?? 0) ^ 1, 100, 101);

const tampered = {
  size: () => tamper('size', 'checkpoint', replace('\n2', '\n1')),
  root: () =>
    tamper('root', 'checkpoint', (bytes) =>
      Buffer.from(
        bytes
          .toString()
          .replace(
            /\n(\S)(\S{43}\n)/,
            (_all, first: string, rest: string) => `\n${first === 'A' ? 'B' : 'A'}${rest}`,
          ),
      ),
    ),
  entry: () => tamper('entry', 'tile/entries/000', replace('"n":7', '"n":8')),
  tile: () => tamper('tile', 'tile/0/000', flip),
};

const run = (command: string, args: string[], env = process.env) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
  return { holds: status === 0, said: `${stdout}${stderr}` };
};

describe('the page for those who verify by hand', () => {
  it.each(['openssl.sh', 'verify.py'])('prints %s as it is tried here', (file) => {
    const page = readFileSync(here('../../docs/log.md'), 'utf8');
    expect(page).toContain(`\n${readFileSync(here(file), 'utf8').trim()}\n`);
  });
});

describe.skipIf(noOpenssl)(`openssl${noOpenssl ? ` (not tried: ${noOpenssl})` : ''}`, () => {
  const verify = (copy: string, vkey = key) =>
    run('sh', [here('openssl.sh'), join(copy, 'checkpoint'), vkey]);

  it('verifies the signature of the checkpoint', () => {
    expect(verify(folder)).toMatchObject({
      holds: true,
      said: expect.stringContaining('Verified Successfully'),
    });
  });

  it('refuses a checkpoint of another size or root, and another key', async () => {
    expect(verify(tampered.size()).holds).toBe(false);
    expect(verify(tampered.root()).holds).toBe(false);
    const other = await startLog(join(scratch, 'other'));
    expect(verify(folder, other.publisher.vkeys()[0]).holds).toBe(false);
    await other.store.close();
  });

  it('verifies the second signature, SM2 with SM3, and refuses it on another text', async () => {
    const log = await startLog(join(scratch, 'sm2'), { sm2: true });
    const [, vkey = ''] = log.publisher.vkeys();
    const { text, signatures } = log.publisher.checkpoint().note;
    const point = readVerifierKey(vkey).material.subarray(-65);
    const file = (name: string, bytes: Uint8Array | string) => {
      const path = join(scratch, name);
      writeFileSync(path, bytes);
      return path;
    };
    const der = Buffer.concat([
      Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex'),
      point,
    ]);
    const args = [
      'dgst',
      '-sm3',
      '-sigopt',
      'distid:1234567812345678',
      '-keyform',
      'DER',
      '-verify',
      file('sm2.key', der),
    ];
    const verify = (message: string) =>
      run('openssl', [
        ...args,
        '-signature',
        file('sm2.sig', signatures[1]?.bytes ?? ''),
        file('sm2.text', message),
      ]);
    expect(verify(text)).toEqual({ holds: true, said: 'Verified OK\n' });
    expect(verify(`${text} `).holds).toBe(false);
    await log.store.close();
  });
});

describe.skipIf(noPython)(`thirty lines of Python${noPython ? ` (not tried: ${noPython})` : ''}`, () => {
  const verify = (copy: string) => run('python3', [here('verify.py'), copy, key]);

  it('are thirty at most', () => {
    expect(readFileSync(here('verify.py'), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(30);
  });

  it('verify the signature, the root and every chain', () => {
    // The service's own, and of each case its history and its refusals.
    expect(verify(folder)).toMatchObject({
      holds: true,
      said: expect.stringMatching(/holds: 2\d\d entries in 5 chains/),
    });
  });

  it('refuse what was changed', () => {
    expect(verify(tampered.size()).holds).toBe(false);
    expect(verify(tampered.root()).holds).toBe(false);
    expect(verify(tampered.entry()).said).toContain('does not follow in its chain');
  });

  it('refuse an entry that no other one follows', () => {
    const bundle = `tile/entries/001.p/${rows.length - 256}`;
    const copy = tamper('last', bundle, replace('case.withdraw', 'case.withdrew'));
    expect(verify(copy)).toMatchObject({ holds: false, said: expect.stringMatching(/root|chain/) });
  });

  it('refuse a chain that the operator himself cut and signed again', async () => {
    const cut = await publish('cut', rows.toSpliced(41, 1));
    expect(verify(cut)).toMatchObject({
      holds: false,
      said: expect.stringContaining('entry 41 does not follow'),
    });
  });
});

describe.skipIf(noGo)(`Go’s sumdb/note and sumdb/tlog${noGo ? ` (not tried: ${noGo})` : ''}`, () => {
  let program: string;
  beforeAll(() => {
    program = join(scratch, 'verify');
    const built = run('go', ['build', '-o', program, here('verify.go')], inGo);
    if (!built.holds) throw new Error(built.said);
  }, 300_000);
  const verify = (copy: string) => run(program, [copy, key]);

  it('verify the note, every tile and every entry', () => {
    expect(verify(folder)).toEqual({ holds: true, said: `holds: ${rows.length} entries\n` });
  });

  it('refuse what was changed', () => {
    expect(verify(tampered.size())).toMatchObject({
      holds: false,
      said: expect.stringContaining('invalid signature'),
    });
    expect(verify(tampered.root())).toMatchObject({
      holds: false,
      said: expect.stringContaining('invalid signature'),
    });
    expect(verify(tampered.tile()).holds).toBe(false);
    expect(verify(tampered.entry())).toMatchObject({
      holds: false,
      said: expect.stringContaining('invalid transparency proof'),
    });
  });
});

describe('the verifier of npm’s provenance, sigstore', () => {
  const logs = () => {
    const { id, material } = readVerifierKey(key);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), material]);
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return [{ logID: Buffer.from(id, 'hex'), publicKey, baseURL: `https://${ORIGIN}` }];
  };

  /** What it reads of an entry in a bundle of sigstore’s. */
  async function entryOf(index: number, over: { body?: string; envelope?: string } = {}) {
    const publisher = await open(folder, rows);
    const { path, checkpoint } = await publisher.prove(index);
    const inclusionProof = {
      logIndex: String(index),
      hashes: path,
      checkpoint: { envelope: over.envelope ?? checkpoint },
    };
    return { canonicalizedBody: Buffer.from(over.body ?? rows[index]?.bytes ?? ''), inclusionProof };
  }

  /** The two steps it takes; its types want the whole of a sigstore bundle, of which it reads no more. */
  function verify(entry: Awaited<ReturnType<typeof entryOf>>): void {
    const asItsOwn = entry as unknown as Parameters<typeof verifyMerkleInclusion>[0];
    const known = logs() as unknown as Parameters<typeof verifyCheckpoint>[1];
    verifyMerkleInclusion(asItsOwn, verifyCheckpoint(asItsOwn, known));
  }

  it('verifies checkpoint and inclusion of an entry', async () => {
    for (const index of [0, 41, 255, 256, rows.length - 1])
      expect(verify(await entryOf(index))).toBeUndefined();
  });

  it('refuses another entry, and a checkpoint that was changed', async () => {
    const forged = await entryOf(41, { body: '{"seq":1}' });
    expect(() => verify(forged)).toThrow('calculated root hash does not match inclusion proof');
    const { envelope } = (await entryOf(41)).inclusionProof.checkpoint;
    const changed = await entryOf(41, { envelope: envelope.replace('\n2', '\n1') });
    expect(() => verify(changed)).toThrow('invalid checkpoint signature');
  });
});
