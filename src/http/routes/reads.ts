import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { readEntry } from '../../engine/entry.ts';
import { readsHold } from '../../engine/reads.ts';
import { callerAs } from '../auth.ts';
import { enterCase } from '../enter.ts';
import { casePath } from '../openapi.ts';
import { readsSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

/** Who has seen a case: for auditors, whose look at it is the last of them. */
export function readsRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    app.get(
      '/v1/audit/cases/:id/reads',
      {
        config: { problems: ['forbidden', 'case-not-found', 'form-invalid'] },
        schema: {
          tags: ['audit'],
          summary: 'Who has read the case, when, and what for; this read among them',
          params: casePath,
          response: { 200: readsSchema },
        },
      },
      async (request, reply) => {
        const row = await enterCase(runtime, request, request.params.id);
        const stored = await runtime.store.readEntries(row.id, 'read');
        const items = stored.map(({ bytes, digest }) => ({ bytes, digest, entry: { ...readEntry(bytes) } }));
        return reply.send({ holds: readsHold(row, stored), items });
      },
    );
  };
}
