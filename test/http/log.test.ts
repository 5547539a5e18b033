import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEntry } from '../../src/engine/entry.ts';
import { openCheckpoint } from '../../src/log/checkpoint.ts';
import { readProof, verifyProof } from '../../src/log/proof.ts';
import { openVerifiers } from '../../src/log/signatures.ts';
import { listTiles, pathOfTile, readBundle } from '../../src/log/tiles.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { checkFolder } from '../log/kit.ts';

const MATTER = 'supervision-engineer-deregistration';

let kit: TestApp;
let owner: TestClient;
let caseId: string;
beforeAll(async () => {
  kit = await startTestApp();
  owner = await kit.person();
  caseId = (await owner.post(`/v1/matters/${MATTER}/cases`, {})).json<{ id: string }>().id;
  await owner.post(`/v1/cases/${caseId}/events/face.begin`, { consent: true });
});
afterAll(() => kit.close());

const receiptOf = (client: TestClient, seq: number | string, query = '') =>
  client.get(`/v1/cases/${caseId}/receipts/${seq}${query}`);
const keysOf = async () => openVerifiers((await kit.anyone.get('/log/keys')).body.trim().split('\n'));

describe('a receipt', () => {
  it('proves the entry to its owner, with the entry in it, at once after the event', async () => {
    const answer = await receiptOf(owner, 1);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="${caseId}-accepted-1.tlog-proof"`,
    );
    const proof = readProof(answer.body);
    const [stored] = await kit.runtime.store.readEntries(caseId, 'accepted');
    expect(proof.extra?.toString()).toBe(stored?.bytes);
    expect(verifyProof(proof, proof.extra ?? '', await keysOf()).origin).toBe('banjian.local/log');
  });

  it('of a refusal says that it was refused', async () => {
    const proof = readProof((await receiptOf(owner, 1, '?kind=refused')).body);
    expect(readEntry(String(proof.extra))).toMatchObject({
      kind: 'refused',
      case: caseId,
      type: 'face.begin',
    });
    expect(verifyProof(proof, proof.extra ?? '', await keysOf()).size).toBeGreaterThan(1);
  });

  it('is given to staff, and to nobody else', async () => {
    expect((await receiptOf(await kit.staff('officer'), 1)).statusCode).toBe(200);
    const stranger = await receiptOf(await kit.person(), 1);
    expect([stranger.statusCode, stranger.json().code]).toEqual([404, 'case-not-found']);
    expect((await receiptOf(kit.anyone, 1)).statusCode).toBe(401);
  });

  it('is not there for an entry that is not, and not asked for with a number that is none', async () => {
    const absent = await receiptOf(owner, 99);
    expect([absent.statusCode, absent.json().code]).toEqual([404, 'not-found']);
    for (const seq of ['0', '-1', '1.5', 'x']) expect((await receiptOf(owner, seq)).statusCode).toBe(422);
    expect((await receiptOf(owner, 1, '?kind=other')).statusCode).toBe(422);
  });
});

describe('the log over HTTP', () => {
  it('is open to everybody, whole, and the same as the folder on disk', async () => {
    await kit.publisher.publish();
    const answer = await kit.anyone.get('/log/checkpoint');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('public, max-age=1');
    expect(answer.body).toBe(readFileSync(join(kit.folder, 'log', 'checkpoint'), 'utf8'));
    const { size } = openCheckpoint(answer.body, await keysOf());
    expect(size).toBe(await kit.runtime.store.findLogSize());
    for (const tile of listTiles(size)) {
      const file = await kit.anyone.get(`/log/${pathOfTile(tile)}`);
      expect(file.headers['content-type']).toBe('application/octet-stream');
      expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(file.rawPayload).toEqual(readFileSync(join(kit.folder, 'log', pathOfTile(tile))));
    }
    const { entries } = await checkFolder(join(kit.folder, 'log'), kit.publisher.vkeys());
    const rows = await kit.runtime.store.readLog(0, 1_000);
    expect(entries.map(String)).toEqual(rows.map(({ bytes }) => bytes));
  });

  it('compresses bundles for those who say that they can read it', async () => {
    await kit.publisher.publish();
    const size = await kit.runtime.store.findLogSize();
    const path = `/log/tile/entries/000.p/${size}`;
    const zipped = await kit.anyone.get(path, { 'accept-encoding': 'gzip, identity' });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const plain = await kit.anyone.get(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(zipped.rawPayload)).toEqual(plain.rawPayload);
    expect(readBundle(plain.rawPayload)).toHaveLength(size);
  });

  it.each([
    '/log/tile/0/001',
    '/log/tile/0/0',
    '/log/tile/0/000.p/256',
    '/log/tile/64/000',
    '/log/tile/entries/..%2f..%2fcheckpoint',
    '/log/tile/0/%2e%2e/%2e%2e/%2e%2e/banjian.key',
    '/log/banjian.key',
  ])('gives nothing else: %s', async (path) => {
    expect((await kit.anyone.get(path)).statusCode).toBe(404);
  });

  it('is in the documentation', async () => {
    const { paths } = (await kit.anyone.get('/openapi.json')).json<{ paths: Record<string, unknown> }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/log/checkpoint', '/log/keys', '/v1/cases/{id}/receipts/{seq}']),
    );
    expect(Object.keys(paths).filter((path) => path.startsWith('/log/tile/'))).toHaveLength(1);
  });
});
