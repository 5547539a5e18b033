import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { questions } from '../../questions/list.ts';
import type { Question } from '../../questions/question.ts';
import { callerAs } from '../auth.ts';
import type { HttpContext } from '../services.ts';

/** What auditors ask: a route for each question there is. */
export function questionRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    for (const question of questions) {
      app.get(
        `/v1/audit/questions/${question.name}`,
        { config: { counted: true, problems: ['forbidden', 'form-invalid'] }, schema: schemaOf(question) },
        async ({ query }, reply) => {
          const { store, matters, clock } = runtime;
          return reply.send(await question.ask({ store, matters, now: clock.now() }, query));
        },
      );
    }
  };
}

function schemaOf({ title, query, item }: Question) {
  const next = z.string().nullable().describe('The cursor of the next page');
  return {
    tags: ['audit'],
    summary: title.en,
    querystring: query,
    response: { 200: z.object({ items: z.array(item), next }) },
  };
}
