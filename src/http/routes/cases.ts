import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ZodObject, z } from 'zod';
import { type Answer, presentAnswer, standingAsOf, standingOf } from '../../engine/answer.ts';
import { Problem } from '../../engine/errors.ts';
import { open } from '../../engine/open.ts';
import { presentCase } from '../../engine/present.ts';
import { send } from '../../engine/send.ts';
import type { EventDefinition } from '../../engine/types.ts';
import { versionsOf } from '../../engine/versions.ts';
import { callerAs, callerOf } from '../auth.ts';
import { caseBytes, JSON_TYPE } from '../case-bytes.ts';
import { enterCase, getMatterNamed } from '../enter.ts';
import { answerProblem } from '../errors.ts';
import { idempotencyKeyOf, ifMatchOf, setETag, waitMsOf } from '../headers.ts';
import { languageOf } from '../language.ts';
import { casePath, eventHeaders, keyHeader } from '../openapi.ts';
import { caseSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';
import { validateNothing } from '../validation.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];
type CaseRequest = FastifyRequest<{ Params: { id: string } }>;

/** Opening, reading, and one route per event of every matter. */
export function caseRoutes(context: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    openRoute(app, context);
    readRoute(app, context);
    for (const [event, definitions] of publicEvents(context)) eventRoute(app, context, event, definitions);
    anyEventRoute(app, context);
  };
}

function openRoute(app: App, { runtime }: HttpContext): void {
  app.post(
    '/v1/matters/:matter/cases',
    {
      config: {
        answers: ['etag', 'location'],
        problems: [
          'forbidden',
          'person-erased',
          'profile-required',
          'matter-not-found',
          'matter-not-offered',
          'case-open-already',
          'form-invalid',
          'idempotency-mismatch',
          'unsupported-media-type',
          'payload-too-large',
        ],
      },
      schema: {
        tags: ['cases'],
        summary: 'Opens a case; never resets one',
        headers: keyHeader,
        params: z.strictObject({ matter: z.string() }),
        body: z.strictObject({}),
        response: { 201: caseSchema },
      },
    },
    async (request, reply) => {
      const caller = callerAs(request, 'applicant');
      const matter = getMatterNamed(runtime, request.params.matter);
      request.problems = matter.problems;
      const { nickname, avatar } = await runtime.store.findProfile(caller.id);
      if (!nickname || !avatar) throw new Problem({ code: 'profile-required' });
      const subject = runtime.vault.digestOf('claim', caller.id);
      const claim = { scope: `open:${matter.id}`, subject };
      const answer = await open(runtime, { matter, caller, key: idempotencyKeyOf(request), claim });
      reply.header('location', `/v1/cases/${answer.standing.id}`);
      return answerCase(request, reply, answer, 201);
    },
  );
}

const asOf = z
  .string()
  .max(40)
  .regex(/^(?:\d{1,9}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))$/)
  .refine((text) => /^\d+$/.test(text) || !Number.isNaN(Date.parse(text)))
  .describe('A seq, or an RFC 3339 time: the case as it then was, with what was then allowed');

function readRoute(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/cases/:id',
    {
      config: {
        answers: ['etag'],
        problems: ['case-not-found', 'not-found', 'form-invalid', 'version-not-loaded'],
      },
      schema: {
        tags: ['cases'],
        summary: 'A case as it stands, or as it once was',
        params: casePath,
        querystring: z.strictObject({ asOf: asOf.optional() }),
        response: { 200: caseSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const row = await enterCase(runtime, request, request.params.id);
      const standing =
        query.asOf === undefined
          ? await standingOf(runtime, row)
          : await standingAsOf(runtime, row, query.asOf);
      const view = presentCase(standing, callerOf(request).role, languageOfRequest(request));
      return setETag(reply, view.seq).type(JSON_TYPE).send(caseBytes(view));
    },
  );
}

/** Event names of all matters in all their versions; an upload has a route of its own. */
function publicEvents({ runtime }: HttpContext): Map<string, EventDefinition[]> {
  const events = new Map<string, EventDefinition[]>();
  for (const matter of [...runtime.matters.values()].flatMap(versionsOf)) {
    for (const [name, definition] of Object.entries(matter.events)) {
      if (!definition.upload) events.set(name, [...(events.get(name) ?? []), definition]);
    }
  }
  return events;
}

function eventRoute(app: App, context: HttpContext, event: string, definitions: EventDefinition[]): void {
  const titles = [...new Set(definitions.map(({ title }) => `${title.zh} · ${title.en}`))];
  const forms = [...new Set(definitions.flatMap((definition) => definition.forms))];
  app.post(
    `/v1/cases/:id/events/${event}`,
    {
      config: { answers: ['etag'], problems: eventProblems(context) },
      validatorCompiler: validateNothing,
      schema: {
        tags: ['events'],
        summary: titles.join(' / '),
        description: describeRoles(definitions),
        headers: eventHeaders,
        params: casePath,
        body: anyOf(forms),
        response: {
          200: caseSchema,
          202: caseSchema.describe('Work is still under way: follow the stream'),
        },
      },
    },
    async (request, reply) => sendEvent(context, request, reply, event),
  );
}

/** Everything else is refused by the same write path, so that who tried it stands in the history. */
function anyEventRoute(app: App, context: HttpContext): void {
  app.post<{ Params: { id: string; event: string } }>(
    '/v1/cases/:id/events/:event',
    { validatorCompiler: validateNothing, schema: { hide: true } },
    async (request, reply) => sendEvent(context, request, reply, request.params.event),
  );
}

async function sendEvent(
  { runtime, metrics }: HttpContext,
  request: CaseRequest,
  reply: FastifyReply,
  type: string,
): Promise<FastifyReply> {
  const known = isPublic(runtime, type) ? type : 'unknown';
  const answer = await send(runtime, {
    caseId: request.params.id,
    type,
    // An upload sent as JSON is refused for what it is: an absent body would pass for one still to come.
    body: request.body ?? {},
    caller: callerOf(request),
    key: idempotencyKeyOf(request),
    ifMatch: ifMatchOf(request),
    waitMs: waitMsOf(request),
  }).catch((error: unknown) => {
    metrics.countEvent(known, 'refused');
    throw error;
  });
  metrics.countEvent(known, answer.problem ? 'problem' : answer.settled ? 'settled' : 'pending');
  return answerCase(request, reply, answer, answer.settled ? 200 : 202);
}

/** A name that somebody invented must not make a series of its own in the metrics. */
function isPublic({ matters }: HttpContext['runtime'], type: string): boolean {
  return [...matters.values()].flatMap(versionsOf).some(({ events }) => Object.hasOwn(events, type));
}

/** The case, or what the machine said against an event it took. */
function answerCase(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
  status: number,
): FastifyReply {
  const view = presentAnswer(answer, callerOf(request).role, languageOfRequest(request));
  setETag(reply, view.seq);
  if (!answer.problem) return reply.code(status).type(JSON_TYPE).send(caseBytes(view));
  request.problems = answer.standing.matter.problems;
  const allowed = view.allowed.map(({ event }) => event);
  return answerProblem(answer.problem, { state: view.states, seq: view.seq, allowed }, request, reply);
}

function languageOfRequest(request: FastifyRequest) {
  return languageOf(request.headers['accept-language']);
}

function anyOf([first, second, ...rest]: ZodObject[]) {
  if (!first) return z.strictObject({});
  return second ? z.union([first, second, ...rest]) : first;
}

function describeRoles(definitions: EventDefinition[]): string {
  const roles = [...new Set(definitions.flatMap((definition) => definition.roles))];
  return `May be sent by: ${roles.join(', ')}.`;
}

/** Which of a matter's codes an event can give is the machine's business, so each route names them all. */
function eventProblems({ runtime }: HttpContext): string[] {
  const versions = [...runtime.matters.values()].flatMap(versionsOf);
  const own = versions.flatMap(({ problems }) => Object.keys(problems));
  return [
    'forbidden',
    'case-not-found',
    'event-not-allowed',
    'version-conflict',
    'idempotency-mismatch',
    'case-open-already',
    'version-not-loaded',
    'form-invalid',
    'unsupported-media-type',
    'payload-too-large',
    ...own,
  ];
}
