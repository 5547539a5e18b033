import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

/**
 * Addresses of the two applications, each answered with its page. Every one is named: what nobody serves stays a 404 of
 * the API, and no page can stand in the way of a route.
 */
const PAGES: Record<string, string[]> = {
  citizen: ['/', '/profile', '/matters/*', '/cases', '/cases/*'],
  audit: ['/audit', '/audit/*'],
};

/** Everything comes from this server, and no script or style stands in the page itself. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NOT_BUILT = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>网页尚未构建 · The pages are not built</title>
<p>网页尚未构建,请运行 <code>npm run build</code> 后重新启动。接口照常可用。</p>
<p lang="en">The pages are not built: run <code>npm run build</code>, then start again. The API works as always.</p>
</html>
`;

/** The built pages in `folder`; where there are none, a page that says so. */
export function pageRoutes(folder: string): FastifyPluginAsync {
  return async (app) => {
    for (const [name, addresses] of Object.entries(PAGES)) {
      const page = findPage(folder, name);
      if (page === undefined) app.log.warn('the pages are not built: npm run build');
      for (const address of addresses) pageRoute(app, address, page ?? NOT_BUILT);
    }
    if (existsSync(join(folder, 'assets'))) await assetRoutes(app, join(folder, 'assets'));
  };
}

function findPage(folder: string, name: string): string | undefined {
  const file = join(folder, name, 'index.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function pageRoute(app: FastifyInstance, address: string, page: string): void {
  app.get(address, { schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': CSP, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(page),
  );
}

/** Their names hold a digest of what is in them, so a copy is good for ever. */
async function assetRoutes(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    index: false,
    decorateReply: false,
  });
}
