import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Chart, chartOf } from '../../chart/chart.ts';
import { toMermaid } from '../../chart/mermaid.ts';
import { toSvg } from '../../chart/svg.ts';
import { inLanguage, Problem } from '../../engine/errors.ts';
import { restore, stampOf } from '../../engine/interpret.ts';
import { activeLeaves } from '../../engine/present.ts';
import { getMatter, type Runtime } from '../../engine/runtime.ts';
import type { Json, Language, Matter, Text } from '../../engine/types.ts';
import { versionsOf } from '../../engine/versions.ts';
import { authenticate } from '../auth.ts';
import { enterCase, getMatterNamed } from '../enter.ts';
import { type GuideMatter, guideMatters, notOffered, professions } from '../guide.ts';
import { languageOf } from '../language.ts';
import { purposeHeader } from '../purpose.ts';
import { machineSchema, matterSchema, matterSummarySchema, professionSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const matterPath = z.strictObject({ matter: z.string() });

/** Figures 1, 3 and 4. Nobody needs to say who they are to read what can be applied for. */
export function catalogueRoutes(context: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    professionRoute(app, context);
    matterRoutes(app, context);
    machineRoute(app, context);
  };
}

function professionRoute(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/professions',
    {
      config: { open: true },
      schema: {
        tags: ['catalogue'],
        summary: 'Figure 1: the professions, each with its matters',
        response: { 200: z.object({ items: z.array(professionSchema) }) },
      },
    },
    async (request, reply) => {
      const language = said(request, reply);
      const matters = listMatters(runtime);
      const items = professions.map(({ id, title }) => {
        const own = matters.filter(({ profession }) => profession === id);
        return {
          id,
          title: inLanguage(title, language),
          offered: own.some(({ offered }) => offered),
          message: own.length === 0 ? inLanguage(notOffered, language) : null,
          matters: own.map((matter) => inWords(matter, language)),
        };
      });
      return reply.send({ items });
    },
  );
}

function matterRoutes(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/matters',
    {
      config: { open: true, problems: ['form-invalid'] },
      schema: {
        tags: ['catalogue'],
        summary: 'Figure 3: the matters',
        querystring: z.strictObject({
          q: z.string().max(100).optional().describe('Words of a title in either language, or of a code'),
        }),
        response: { 200: z.object({ items: z.array(matterSummarySchema) }) },
      },
    },
    async (request, reply) => {
      const language = said(request, reply);
      const words = (request.query.q ?? '').normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
      const found = listMatters(runtime).filter((matter) =>
        words.every((word) => textOf(matter).includes(word)),
      );
      return reply.send({ items: found.map((matter) => inWords(matter, language)) });
    },
  );
  app.get(
    '/v1/matters/:matter',
    {
      config: { open: true, problems: ['matter-not-found', 'matter-not-offered'] },
      schema: {
        tags: ['catalogue'],
        summary: 'Figure 4: guide, notice clauses, materials, agreement texts',
        params: matterPath,
        response: { 200: matterSchema },
      },
    },
    async (request, reply) => {
      const language = said(request, reply);
      return reply.send(describeMatter(getMatterNamed(runtime, request.params.matter), language));
    },
  );
}

const machineQuery = z.strictObject({
  format: z.enum(['json', 'mermaid', 'svg']).optional().describe('`json` when left out'),
  version: z
    .string()
    .max(100)
    .optional()
    .describe('A version that is loaded; the newest when left out. Of a case it is its own'),
  case: z
    .string()
    .max(100)
    .optional()
    .describe(
      'The version that this case is on, marked where it stands; needs the token of one who may see it',
    ),
});

function machineRoute(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/matters/:matter/machine',
    {
      config: {
        open: true,
        produces: ['application/json', 'image/svg+xml', 'text/plain'],
        problems: [
          'matter-not-found',
          'matter-not-offered',
          'form-invalid',
          'unauthenticated',
          'case-not-found',
          'version-not-loaded',
          'purpose-invalid',
          'not-found',
        ],
      },
      schema: {
        tags: ['catalogue'],
        summary: 'The machine as data, as Mermaid, or drawn',
        headers: purposeHeader,
        params: matterPath,
        querystring: machineQuery,
        response: { 200: machineSchema },
      },
    },
    async (request, reply) => {
      const matter = getMatterNamed(runtime, request.params.matter);
      const { format, version: named, case: caseId } = request.query;
      const marked = caseId === undefined ? undefined : await markIn(runtime, request, matter, caseId);
      const { version = getVersionNamed(matter, named), active = [] } = marked ?? {};
      reply.header('cache-control', 'no-store');
      const chart = chartOf(version.machine);
      if (format === 'mermaid') return sendText(reply, 'text/plain; charset=utf-8', toMermaid(chart));
      if (format === 'svg') return sendText(reply, 'image/svg+xml', await toSvg(chart, active));
      return reply.send({ ...describeMachine(version, chart), active });
    },
  );
}

/** The newest unless another is named. @throws Problem not-found for one that is not loaded */
function getVersionNamed(matter: Matter, named: string | undefined): Matter {
  const found = named === undefined ? matter : versionsOf(matter).find(({ version }) => version === named);
  if (!found) throw new Problem({ code: 'not-found' });
  return found;
}

/** The version that the case is on, and where it stands in it. @throws Problem unauthenticated, or case-not-found for a case the caller may not see or of another matter. */
async function markIn(runtime: Runtime, request: FastifyRequest, matter: Matter, caseId: string) {
  request.caller = await authenticate(runtime, request);
  const row = await enterCase(runtime, request, caseId);
  if (row.matter !== matter.id) throw new Problem({ code: 'case-not-found' });
  const version = getMatter(runtime, row);
  return { version, active: activeLeaves(restore(version.machine, row.state)) };
}

function describeMachine({ machine, version }: Matter, chart: Chart) {
  const { definition } = stampOf(machine, version);
  return { ...chart, version, definition };
}

/** A text is sent as it is: the JSON schema of the same route has nothing to say about it. */
function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(type).serializer(String).send(text);
}

interface ListedMatter extends GuideMatter {
  itemCode: string | null;
  offered: boolean;
}

/** The matters of the guide in its order, those that are built marked so; then whatever else is built. */
function listMatters({ matters }: Runtime): ListedMatter[] {
  const built = [...matters.values()].map(({ id, catalogue: { profession, kind, title, itemCode } }) => {
    return { id, profession, kind, title, itemCode, offered: true };
  });
  const shown = guideMatters.map(
    (matter) => built.find(({ id }) => id === matter.id) ?? { ...matter, itemCode: null, offered: false },
  );
  return [...shown, ...built.filter(({ id }) => !guideMatters.some((matter) => matter.id === id))];
}

function textOf({ id, title, itemCode }: ListedMatter): string {
  return [id, title.zh, title.en, itemCode ?? ''].join('\n').normalize('NFKC').toLowerCase();
}

function inWords({ title, ...matter }: ListedMatter, language: Language) {
  const href = matter.offered ? `/v1/matters/${matter.id}` : null;
  return { ...matter, title: inLanguage(title, language), href };
}

function describeMatter({ id, version, catalogue }: Matter, language: Language) {
  const say = (text: Text) => inLanguage(text, language);
  const { profession, kind, itemCode } = catalogue;
  return {
    id,
    version,
    profession,
    kind,
    itemCode,
    title: say(catalogue.title),
    guide: translate(catalogue.guide, language),
    clauses: catalogue.clauses.map((clause) => ({ id: clause.id, text: say(clause.text) })),
    notice: mapValues(catalogue.notice, say),
    choices: mapValues(catalogue.choices, (all) => all.map((one) => ({ id: one.id, label: say(one.label) }))),
    materials: translate(catalogue.materials, language),
    agreements: catalogue.agreements.map((one) => ({ ...one, title: say(one.title), text: say(one.text) })),
    machine: `/v1/matters/${id}/machine`,
    cases: `/v1/matters/${id}/cases`,
  };
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** A guide is free in its shape: wherever it holds a text in both languages, the reader gets theirs. */
function translate(value: Json, language: Language): Json {
  if (Array.isArray(value)) return value.map((item) => translate(item, language));
  if (typeof value !== 'object' || value === null) return value;
  const { zh, en, ...others } = value;
  if (typeof zh === 'string' && typeof en === 'string' && Object.keys(others).length === 0) {
    return inLanguage({ zh, en }, language);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, translate(item, language)]));
}

function said(request: FastifyRequest, reply: FastifyReply): Language {
  const language = languageOf(request.headers['accept-language']);
  reply.header('content-language', language).header('vary', 'Accept-Language');
  return language;
}
