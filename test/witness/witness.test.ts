import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCheckpoint } from '../../src/log/checkpoint.ts';
import { writeCosignRequest } from '../../src/log/cosign-request.ts';
import {
  ed25519Keys,
  ed25519Signer,
  ed25519Verifier,
  isGood,
  readSignatures,
  SIGNATURE_TYPES,
  signNote,
  writeNote,
} from '../../src/log/note.ts';
import { createWitnesses, type Witnesses } from '../../src/log/witnesses.ts';
import { buildWitness } from '../../src/witness/app.ts';
import { createHandClock } from '../helpers.ts';
import { checkFolder, type LogKit, startLog } from '../log/kit.ts';
import { mth, proof } from '../log/naive-tree.ts';

const LOG = ed25519Keys('log.example', Buffer.alloc(32, 1));
const STRANGER = ed25519Keys('log.example', Buffer.alloc(32, 2));
const WITNESS = ed25519Keys('witness.example', Buffer.alloc(32, 3), SIGNATURE_TYPES.cosignature);
const verifier = ed25519Verifier(WITNESS.vkey);

let scratch: string;
let app: FastifyInstance;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-witness-'));
  app = startWitness(LOG.vkey);
});
afterEach(async () => {
  await app.close();
  rmSync(scratch, { recursive: true });
});

function startWitness(...logs: string[]): FastifyInstance {
  return buildWitness({
    folder: join(scratch, 'checkpoints'),
    signer: ed25519Signer(WITNESS.skey),
    logs: logs.map(ed25519Verifier),
    clock: createHandClock(),
  });
}

const honest = Array.from({ length: 40 }, (_, index) => Buffer.from(`entry ${index}`));
const forged = honest.map((entry, index) => (index === 3 ? Buffer.from('forged') : entry));

interface Asked {
  old: number;
  size: number;
  entries?: Buffer[];
  hashes?: Buffer[];
  skey?: string;
  origin?: string;
}

function textOf({ size, entries = honest, origin = 'log.example' }: Asked): string {
  return writeCheckpoint({ origin, size, root: mth(entries.slice(0, size)) });
}

async function ask(asked: Asked) {
  const { old, size, entries = honest, skey = LOG.skey } = asked;
  const checkpoint = writeNote(signNote(textOf(asked), [ed25519Signer(skey)]));
  const hashes = asked.hashes ?? (old === 0 || old > size ? [] : proof(old, entries.slice(0, size)));
  return post(writeCosignRequest({ oldSize: old, proof: hashes, checkpoint }));
}

async function post(payload: string) {
  const headers = { 'content-type': 'text/plain' };
  const answer = await app.inject({ method: 'POST', url: '/add-checkpoint', payload, headers });
  return { status: answer.statusCode, body: answer.body, type: answer.headers['content-type'] };
}

describe('a witness', () => {
  it('cosigns what it sees first, and what has grown from it', async () => {
    for (const asked of [
      { old: 0, size: 7 },
      { old: 7, size: 7 },
      { old: 7, size: 40 },
    ]) {
      const { status, body } = await ask(asked);
      expect(status).toBe(200);
      const [signature] = readSignatures(body);
      expect(signature && isGood(textOf(asked), signature, [verifier])).toBe(true);
      expect(signature && isGood(textOf({ old: 0, size: 8 }), signature, [verifier])).toBe(false);
      expect(signature?.bytes.readBigUInt64BE(0)).toBe(BigInt(Date.parse('2026-11-23T02:00:00Z') / 1000));
    }
  });

  it('remembers what it cosigned, also over a restart', async () => {
    await ask({ old: 0, size: 20 });
    await app.close();
    app = startWitness(LOG.vkey);
    expect(await ask({ old: 0, size: 30 })).toEqual({ status: 409, body: '20\n', type: 'text/x.tlog.size' });
    expect((await ask({ old: 20, size: 30 })).status).toBe(200);
  });

  it('never cosigns a past that was rewritten: not larger, not of the same size, not smaller', async () => {
    await ask({ old: 0, size: 20 });
    expect((await ask({ old: 20, size: 30, entries: forged })).status).toBe(422);
    expect(await ask({ old: 20, size: 20, entries: forged })).toMatchObject({ status: 409, body: '20\n' });
    expect((await ask({ old: 10, size: 10 })).status).toBe(409);
    expect((await ask({ old: 20, size: 30 })).status).toBe(200);
  });

  it('takes no proof that is not one, nor one where none belongs', async () => {
    const [hash = Buffer.alloc(32)] = proof(3, honest);
    expect((await ask({ old: 0, size: 7, hashes: [hash] })).status).toBe(422);
    await ask({ old: 0, size: 7 });
    expect((await ask({ old: 7, size: 7, hashes: [hash] })).status).toBe(422);
    expect((await ask({ old: 7, size: 9, hashes: [] })).status).toBe(422);
  });

  it('knows its logs by their keys', async () => {
    expect((await ask({ old: 0, size: 7, origin: 'other.example' })).status).toBe(404);
    expect((await ask({ old: 0, size: 7, skey: STRANGER.skey })).status).toBe(403);
    expect((await ask({ old: 8, size: 7 })).status).toBe(400);
  });

  it.each([
    ['nothing', ''],
    ['no size', 'old x\n\nlog.example\n'],
    ['a size with a nought before it', 'old 01\n\nlog.example\n1\n'],
    ['a hash that is none', 'old 1\nabc\n\nlog.example\n1\n'],
    ['too many hashes', `old 1\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\nlog.example\n`],
    ['no checkpoint', 'old 0\n\n'],
  ])('asked with %s says that this is no request', async (_what, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('asked twice at once about two futures cosigns one of them', async () => {
    await ask({ old: 0, size: 7 });
    const answers = await Promise.all([
      ask({ old: 7, size: 30 }),
      ask({ old: 7, size: 30, entries: [...honest.slice(0, 7), ...forged.slice(7, 30).toReversed()] }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe('a log with witnesses', () => {
  let kit: LogKit;
  let witnesses: Witnesses;
  let url: string;
  beforeEach(async () => {
    kit = await startLog(join(scratch, 'log'));
    await app.close();
    app = startWitness(...kit.publisher.vkeys());
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    await witnesses.stop();
    await kit.store.close();
  });

  function callWitnesses(...all: { url: string; vkey?: string }[]): void {
    witnesses = createWitnesses({
      witnesses: all.map((one) => ({ url: one.url, verifier: ed25519Verifier(one.vkey ?? WITNESS.vkey) })),
      publisher: kit.publisher,
      clock: kit.clock,
      log: { warn: ({ fault }) => void kit.errors.push(String(fault)), error: () => {} },
    });
  }

  async function publishAndAsk(count: number) {
    await kit.add(count);
    await kit.publisher.publish();
    witnesses.ask();
    await witnesses.idle();
    return checkFolder(kit.folder, [...kit.publisher.vkeys(), WITNESS.vkey]);
  }

  it('carries their cosignatures in its checkpoints, and finds a witness that has seen more than it knows', async () => {
    callWitnesses({ url });
    for (const count of [3, 300]) {
      const { checkpoint } = await publishAndAsk(count);
      expect(checkpoint.signatures.map(({ name }) => name)).toEqual(['log.example/test', 'witness.example']);
    }
    // As after a restart: this side has forgotten how far the witness is.
    callWitnesses({ url });
    const { checkpoint } = await publishAndAsk(1);
    expect(checkpoint.signatures).toHaveLength(2);
    expect(kit.errors).toEqual([]);
  });

  it('waits for none of them, and takes no cosignature that does not hold', async () => {
    const other = ed25519Keys('witness.example', Buffer.alloc(32, 4), SIGNATURE_TYPES.cosignature);
    callWitnesses({ url: 'http://127.0.0.1:1' }, { url, vkey: other.vkey });
    const { checkpoint } = await publishAndAsk(3);
    expect(checkpoint.note.signatures).toHaveLength(1);
    expect(kit.errors.toSorted()).toEqual(['TypeError', 'its cosignature does not hold']);
  });

  it('leaves one that does not answer', async () => {
    const silent = buildWitness({
      folder: scratch,
      signer: ed25519Signer(WITNESS.skey),
      logs: [],
      clock: kit.clock,
    });
    let asked = () => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    silent.addHook('onRequest', () => {
      asked();
      return new Promise(() => {});
    });
    callWitnesses({ url: await silent.listen({ host: '127.0.0.1', port: 0 }) });
    await kit.add(1);
    await kit.publisher.publish();
    witnesses.ask();
    await wasAsked;
    kit.clock.move(5_000);
    await witnesses.idle();
    expect(kit.errors).toEqual(['AbortError']);
    silent.server.closeAllConnections();
    await silent.close();
  });
});
