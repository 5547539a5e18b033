import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

/** The package holds one binary, for this kind of machine. */
export const canRunBrowser = process.platform === 'linux' && process.arch === 'x64';

const PACKAGE = fileURLToPath(new URL('../../node_modules/@sparticuz/chromium', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/banjian', import.meta.url));

/** Not the package's own `args`: they switch the checks of the web's security off. */
const ARGS = [
  '--no-sandbox',
  // What the browser itself says, in a date field for one.
  '--lang=zh-CN',
  '--no-zygote',
  '--disable-gpu',
  '--font-render-hinting=none',
  '--disable-dev-shm-usage',
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await unpackBrowser(), args: ARGS });
}

/** 200 MB, unpacked once. Test files that start together may do it side by side: the last one's stands. */
async function unpackBrowser(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const binary = join(CACHE, `chromium-${version}`);
  if (existsSync(binary)) return binary;
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${binary}.${process.pid}.${Math.round(performance.now() * 1000)}`;
  await pipeline(
    createReadStream(join(PACKAGE, 'bin/chromium.br')),
    createBrotliDecompress(),
    createWriteStream(fresh, { mode: 0o755 }),
  );
  renameSync(fresh, binary);
  return binary;
}
