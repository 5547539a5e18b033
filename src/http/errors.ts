import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeProblem, Problem } from '../engine/errors.ts';
import { newId } from '../engine/ids.ts';
import type { JsonObject, ProblemCatalogue, ProblemSpec } from '../engine/types.ts';
import { languageOf } from './language.ts';
import { httpProblems } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Words of the matter that is asked about, once it is certain that the caller may know of it. */
    problems: ProblemCatalogue;
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Everything that goes wrong leaves through here, as RFC 9457 describes it. */
export function handleErrors(app: FastifyInstance): void {
  app.decorateRequest('problems', null as unknown as ProblemCatalogue);
  app.addHook('onRequest', async (request) => {
    request.problems = {};
  });
  app.setErrorHandler<FastifyError>(async (error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler(async (request, reply) => answerProblem({ code: 'not-found' }, {}, request, reply));
}

/** For requests that never reach a route: an address that cannot be decoded, say. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  request.problems ??= {};
  void answerError(error, request, reply);
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof Problem) {
    request.problems = { ...request.problems, ...error.words };
    return answerProblem(error.spec, error.members, request, reply);
  }
  const spec = fullDisk(error) ?? fastifyProblem(error);
  return spec ? answerProblem(spec, {}, request, reply) : answerFault(error, request, reply);
}

/** Puts a problem into words and headers, and sends it. */
export function answerProblem(
  spec: ProblemSpec,
  members: JsonObject,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const language = languageOf(request.headers['accept-language']);
  const catalogue = { ...httpProblems, ...request.problems };
  const body = describeProblem(catalogue, spec, language, members);
  const wait = spec.retryAfterSeconds ?? (body.status === 429 || body.status === 503 ? 1 : undefined);
  if (wait !== undefined) reply.header('retry-after', String(Math.ceil(wait)));
  if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="banjian"');
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .header('content-language', language)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(body));
}

/** A fault of ours says nothing of itself but a number to ask about; what is logged holds no value of anyone. */
function answerFault(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const id = newId();
  request.log.error({ faultId: id, fault: error.name, stack: stackOf(error) }, 'internal error');
  return answerProblem({ code: 'internal' }, { id }, request, reply);
}

/** Where it happened, without the message: that may quote what somebody typed. */
function stackOf(error: Error): string {
  const lines = error.stack?.split('\n') ?? [];
  return lines.filter((line) => /^\s+at /.test(line)).join('\n');
}

/** What Fastify and its plugins refuse by themselves. Their own texts are not shown. */
function fastifyProblem(error: FastifyError): ProblemSpec | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return { code: 'unsupported-media-type' };
  }
  const status = error.statusCode ?? 500;
  if (status === 404) return { code: 'not-found' };
  if (status === 413) return { code: 'payload-too-large' };
  if (status === 415) return { code: 'unsupported-media-type' };
  return status >= 400 && status < 500 ? { code: 'malformed' } : undefined;
}

/** Where a file is taken in, not the database: that says so itself. */
function fullDisk(error: Error): ProblemSpec | undefined {
  const isFull = 'code' in error && error.code === 'ENOSPC';
  return isFull ? { code: 'storage-unavailable', retryAfterSeconds: 5 } : undefined;
}
