import Fastify from 'fastify';
import { listen } from './listen.ts';

/** The floor: what HTTP and JSON cost by themselves. Nothing is checked and nothing is kept. */
export async function startEcho(): Promise<string> {
  const app = Fastify();
  app.post('/v1/matters/:matter/cases', async (request, reply) => reply.code(201).send(request.body));
  app.post('/v1/cases/:id/events/:event', async (request) => request.body);
  return listen(app);
}
