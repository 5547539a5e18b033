import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import type { HttpContext } from '../services.ts';

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
const vital = { open: true, vital: true } as const;

export function healthRoutes({ runtime, metrics }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health/live',
      {
        config: vital,
        schema: { tags: ['service'], summary: 'The process answers', response: { 200: health } },
      },
      async () => ({ status: 'ok' as const }),
    );
    app.get(
      '/health/ready',
      {
        config: vital,
        schema: {
          tags: ['service'],
          summary: 'The database answers, and matters are loaded',
          response: { 200: health },
        },
      },
      async () => {
        await runtime.store.findNextDue().catch(() => {
          throw new Problem({ code: 'busy', retryAfterSeconds: 5 });
        });
        return { status: 'ok' as const };
      },
    );
    app.get(
      '/metrics',
      {
        config: { ...vital, produces: ['text/plain'] },
        schema: { tags: ['service'], summary: 'Prometheus', response: { 200: z.string() } },
        serializerCompiler: () => String,
      },
      async (_request, reply) =>
        reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  };
}
