import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../helpers.ts';

const SCRIPT = 'globalThis.hello = 1;';
let built: string;
let kit: TestApp;
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'banjian-pages-'));
  for (const name of ['citizen', 'audit', 'assets']) mkdirSync(join(built, name));
  writeFileSync(join(built, 'citizen/index.html'), '<title>citizen</title>');
  writeFileSync(join(built, 'audit/index.html'), '<title>audit</title>');
  writeFileSync(join(built, 'assets/citizen-abc.js'), SCRIPT);
  writeFileSync(join(built, 'assets/citizen-abc.js.gz'), gzipSync(SCRIPT));
  kit = await startTestApp({ pages: built });
});
afterAll(async () => {
  await kit.close();
  rmSync(built, { recursive: true });
});

const html = { accept: 'text/html,*/*' };

describe('the pages', () => {
  it.each(['/', '/profile', '/matters/supervision-engineer-deregistration', '/cases', '/cases/abc/receipts'])(
    'of citizens answer at %s',
    async (address) => {
      const answer = await kit.anyone.get(address, html);
      expect([answer.statusCode, answer.body]).toEqual([200, '<title>citizen</title>']);
    },
  );

  it.each(['/audit', '/audit/cases/abc?to=3'])('of auditors answer at %s', async (address) => {
    expect((await kit.anyone.get(address, html)).body).toBe('<title>audit</title>');
  });

  it('run their own scripts and styles only, load nothing from outside, and are asked for again each time', async () => {
    const { headers } = await kit.anyone.get('/', html);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('never stand in the way of the API and what is around it', async () => {
    for (const address of [
      '/v1/none',
      '/v1',
      '/log/none',
      '/simulator/none',
      '/health/none',
      '/assets/none.js',
      '/nowhere',
    ]) {
      const answer = await kit.anyone.get(address, html);
      expect([address, answer.statusCode, answer.json().code]).toEqual([address, 404, 'not-found']);
    }
    for (const address of ['/docs', '/openapi.json', '/health/live', '/metrics', '/simulator/people']) {
      const answer = await kit.anyone.get(address, html);
      expect([address, answer.body.includes('<title>citizen')]).toEqual([address, false]);
    }
  });

  it('are no part of the document of the API', async () => {
    const { paths } = (await kit.anyone.get('/openapi.json')).json();
    expect(
      Object.keys(paths).filter((path) => /^\/(?:$|audit|cases|matters|profile|assets)/.test(path)),
    ).toEqual([]);
  });
});

describe('assets', () => {
  it('are kept for ever, since their names hold a digest, and come compressed', async () => {
    const answer = await kit.anyone.get('/assets/citizen-abc.js', { 'accept-encoding': 'gzip' });
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript; charset=utf-8'),
      'x-content-type-options': 'nosniff',
    });
    expect((await kit.anyone.get('/assets/citizen-abc.js')).body).toBe(SCRIPT);
  });

  it.each([
    '/assets/../citizen/index.html',
    '/assets/%2e%2e/citizen/index.html',
    '/assets/',
    '/assets/..%5ccitizen',
  ])('and nothing beside them: %s', async (address) => {
    expect((await kit.anyone.get(address)).statusCode).toBeGreaterThanOrEqual(400);
  });
});

describe('a server whose pages are not built', () => {
  it('says so in the page, in both languages, and serves the API', async () => {
    const bare = await startTestApp({ pages: join(built, 'none') });
    const answer = await bare.anyone.get('/', html);
    expect(answer.body).toContain('npm run build');
    expect(answer.body).toContain('The pages are not built');
    expect(bare.log.filter((line) => line.includes('pages are not built'))).not.toEqual([]);
    expect((await bare.anyone.get('/v1/professions')).statusCode).toBe(200);
    await bare.close();
  });
});
