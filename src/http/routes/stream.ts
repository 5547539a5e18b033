import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import { presentCase } from '../../engine/present.ts';
import type { Clock } from '../../engine/runtime.ts';
import { callerOf } from '../auth.ts';
import { enterCase } from '../enter.ts';
import { follow } from '../follow.ts';
import { lastEventIdOf } from '../headers.ts';
import { languageOf } from '../language.ts';
import { casePath } from '../openapi.ts';
import type { HttpContext } from '../services.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that leaves so much unread is gone, or wants us to hold it. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** A person looks at a case on a few devices, not on a hundred. */
const MAX_STREAMS_A_CALLER = 8;

const streamHeaders = z.object({
  'last-event-id': z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .describe('The seq read last: the stream goes on after it, without a gap'),
});

/** Server-sent events: the case after each entry, `id` its seq. */
export function streamRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    const open = new Map<AbortController, string>();
    // Before the server waits for its connections to end: these would not.
    app.addHook('preClose', async () => {
      for (const controller of open.keys()) controller.abort();
    });
    app.get(
      '/v1/cases/:id/stream',
      {
        exposeHeadRoute: false,
        config: {
          lasting: true,
          problems: ['case-not-found', 'version-not-loaded'],
          produces: ['text/event-stream'],
        },
        schema: {
          tags: ['cases'],
          summary: 'Follows a case: one event `case` after each entry',
          description:
            'Begins with the case as it stands, or after `Last-Event-ID`. Ends when the case is done; asking again then gives 204.',
          headers: streamHeaders,
          params: casePath,
          response: { 200: z.string(), 204: z.null().describe('The case is done and all of it was read') },
        },
      },
      async (request, reply) => {
        const row = await enterCase(runtime, request, request.params.id);
        const last = lastEventIdOf(request);
        const after = last === undefined || last > row.seq ? row.seq - 1 : last;
        // An EventSource asks again for ever after an end; 204 is what tells it not to.
        if (row.state.status === 'done' && after === row.seq) return reply.code(204).send(null);
        const { role, id } = callerOf(request);
        refuseTooMany([...open.values()].filter((each) => each === id).length);
        const language = languageOf(request.headers['accept-language']);
        const controller = new AbortController();
        open.set(controller, id);
        const raw = startStream(reply, controller);
        const stopBeating = beat(runtime.clock, raw);
        try {
          for await (const standing of follow(runtime, row.id, after, controller.signal)) {
            write(
              raw,
              `id: ${standing.seq}\nevent: case\ndata: ${JSON.stringify(presentCase(standing, role, language))}\n\n`,
            );
          }
        } catch (error) {
          request.log.error({ fault: error instanceof Error ? error.name : 'unknown' }, 'stream failed');
        } finally {
          stopBeating();
          open.delete(controller);
          raw.end();
        }
        return reply;
      },
    );
  };
}

/** @throws Problem too-many-requests */
function refuseTooMany(streams: number): void {
  if (streams < MAX_STREAMS_A_CALLER) return;
  const seconds = HEARTBEAT_MS / 1000;
  throw new Problem({ code: 'too-many-requests', params: { seconds }, retryAfterSeconds: seconds });
}

/** From here on the answer is ours to write. */
function startStream(reply: FastifyReply, controller: AbortController): ServerResponse {
  reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.on('close', () => controller.abort());
  raw.writeHead(200);
  raw.flushHeaders();
  return raw;
}

/** Keeps what stands between from taking silence for the end. */
function beat(clock: Clock, raw: ServerResponse): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      write(raw, ': still here\n\n');
      next();
    });
  };
  next();
  return () => cancel();
}

function write(raw: ServerResponse, text: string): void {
  if (raw.destroyed) return;
  raw.write(text);
  if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
}
