import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { generalProblems } from '../engine/errors.ts';
import type { JsonObject, ProblemCatalogue } from '../engine/types.ts';
import { PROBLEM_TYPE } from './errors.ts';
import { httpProblems } from './problems.ts';
import { purposeHeader } from './purpose.ts';
import { shownBy } from './reads.ts';
import { problemSchema } from './schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Codes this route can answer with, beside those that every route can. */
    problems?: string[];
    /** Headers of its answers. */
    answers?: ('etag' | 'location')[];
    /** Needs no token. */
    open?: true;
    /** Media types of an answer that is not JSON; the first is the usual one. */
    produces?: string[];
    /** Parts of a multipart body: a JSON Schema for each. */
    multipart?: JsonObject;
    /** Answers even when the server is busy, and counts against no limit. */
    vital?: true;
    /** Takes as long as the client does, and is counted otherwise than by requests in hand. */
    lasting?: true;
  }
}

const EVERYWHERE = ['malformed', 'too-many-requests', 'busy', 'storage-unavailable', 'internal'];

const HEADERS = {
  etag: { type: 'string', description: 'The seq of the case, quoted' },
  location: { type: 'string', description: 'Where it is' },
};

/** The request headers that routes read themselves, for the documentation. */
export const eventHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .describe('The same key and body gives the first answer again, for as long as the case lives.'),
  'if-match': z.string().optional().describe('`"<seq>"`: refused with 412 if the case has moved on.'),
  prefer: z.string().optional().describe('`wait=N`: answer after N seconds at the latest (10).'),
});
export const keyHeader = eventHeaders.pick({ 'idempotency-key': true });

export const casePath = z.strictObject({ id: z.string() });
/** Writes OpenAPI 3.1 from the same schemas that requests are checked with, and shows it at /docs. */
export async function document(app: FastifyInstance, catalogue: ProblemCatalogue): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Banjian 办件',
        version: '1',
        description:
          'Government services as state machines. Times are RFC 3339 UTC; `Accept-Language` picks zh-CN (default) or en for human texts. ' +
          'Unknown fields are refused. Errors are RFC 9457 problems with a stable `code`.',
      },
      tags: [
        { name: 'people', description: 'Who is asking' },
        { name: 'catalogue', description: 'What can be applied for' },
        { name: 'cases', description: 'Applications' },
        { name: 'events', description: 'One route per event of a matter' },
        { name: 'audit', description: 'For auditors: histories, replayed and proved' },
        {
          name: 'log',
          description: 'The public log (C2SP tlog-tiles): for everybody, and for tools that are not ours',
        },
        { name: 'simulator', description: 'Stand-ins for the world outside' },
        { name: 'service', description: 'Around it' },
      ],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'Opaque token' } },
      },
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input);
      const { config = {}, method } = input.route;
      const told = shownBy(String(method), input.url)
        ? withPurpose(schema as JsonObject, config)
        : { schema, config };
      return {
        schema: schema.hide ? schema : describeRoute(told.schema as JsonObject, told.config, catalogue),
        url,
      };
    },
    transformObject: (input) => withoutUnused(jsonSchemaTransformObject(input)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Everything comes from this server; swagger-ui sets inline styles, and nothing else inline.
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    uiConfig: { validatorUrl: null, docExpansion: 'list', persistAuthorization: false },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => reply.send(app.swagger()));
}

type Config = NonNullable<import('fastify').RouteOptions['config']>;

function describeRoute(schema: JsonObject, config: Config, catalogue: ProblemCatalogue): JsonObject {
  const response = (schema.response ?? {}) as Record<string, JsonObject>;
  const answers = Object.entries(response).map(([status, answer]) => [
    status,
    describeAnswer(status, answer, config),
  ]);
  return {
    ...schema,
    ...(config.multipart ? { consumes: ['multipart/form-data'], body: multipartBody(config.multipart) } : {}),
    ...(config.open ? {} : { security: [{ bearer: [] }] }),
    headers: withLanguage((schema.headers ?? {}) as JsonObject),
    response: { ...Object.fromEntries(answers), ...describeProblems(config, catalogue) },
  };
}

/** Routes whose reads are recorded all take the header that says why. */
function withPurpose(schema: JsonObject, config: Config): { schema: JsonObject; config: Config } {
  const { properties } = z.toJSONSchema(purposeHeader) as { properties: JsonObject };
  const headers = (schema.headers ?? {}) as JsonObject;
  const problems = [...(config.problems ?? []), 'purpose-invalid'];
  return {
    schema: {
      ...schema,
      headers: { ...headers, properties: { ...(headers.properties as JsonObject), ...properties } },
    },
    config: { ...config, problems },
  };
}

function withLanguage(headers: JsonObject): JsonObject {
  const language = { type: 'string', description: 'zh-CN when left out, or en' };
  return {
    type: 'object',
    ...headers,
    properties: { ...(headers.properties as JsonObject), 'accept-language': language },
  };
}

function multipartBody(properties: JsonObject): JsonObject {
  return { type: 'object', required: Object.keys(properties), properties };
}

const STATUS: Record<string, string> = { 200: 'Done', 201: 'Made', 202: 'Under way', 204: 'Done' };

function describeAnswer(status: string, answer: JsonObject, config: Config): JsonObject {
  const headers = Object.fromEntries((config.answers ?? []).map((name) => [name, HEADERS[name]]));
  const empty = answer.type === 'null';
  const described: JsonObject = config.produces && !empty ? describeMedia(answer, config.produces) : answer;
  return {
    ...described,
    description: answer.description ?? STATUS[status] ?? 'Done',
    ...(config.answers ? { headers } : {}),
  };
}

function describeMedia(answer: JsonObject, types: string[]): JsonObject {
  const content = types.map((type) => [
    type,
    { schema: type === 'application/json' ? answer : { type: 'string' } },
  ]);
  return { content: Object.fromEntries(content) };
}

/** One answer a status, naming the codes it can carry. */
function describeProblems(config: Config, catalogue: ProblemCatalogue): Record<string, JsonObject> {
  const words = { ...generalProblems, ...httpProblems, ...catalogue };
  const codes = [...EVERYWHERE, ...(config.open ? [] : ['unauthenticated']), ...(config.problems ?? [])];
  const byStatus = Map.groupBy(codes, (code) => words[code]?.status ?? 422);
  const answers = [...byStatus].map(([status, found]) => {
    const names = [...new Set(found.map((code) => words[code]?.code ?? code))].sort();
    return [status, problemAnswer(status, names)];
  });
  return Object.fromEntries(answers);
}

const RETRY_AFTER = { 'retry-after': { type: 'string', description: 'Seconds' } };
const PROBLEM_HEADERS: Record<number, JsonObject> = {
  401: { 'www-authenticate': { type: 'string', description: 'Bearer' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

function problemAnswer(status: number, codes: string[]): JsonObject {
  return {
    description: codes.map((code) => `\`${code}\``).join(' · '),
    content: { [PROBLEM_TYPE]: { schema: { $ref: `#/components/schemas/${problemSchema.meta()?.id}` } } },
    ...(PROBLEM_HEADERS[status] ? { headers: PROBLEM_HEADERS[status] } : {}),
  };
}

/** Every shape comes twice, as it goes in and as it comes out, though most go one way only. */
function withoutUnused<T extends object>(spec: T): T {
  const { components } = spec as { components?: { schemas?: JsonObject } };
  const schemas = components?.schemas ?? {};
  const text = JSON.stringify(spec);
  const used = Object.entries(schemas).filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
  const lean = { ...spec, components: { ...components, schemas: Object.fromEntries(used) } };
  // What only an unused shape referred to is unused as well.
  return used.length === Object.keys(schemas).length ? lean : withoutUnused(lean);
}
