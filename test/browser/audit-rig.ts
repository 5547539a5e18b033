import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { clientOf, startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { ensureBuilt } from './built.ts';
import { launchBrowser } from './chromium.ts';
import { DESKTOP } from './rig.ts';

const PAGES = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** The service with time moved by hand, on a port, and a browser: what the console shows is known to the second. */
export interface AuditRig {
  kit: TestApp;
  address: string;
  /** An auditor's token. */
  token: string;
  /** The same auditor, without a page. */
  auditor(): TestClient;
  /** A page of a device of its own; signed in unless told otherwise. */
  page(options?: BrowserContextOptions & { signedIn?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

export async function startAuditRig(): Promise<AuditRig> {
  await ensureBuilt();
  const kit = await startTestApp({ pages: PAGES });
  const address = await kit.app.listen({ port: 0, host: '127.0.0.1' });
  const browser: Browser = await launchBrowser();
  const { token = '' } = await kit.staff('auditor');
  return {
    kit,
    address,
    token,
    auditor: () => clientOf(kit.app, token),
    async page({ signedIn = true, ...context } = {}) {
      const device = await browser.newContext({
        viewport: DESKTOP,
        baseURL: address,
        locale: 'zh-CN',
        ...context,
      });
      if (signedIn) {
        await device.addInitScript((given) => sessionStorage.setItem('banjian.auditor', given), token);
      }
      const page = await device.newPage();
      // What waits longer than that waits for nothing; a busy machine is given its time.
      page.setDefaultTimeout(20_000);
      return page;
    },
    async close() {
      await browser.close();
      await kit.close();
    },
  };
}
