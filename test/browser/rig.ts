import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { type StartOptions, startServer } from '../../src/main.ts';
import { ensureBuilt } from './built.ts';
import { launchBrowser } from './chromium.ts';

export interface Rig {
  address: string;
  browser: Browser;
  /** A page of a device of its own: nothing that another page stored is in it. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** Stops the server and starts it again, on the same data and the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const PHONE = { width: 390, height: 844 };
export const SMALL_PHONE = { width: 320, height: 568 };
export const DESKTOP = { width: 1280, height: 800 };

/** A real server with simulators on a port of its own, and a browser, for one test file. */
export async function startRig(options: StartOptions = {}): Promise<Rig> {
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'banjian-browser-'));
  let server = await startServer(configOf(folder, 0), options);
  const { address } = server;
  const browser = await launchBrowser();
  return {
    address,
    browser,
    async page(context = {}) {
      const device = await browser.newContext({
        viewport: PHONE,
        baseURL: address,
        locale: 'zh-CN',
        ...context,
      });
      const page = await device.newPage();
      // What waits longer than that waits for nothing; a busy machine is given its time.
      page.setDefaultTimeout(20_000);
      return page;
    },
    async restart() {
      await server.stop();
      server = await startServer(configOf(folder, Number(new URL(address).port)), options);
    },
    async close() {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As somebody would set it who wants no limit to stand in the way. */
function configOf(folder: string, port: number) {
  return readConfig({
    PORT: String(port),
    LOG_LEVEL: 'silent',
    BANJIAN_DATA: folder,
    BANJIAN_LOG_KEY_FILE: join(folder, 'log.keys'),
    BANJIAN_RATE_PER_MINUTE: '1000000',
    BANJIAN_IDENTITY_PER_HOUR: '1000000',
    BANJIAN_SMS_PER_HOUR: '1000000',
  });
}
