import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import { writeProof } from '../../log/proof.ts';
import { enterCase } from '../enter.ts';
import type { HttpContext } from '../services.ts';

const receiptPath = z.strictObject({
  id: z.string(),
  seq: z.string().regex(/^[1-9]\d{0,8}$/),
});

/** C2SP tlog-proof: that an entry is in the public log, to be checked offline. */
export function receiptRoutes({ runtime, publisher }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/cases/:id/receipts/:seq',
      {
        config: { problems: ['case-not-found', 'not-found', 'form-invalid'], produces: ['text/plain'] },
        schema: {
          tags: ['cases'],
          summary: 'The receipt of an entry, for the owner and staff',
          description:
            'A `.tlog-proof` (C2SP tlog-proof): the entry’s bytes in its `extra` line, the path from its leaf, and a signed checkpoint. `banjian receipt verify` checks it offline.',
          params: receiptPath,
          querystring: z.strictObject({
            kind: z
              .enum(['accepted', 'refused'])
              .optional()
              .describe('Which chain of the case `seq` counts; accepted when left out'),
          }),
          response: { 200: z.string() },
        },
        serializerCompiler: () => String,
      },
      async (request, reply) => {
        const row = await enterCase(runtime, request, request.params.id);
        const kind = request.query.kind ?? 'accepted';
        const { seq } = request.params;
        const index = await runtime.store.findLogIndex(row.id, kind, Number(seq));
        const [entry] = index === undefined ? [] : await runtime.store.readLog(index, 1);
        if (!entry) throw new Problem({ code: 'not-found' });
        const proof = await publisher.prove(entry.index).catch(() => {
          throw new Problem({ code: 'storage-unavailable', retryAfterSeconds: 5 });
        });
        const name = `${row.id}-${kind}-${seq}.tlog-proof`;
        return reply
          .header('cache-control', 'private, no-store')
          .header('content-disposition', `attachment; filename="${name}"`)
          .type('text/plain; charset=utf-8')
          .send(writeProof({ ...proof, extra: Buffer.from(entry.bytes) }));
      },
    );
  };
}
