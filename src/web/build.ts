import { createHash, randomUUID } from 'node:crypto';
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
  const fresh = `${OUT}.${randomUUID()}`;
  await build({ configFile: CONFIG, build: { outDir: fresh } });
  compress(fresh);
  writeFileSync(join(fresh, STAMP), stamp);
  changeOver(fresh);
}

/** Where somebody else has built the same meanwhile, theirs stands. */
function changeOver(fresh: string): void {
  const old = `${fresh}.old`;
  if (!isBuilt()) {
    if (existsSync(OUT)) renameSync(OUT, old);
    renameSync(fresh, OUT);
  }
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
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
