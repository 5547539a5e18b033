import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CaseRow } from '../../db/store.ts';
import { standingOf } from '../../engine/answer.ts';
import { Problem } from '../../engine/errors.ts';
import { parseForm } from '../../engine/forms.ts';
import { formOf, presentCase } from '../../engine/present.ts';
import { getMatter, getPersonKey, type Runtime } from '../../engine/runtime.ts';
import { check, send } from '../../engine/send.ts';
import type { JsonObject } from '../../engine/types.ts';
import { versionsOf } from '../../engine/versions.ts';
import { callerOf } from '../auth.ts';
import { enterCase } from '../enter.ts';
import { answerProblem } from '../errors.ts';
import { idempotencyKeyOf, ifMatchOf, setETag, waitMsOf } from '../headers.ts';
import { languageOf } from '../language.ts';
import { dispositionOf, readMultipart, readUpload, type Upload } from '../multipart.ts';
import { casePath, eventHeaders } from '../openapi.ts';
import { attachmentSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';
import { validateNothing } from '../validation.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const ADD = 'material.add';
const REMOVE = 'material.remove';

/** An attachment as the machine knows it. What the person called the file is in the vault. */
const factsSchema = z.object({
  id: z.string(),
  material: z.string(),
  digest: z.string(),
  size: z.int(),
  mediaType: z.string(),
  width: z.int(),
  height: z.int(),
});
type Facts = z.infer<typeof factsSchema>;

const attachmentPath = z.strictObject({ id: z.string(), attachment: z.string() });

export function attachmentRoutes(context: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    await readMultipart(app);
    addRoute(app, context);
    readRoute(app, context);
    removeRoute(app, context);
  };
}

function addRoute(app: App, { runtime, files, metrics }: HttpContext): void {
  app.post(
    '/v1/cases/:id/attachments',
    {
      config: {
        answers: ['etag', 'location'],
        multipart: {
          material: { type: 'string', description: 'Which of the materials asked for it is' },
          file: { type: 'string', format: 'binary', description: 'JPEG or PNG, at most 10 MB' },
        },
        problems: ['idempotency-mismatch', ...problemsOfUpload(runtime)],
      },
      validatorCompiler: validateNothing,
      schema: {
        tags: ['cases'],
        summary: 'Adds a file: the event `material.add`',
        description: 'Whether a file can be added now is said before it is read.',
        headers: eventHeaders,
        params: casePath,
        response: { 201: attachmentSchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const event = eventOf(request, row, ADD);
      await check(runtime, { ...event, body: undefined });
      const upload = await readUpload(request, ['material']);
      const material = readMaterial(runtime, row, upload);
      const { bytes, image, name } = upload.file;
      const { digest, size } = await files.put(await getPersonKey(runtime, row.owner), bytes);
      const id = runtime.vault.digestOf('attachment', `${row.id}\0${digest}`).slice(0, 22);
      const { mediaType, width, height } = image;
      const facts = { id, material, digest, size, mediaType, width, height };
      const attachment = {
        sent: { material, file: `${digest} ${name}` },
        facts: { attachment: facts },
        personal: { [nameField(id)]: name },
        file: { digest, size, mediaType },
      };
      const answer = await send(runtime, { ...event, body: undefined, attachment });
      metrics.countEvent(ADD, answer.problem ? 'problem' : 'settled');
      const { seq } = answer.standing;
      setETag(reply, seq);
      if (answer.problem) return answerProblem(answer.problem, { seq }, request, reply);
      const href = hrefOf(row.id, id);
      return reply
        .code(201)
        .header('location', href)
        .send({ ...facts, name, href });
    },
  );
}

function readRoute(app: App, { runtime, files }: HttpContext): void {
  app.get(
    '/v1/cases/:id/attachments/:attachment',
    {
      config: {
        problems: ['case-not-found', 'not-found', 'person-erased'],
        produces: ['image/jpeg', 'image/png'],
      },
      schema: {
        tags: ['cases'],
        summary: 'The file itself, for its owner and staff',
        params: attachmentPath,
        response: { 200: z.any() },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const facts = getFacts(row, request.params.attachment);
      const bytes = await files.get(await getPersonKey(runtime, row.owner), facts.digest);
      if (!bytes) throw new Problem({ code: 'not-found' });
      const { personal } = await standingOf(runtime, row);
      return reply
        .header('content-disposition', dispositionOf(personal?.[nameField(facts.id)] ?? ''))
        .type(facts.mediaType)
        .send(bytes);
    },
  );
}

function removeRoute(app: App, { runtime, metrics }: HttpContext): void {
  app.delete(
    '/v1/cases/:id/attachments/:attachment',
    {
      config: {
        answers: ['etag'],
        problems: ['not-found', 'idempotency-mismatch', ...problemsOfUpload(runtime)],
      },
      schema: {
        tags: ['cases'],
        summary: 'Takes a file out again: the event `material.remove`',
        headers: eventHeaders,
        params: attachmentPath,
        response: { 204: z.null().describe('Taken out') },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const event = eventOf(request, row, REMOVE);
      const answer = await send(runtime, { ...event, body: { attachment: request.params.attachment } });
      metrics.countEvent(REMOVE, answer.problem ? 'problem' : 'settled');
      setETag(reply, answer.standing.seq);
      if (!answer.problem) return reply.code(204).send(null);
      const view = presentCase(
        answer.standing,
        event.caller.role,
        languageOf(request.headers['accept-language']),
      );
      return answerProblem(answer.problem, { state: view.states, seq: view.seq }, request, reply);
    },
  );
}

function eventOf(request: FastifyRequest, row: CaseRow, type: string) {
  return {
    caseId: row.id,
    type,
    caller: callerOf(request),
    key: idempotencyKeyOf(request),
    ifMatch: ifMatchOf(request),
    waitMs: waitMsOf(request),
  };
}

/** @throws Problem naming /material when it is none that the event's form knows. */
function readMaterial(runtime: Runtime, row: CaseRow, { fields }: Upload): string {
  const matter = getMatter(runtime, row);
  const definition = matter.events[ADD];
  if (!definition) throw new Error(`${matter.id} has no event ${ADD}`);
  const parsed = parseForm(formOf(definition, row.state.context), fields, matter.problems);
  if (!parsed.ok) throw new Problem(parsed.problem);
  const { material } = parsed.values;
  if (typeof material !== 'string') throw new Error(`the form of ${ADD} has no text "material"`);
  return material;
}

/** @throws Problem not-found when the case has no such attachment. */
function getFacts(row: CaseRow, id: string): Facts {
  const materials = (row.state.context as JsonObject).materials;
  const found = z
    .array(factsSchema)
    .safeParse(materials)
    .data?.find((facts) => facts.id === id);
  if (!found) throw new Problem({ code: 'not-found' });
  return found;
}

function nameField(id: string): string {
  return `fileName.${id}`;
}

function hrefOf(caseId: string, id: string): string {
  return `/v1/cases/${caseId}/attachments/${id}`;
}

function problemsOfUpload({ matters }: Runtime): string[] {
  return [
    'forbidden',
    'person-erased',
    'case-not-found',
    'event-not-allowed',
    'version-not-loaded',
    'version-conflict',
    'form-invalid',
    'payload-too-large',
    'unsupported-media-type',
    'file-type-unsupported',
    'file-broken',
    'file-too-large',
    'image-too-large',
    ...[...matters.values()].flatMap(versionsOf).flatMap(({ problems }) => Object.keys(problems)),
  ];
}
