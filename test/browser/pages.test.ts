import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, findViolations } from './accessible.ts';
import { ensureBuilt } from './built.ts';
import { canRunBrowser } from './chromium.ts';
import { findMisfits } from './fits.ts';
import { DESKTOP, PHONE, type Rig, SMALL_PHONE, startRig } from './rig.ts';

describe.skipIf(!canRunBrowser)('in a browser (Linux on x64 only: there is a binary for that)', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig?.close());

  it('finds what is planted: a picture without words, a button for small fingers, a line too wide', async () => {
    const page = await rig.page();
    await page.goto('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(() => {
      const planted = document.createElement('div');
      planted.append(document.createElement('img'));
      document.body.append(planted);
    });
    expect(await findViolations(page)).toContainEqual(expect.stringContaining('image-alt'));
    await page.evaluate(() => {
      const button = document.createElement('button');
      button.textContent = 'x';
      button.style.height = '20px';
      document.body.append(button);
    });
    expect(await findMisfits(page)).toEqual([expect.stringContaining('×20')]);
    await page.evaluate(() => {
      document.querySelector('main')?.style.setProperty('width', '2000px');
      document.querySelector('main')?.style.setProperty('max-width', 'none');
    });
    expect(await findMisfits(page)).toContain('wider than the screen');
    await page.context().close();
  });

  it.each([
    ['/', '用户登录', PHONE],
    ['/', '用户登录', SMALL_PHONE],
    ['/audit', '办件审计', DESKTOP],
  ])(
    '%s opens as %s, without a word in the console, and asks nobody but this server (%o)',
    async (address, title, viewport) => {
      const page = await rig.page({ viewport });
      const complaints: string[] = [];
      const asked = new Set<string>();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      await page.goto(address);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await expectAccessible(page);
      expect(complaints).toEqual([]);
      expect([...asked]).toEqual([rig.address]);
      await page.context().close();
    },
  );
});

const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url));
/** Of the first page, gzipped, without fonts. */
const MOST_BYTES = 150_000;

it.each(['citizen', 'audit'])(
  'the first page of %s is light: at most 150 kB of scripts and styles, gzipped',
  async (name) => {
    await ensureBuilt();
    const page = readFileSync(`${BUILT}/${name}/index.html`, 'utf8');
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => `${BUILT}${file}`,
    );
    expect(files.length).toBeGreaterThan(2);
    const bytes = files
      .map((file) => gzipSync(readFileSync(file)).length)
      .reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  },
);

it('the pages are built when their sources have changed, and left as they stand when not', async () => {
  await ensureBuilt();
  const before = statSync(BUILT).ino;
  await ensureBuilt();
  expect(statSync(BUILT).ino).toBe(before);
});
