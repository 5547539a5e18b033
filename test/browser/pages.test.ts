import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { canRunBrowser } from './chromium.ts';
import { DESKTOP, PHONE, type Rig, SMALL_PHONE, startRig } from './rig.ts';

describe.skipIf(!canRunBrowser)('in a browser (Linux on x64 only: there is a binary for that)', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig?.close());

  it.each([
    ['/', '住房和城乡建设部政务服务平台', PHONE],
    ['/', '住房和城乡建设部政务服务平台', SMALL_PHONE],
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
