import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Store } from '../../db/store.ts';
import { Problem } from '../../engine/errors.ts';
import { inChunks } from '../../export/chunks.ts';
import { jsonl } from '../../export/jsonl.ts';
import { ocelJson } from '../../export/ocel-json.ts';
import { kindsOf, openSource } from '../../export/source.ts';
import { xes } from '../../export/xes.ts';
import { within, word } from '../../questions/question.ts';
import { callerAs } from '../auth.ts';
import type { HttpContext } from '../services.ts';

/** By the names of the contract. An SQLite file is made whole before it can be sent: the command line writes it. */
const formats = { jsonl, ocel: ocelJson, xes };
type FormatName = keyof typeof formats;

/** Each goes through the whole log; more at once would only make all of them, and everybody else, wait. */
const MAX_AT_ONCE = 2;
const RETRY_AFTER_SECONDS = 10;

const flag = z.enum(['true', 'false']).optional();
const exportQuery = z.strictObject({
  format: z.enum(Object.keys(formats) as [FormatName, ...FormatName[]]),
  matter: word.optional(),
  ...within,
  refusals: flag.describe('Refused events as events too; jsonl has them always'),
  reads: flag.describe('Who read a case, as events too; jsonl has them always'),
});

type ExportQuery = z.infer<typeof exportQuery>;

async function* writeExport(store: Store, { format, refusals, reads, ...selection }: ExportQuery) {
  const given = Object.entries(selection).filter(([, value]) => value !== undefined);
  // Others get their turn between two pages of the log.
  const source = await openSource(store, Object.fromEntries(given), () => nextTurn());
  const kinds = kindsOf({ refusals: refusals === 'true', reads: reads === 'true' });
  yield* formats[format].write(source, { kinds });
}

/** The log written out for other tools, as it stood when it was asked for, while it is read: nothing is held in memory. */
export function exportRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    const running = new Set<Readable>();
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    // Before the server waits for its connections to end: who gets half an export sees that it was cut off.
    app.addHook('preClose', async () => {
      for (const stream of running) stream.destroy();
    });
    app.get(
      '/v1/audit/export',
      {
        exposeHeadRoute: false,
        config: {
          lasting: true,
          problems: ['forbidden', 'form-invalid'],
          produces: Object.values(formats).map(({ mediaType }) => mediaType),
        },
        schema: {
          tags: ['audit'],
          summary: 'The log for other tools: JSON Lines, OCEL 2.0 or XES',
          description: 'Streamed. An answer that is cut off was not finished: its last chunk is missing.',
          querystring: exportQuery,
          response: { 200: z.any() },
        },
      },
      async ({ query }, reply) => {
        if (running.size >= MAX_AT_ONCE)
          throw new Problem({ code: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS });
        const format = formats[query.format];
        const stream = Readable.from(inChunks(writeExport(runtime.store, query)), { objectMode: false });
        running.add(stream);
        stream.on('close', () => running.delete(stream));
        return reply
          .type(format.mediaType)
          .header('content-disposition', `attachment; filename="banjian.${format.extension}"`)
          .send(stream);
      },
    );
  };
}
