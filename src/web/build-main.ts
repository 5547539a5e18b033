import { buildPages, buildPagesIfNeeded } from './build.ts';

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

await main();
