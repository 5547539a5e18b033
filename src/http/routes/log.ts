import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import { findTile } from '../../log/tiles.ts';
import type { HttpContext } from '../services.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];
type Log = HttpContext['publisher'];

const tags = ['log'];
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
/** A tile never changes; a checkpoint is old after a second. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const A_SECOND = 'public, max-age=1';

const compress = promisify(gzip);

/** The log's folder, as it lies on disk: whoever copies it has the same. */
export function logRoutes({ publisher }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    checkpointRoute(app, publisher);
    keysRoute(app, publisher);
    tileRoute(app, publisher);
  };
}

function checkpointRoute(app: App, log: Log): void {
  app.get(
    '/log/checkpoint',
    {
      config: { open: true, problems: ['not-found'], produces: ['text/plain'] },
      schema: {
        tags,
        summary: 'The newest checkpoint: size and root of the log, signed',
        description: 'C2SP tlog-checkpoint, a signed note. An entry is under it a second after it was made.',
        response: { 200: z.string() },
      },
      serializerCompiler: () => String,
    },
    async (_request, reply) => {
      const bytes = await log.findFile('checkpoint');
      if (!bytes) throw new Problem({ code: 'not-found' });
      return reply.header('cache-control', A_SECOND).type(TEXT).send(bytes.toString());
    },
  );
}

function keysRoute(app: App, log: Log): void {
  app.get(
    '/log/keys',
    {
      config: { open: true, produces: ['text/plain'] },
      schema: {
        tags,
        summary: 'The public keys of the log, the first one first',
        description:
          'A line each, as C2SP signed-note writes them. Keep the first one: rotations can be followed from it through the log itself.',
        response: { 200: z.string() },
      },
      serializerCompiler: () => String,
    },
    async (_request, reply) =>
      reply
        .header('cache-control', A_SECOND)
        .type(TEXT)
        .send(`${log.vkeys().join('\n')}\n`),
  );
}

function tileRoute(app: App, log: Log): void {
  app.get(
    '/log/tile/*',
    {
      config: { open: true, problems: ['not-found'], produces: [BYTES] },
      schema: {
        tags,
        summary: 'A tile of hashes, or a bundle of entries',
        description:
          'C2SP tlog-tiles: `<level>/<number>[.p/<width>]`, or `entries/<number>[.p/<width>]`; numbers in groups of three digits, `x001/x234/067`.',
        params: z.strictObject({ '*': z.string().max(200) }),
        response: { 200: z.any() },
      },
    },
    async (request, reply) => {
      const tile = findTile(`tile/${request.params['*']}`);
      const bytes = tile && (await log.findFile(`tile/${request.params['*']}`));
      if (!bytes) throw new Problem({ code: 'not-found' });
      reply.header('cache-control', FOR_EVER).type(BYTES);
      if (tile.level !== 'entries') return reply.send(bytes);
      reply.header('vary', 'accept-encoding');
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(bytes);
      return reply.header('content-encoding', 'gzip').send(await compress(bytes));
    },
  );
}
