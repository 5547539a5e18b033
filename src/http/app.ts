import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { ZodType } from 'zod';
import { Problem } from '../engine/errors.ts';
import { versionsOf } from '../engine/versions.ts';
import { limitWork } from './admit.ts';
import { requireCaller } from './auth.ts';
import { answerClientError } from './client-errors.ts';
import { answerFrameworkError, handleErrors } from './errors.ts';
import { closeIdle } from './idle.ts';
import { type LogOptions, loggerOptions, logRequests } from './log.ts';
import { createMetrics, measureRequests } from './metrics.ts';
import { document } from './openapi.ts';
import { countBy } from './rate-store.ts';
import { recordReads } from './reads.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { auditRoutes } from './routes/audit.ts';
import { momentRoutes } from './routes/audit-moments.ts';
import { overviewRoutes } from './routes/audit-overview.ts';
import { personalRoutes } from './routes/audit-personal.ts';
import { caseRoutes } from './routes/cases.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { logRoutes } from './routes/log.ts';
import { meRoutes } from './routes/me.ts';
import { pageRoutes } from './routes/pages.ts';
import { questionRoutes } from './routes/questions.ts';
import { readsRoutes } from './routes/reads.ts';
import { receiptRoutes } from './routes/receipts.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { simulatorRoutes } from './routes/simulator.ts';
import { streamRoutes } from './routes/stream.ts';
import type { Services } from './services.ts';
import { validate } from './validation.ts';

export interface AppOptions {
  log: LogOptions;
  trustProxy: false | number | string;
  ratePerMinute: number;
  /** Requests in hand at once, not counting those that wait for work outside. */
  maxAtOnce: number;
}

type ServerOptions = FastifyHttpOptions<RawServerDefault>;

const JSON_LIMIT_BYTES = 64 * 1024;
/** Longer than the keep-alive, by the time that the headers of a next request may take. */
const MAX_IDLE_MS = 10_000;
/** Behind by this much on average, the event loop has more than it can do. */
const MAX_LOOP_DELAY_MS = 1_000;

/** The whole HTTP layer; it does not listen yet. */
export async function buildApp(services: Services, options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify(serverOptions(options));
  const context = { ...services, metrics: createMetrics(services.runtime) };
  closeIdle(app, MAX_IDLE_MS);
  handleErrors(app);
  readJsonOnly(app);
  app.setValidatorCompiler<ZodType>(validate);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('caller', null);
  app.decorateRequest('entered', null);
  logRequests(app);
  measureRequests(app, context.metrics);
  await protect(app, services, options);
  await document(app, problemsOfMatters(services));
  await app.register(healthRoutes(context));
  await app.register(sessionRoutes(context));
  await app.register(catalogueRoutes(context));
  await app.register(logRoutes(context));
  await app.register(async (asked) => {
    requireCaller(asked, services.runtime);
    recordReads(asked, services.runtime);
    await asked.register(meRoutes(context));
    await asked.register(caseRoutes(context));
    await asked.register(attachmentRoutes(context));
    await asked.register(streamRoutes(context));
    await asked.register(receiptRoutes(context));
    await asked.register(auditRoutes(context));
    await asked.register(questionRoutes(context));
    await asked.register(exportRoutes(context));
    await asked.register(readsRoutes(context));
    await asked.register(momentRoutes(context));
    await asked.register(overviewRoutes(context));
    await asked.register(personalRoutes(context));
  });
  if (services.simulator) await app.register(simulatorRoutes(services.simulator));
  if (services.pages !== undefined) await app.register(pageRoutes(services.pages));
  return app;
}

function serverOptions(options: AppOptions): ServerOptions {
  return {
    logger: loggerOptions(options.log),
    // Its lines hold addresses that were called: ours are written by logRequests.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustedProxies(options.trustProxy),
    bodyLimit: JSON_LIMIT_BYTES,
    // requestTimeout alone is only looked at every 30 s and let a slow body live for 88 s.
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 500 },
    requestTimeout: 10_000,
    // Fastify's own 72 s are an invitation.
    keepAliveTimeout: 5_000,
    // For who takes nothing of an answer: a stream beats every 15 s.
    connectionTimeout: 30_000,
    // What comes in on an open connection while the server stops is still answered.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  };
}

/** A number says how many proxies stand in front: so many hops, counted from here, are believed. */
function trustedProxies(trust: AppOptions['trustProxy']): ServerOptions['trustProxy'] {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust;
}

/** OWASP's set for an API; pages of ours bring a policy of their own. TLS, and so HSTS, is whoever stands in front. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

async function protect(app: FastifyInstance, { runtime }: Services, options: AppOptions): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
  limitWork(app, runtime, options.maxAtOnce);
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_LOOP_DELAY_MS,
    pressureHandler: async (request) => {
      if (!request.routeOptions.config.vital) throw new Problem({ code: 'busy', retryAfterSeconds: 5 });
    },
  });
  await app.register(rateLimit, {
    global: false,
    store: countBy(runtime.clock),
    max: options.ratePerMinute,
    timeWindow: 60_000,
    // A client that is gone again has no address any more.
    keyGenerator: (request) => request.ip ?? 'gone',
    addHeaders: quiet(),
    addHeadersOnExceeding: quiet(),
    allowList: (request) => request.routeOptions.config?.vital === true,
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.max(1, Math.ceil(ttl / 1000))),
  });
  // For the whole app, so that it comes before authentication and counts addresses that lead nowhere.
  app.addHook('onRequest', app.rateLimit());
}

/** What is left is nobody's business; a refusal says when to come back. */
function quiet() {
  return {
    'x-ratelimit-limit': false,
    'x-ratelimit-remaining': false,
    'x-ratelimit-reset': false,
    'retry-after': false,
  };
}

function tooMany(seconds: number): Problem {
  return new Problem({ code: 'too-many-requests', params: { seconds }, retryAfterSeconds: seconds });
}

/** JSON is the only body outside uploads. An empty one is no body, whatever its type says. */
function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    // To Fastify null is no body at all; as JSON it is one, and no object.
    else if (body.trim() === 'null') done(new Problem({ code: 'malformed' }));
    else void parse(request, body, done);
  });
}

function problemsOfMatters({ runtime }: Services) {
  const all = [...runtime.matters.values()].flatMap(versionsOf);
  return Object.assign({}, ...all.toReversed().map(({ problems }) => problems));
}
