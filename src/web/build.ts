import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist/web');
const CONFIG = join(ROOT, 'src/web/vite.config.ts');
/** What the pages were built from. */
const STAMP = '.built-from';

/** Builds the pages into dist/web, unless they stand there already, built from the same sources. */
export async function buildPagesIfNeeded(): Promise<void> {
  if (!isBuilt()) await buildPages();
}

/** Builds beside it and changes over at the end: whoever serves the pages meanwhile serves whole ones. */
export async function buildPages(): Promise<void> {
  const { build } = await import('vite');
  const stamp = stampOfSources();
  const fresh = `${OUT}.${process.pid}.${Date.now()}`;
  await build({ configFile: CONFIG, build: { outDir: fresh } });
  compress(fresh);
  writeFileSync(join(fresh, STAMP), stamp);
  const old = `${fresh}.old`;
  if (existsSync(OUT)) renameSync(OUT, old);
  renameSync(fresh, OUT);
  rmSync(old, { recursive: true, force: true });
}

function isBuilt(): boolean {
  const file = join(OUT, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stampOfSources();
}

/** Sources and the versions of what they are built with. */
function stampOfSources(): string {
  const hash = createHash('sha256');
  for (const file of [...filesIn(join(ROOT, 'src/web')), join(ROOT, 'package-lock.json')]) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Once, here, instead of at every request. Fonts and pictures are compressed in themselves. */
function compress(folder: string): void {
  for (const file of filesIn(folder).filter((name) => /\.(?:js|css|html|svg)$/.test(name))) {
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

/** Without what builds, the server still starts: it says itself that there are no pages. */
async function main(): Promise<void> {
  if (!process.argv.includes('--if-needed')) return buildPages();
  await buildPagesIfNeeded().catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    console.error(
      '未安装构建工具,网页未更新 · The pages were not built: their build tools are not installed.',
    );
  });
}

if (import.meta.main) await main();
