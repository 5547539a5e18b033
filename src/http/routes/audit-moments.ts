import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { placesIn } from '../../chart/chart.ts';
import { inLanguage, Problem } from '../../engine/errors.ts';
import { type CaseMoment, replayMoments } from '../../engine/moments.ts';
import { timersOf } from '../../engine/present.ts';
import { getMatter } from '../../engine/runtime.ts';
import type { Language, Matter, StoredEntry } from '../../engine/types.ts';
import { MachineNotLoaded } from '../../engine/versions.ts';
import { callerAs } from '../auth.ts';
import { enterCase } from '../enter.ts';
import { languageOf } from '../language.ts';
import { casePath } from '../openapi.ts';
import { momentsSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

const MOMENTS_A_PAGE = 500;

/** All that a reader needs to go through a history to and fro: asked for once, not at every step. */
export function momentRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    app.get(
      '/v1/audit/cases/:id/moments',
      {
        config: { problems: ['forbidden', 'case-not-found', 'form-invalid', 'version-not-loaded'] },
        schema: {
          tags: ['audit'],
          summary: 'The case after each entry: its states, the way there, and what was allowed then',
          description: `The history run again, ${MOMENTS_A_PAGE} moments to a page.`,
          params: casePath,
          querystring: z.strictObject({
            from: z
              .string()
              .regex(/^[1-9]\d{0,8}$/)
              .optional()
              .describe('The first seq to tell; 1 when left out'),
          }),
          response: { 200: momentsSchema },
        },
      },
      async (request, reply) => {
        const row = await enterCase(runtime, request, request.params.id);
        const matter = getMatter(runtime, row);
        const language = languageOf(request.headers['accept-language']);
        const from = Number(request.query.from ?? 1);
        const end = from + MOMENTS_A_PAGE;
        const entries = await runtime.store.readEntries(row.id, 'accepted');
        const told = runAgain(matter, entries.slice(0, end - 1)).slice(from - 1);
        return reply.send({
          matter: matter.id,
          events: Object.entries(matter.events).map(([event, { title }]) => {
            return { event, title: inLanguage(title, language) };
          }),
          items: told.map((moment) => describeMoment(moment, language)),
          next: end <= entries.length ? end : null,
        });
      },
    );
  };
}

/** @throws Problem version-not-loaded */
function runAgain(matter: Matter, entries: StoredEntry[]): CaseMoment[] {
  try {
    return [...replayMoments(matter, entries)];
  } catch (error) {
    if (!(error instanceof MachineNotLoaded)) throw error;
    throw new Problem({ code: 'version-not-loaded', retryAfterSeconds: 60 });
  }
}

function describeMoment(moment: CaseMoment, language: Language) {
  const { machine, version } = moment.matter;
  const { entry, state, states, ways, allowed, digest, holds } = moment;
  return {
    seq: entry.seq,
    type: entry.type,
    at: entry.at,
    machineVersion: version,
    states,
    status: state.status,
    context: state.context,
    ways: placesIn(machine, ways),
    allowed: allowed.map(({ event, title, roles }) => ({ event, title: inLanguage(title, language), roles })),
    deadlines: timersOf(state),
    work: Object.values(state.children).map(({ src }) => src),
    recorded: entry.state.digest,
    digest,
    holds,
  };
}
