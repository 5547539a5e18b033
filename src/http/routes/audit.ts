import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CaseFilter } from '../../db/store.ts';
import { readEntry } from '../../engine/entry.ts';
import { gatherEvidence } from '../../engine/evidence.ts';
import { getMatter, type Runtime } from '../../engine/runtime.ts';
import { tell } from '../../engine/tell.ts';
import type { StoredEntry } from '../../engine/types.ts';
import { verifyCase } from '../../engine/verify.ts';
import { limitOf, pageQuery, time } from '../../questions/question.ts';
import { callerAs } from '../auth.ts';
import { summariseCase } from '../case-list.ts';
import { enterCase } from '../enter.ts';
import { languageOf } from '../language.ts';
import { casePath } from '../openapi.ts';
import { LINES_TYPE, sendReplay } from '../replay-stream.ts';
import { casePageSchema, historySchema, replaySchema, verificationSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const tags = ['audit'];
const ofCase = { problems: ['forbidden', 'case-not-found', 'form-invalid', 'version-not-loaded'] };

/** For auditors alone: officers have no business here. */
export function auditRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    searchRoute(app, runtime);
    historyRoute(app, runtime);
    replayRoute(app, runtime);
    verificationRoute(app, runtime);
  };
}

const searchQuery = z.strictObject({
  matter: z.string().max(100).optional(),
  state: z
    .string()
    .max(200)
    .regex(/^[\w.-]+$/)
    .optional()
    .describe('A leaf, dotted, or the beginning of one'),
  openedFrom: time.optional().describe('Inclusive'),
  openedTo: time.optional().describe('Exclusive'),
  ...pageQuery,
});

function searchRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases',
    {
      config: { counted: true, problems: ['forbidden', 'form-invalid'] },
      schema: {
        tags,
        summary: 'Finds cases, newest first',
        querystring: searchQuery,
        response: { 200: casePageSchema },
      },
    },
    async ({ query: { limit, ...wanted } }, reply) => {
      const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
      const filter: CaseFilter = { ...Object.fromEntries(given), limit: limitOf(limit) };
      const { rows, next } = await runtime.store.searchCases(filter);
      return reply.send({ items: rows.map((row) => summariseCase(row)), next: next ?? null });
    },
  );
}

function historyRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/history',
    {
      config: ofCase,
      schema: {
        tags,
        summary: 'Every entry, with refusals among them if asked for',
        params: casePath,
        querystring: z.strictObject({ refusals: z.enum(['true', 'false']).optional() }),
        response: { 200: historySchema },
      },
    },
    async (request, reply) => {
      const { id } = await enterCase(runtime, request, request.params.id);
      const accepted = await runtime.store.readEntries(id, 'accepted');
      const refused = request.query.refusals === 'true' ? await runtime.store.readEntries(id, 'refused') : [];
      const items = [...accepted, ...refused].map(readStored);
      // A stable sort: of the same moment, what was accepted stands first.
      return reply.send({ items: items.toSorted((a, b) => compareText(a.entry.at, b.entry.at)) });
    },
  );
}

function readStored({ bytes, digest }: StoredEntry) {
  return { digest, bytes, entry: { ...readEntry(bytes) } };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const truth = z.enum(['true', 'false']).optional();
const replayQuery = z.strictObject({
  to: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .optional()
    .describe('The last seq to run; all when left out'),
  refusals: truth.describe('Refusals among the entries'),
  diff: truth.describe('What each entry changed in the context'),
});

function replayRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/replay',
    {
      config: { ...ofCase, produces: ['application/json', LINES_TYPE] },
      schema: {
        tags,
        summary: 'The history run again through the machine of its time',
        description: `Written as it is run. With \`Accept: ${LINES_TYPE}\` each item is a line of its own, and \`holds\` the last.`,
        params: casePath,
        querystring: replayQuery,
        response: { 200: replaySchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const { to, refusals, diff } = request.query;
      const matter = getMatter(runtime, row);
      const accepted = await runtime.store.readEntries(row.id, 'accepted');
      const refused = refusals === 'true' ? await runtime.store.readEntries(row.id, 'refused') : [];
      const language = languageOf(request.headers['accept-language']);
      const told = tell(matter, accepted.slice(0, Number(to ?? accepted.length)), refused);
      return sendReplay(request, reply, told, { language, diff: diff === 'true' });
    },
  );
}

function verificationRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/verification',
    {
      config: ofCase,
      schema: {
        tags,
        summary: 'Chains, replay, current row, open work and vault compared',
        params: casePath,
        response: { 200: verificationSchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      return reply.send(verifyCase(await gatherEvidence(runtime, row)));
    },
  );
}
