import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import { getPersonKey, type Runtime } from '../../engine/runtime.ts';
import type { Caller } from '../../engine/types.ts';
import { limitOf, pageQuery } from '../../questions/question.ts';
import { callerAs, callerOf } from '../auth.ts';
import { summariseCase } from '../case-list.ts';
import { readMultipart, readUpload } from '../multipart.ts';
import { casePageSchema, meSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';
import { validateNothing } from '../validation.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const NICKNAME_PLACE = 'profile|nickname';

/** Counted as a reader counts, not in UTF-16 units; no controls, and nothing that turns the direction of writing. */
const nickname = z
  .string()
  .max(200)
  .overwrite((text) => text.normalize('NFC').trim())
  .regex(/^[^\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,30}$/u)
  .meta({ minLength: 1, maxLength: 30, title: '昵称' });

/** Figure 2, and the caller's own cases. */
export function meRoutes(context: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    profileRoutes(app, context);
    caseListRoute(app, context);
    await app.register(avatarRoutes(context));
  };
}

function profileRoutes(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/me',
    {
      config: { problems: ['person-erased'] },
      schema: { tags: ['people'], summary: 'Who is asking', response: { 200: meSchema } },
    },
    async (request, reply) => answerMe(runtime, callerOf(request), reply),
  );
  app.put(
    '/v1/me/profile',
    {
      config: {
        problems: [
          'forbidden',
          'person-erased',
          'form-invalid',
          'unsupported-media-type',
          'payload-too-large',
        ],
      },
      schema: {
        tags: ['people'],
        summary: 'Sets the nickname',
        body: z.strictObject({ nickname }),
        response: { 200: meSchema },
      },
    },
    async (request, reply) => {
      const caller = callerAs(request, 'applicant');
      const person = await getPersonKey(runtime, caller.id);
      const sealed = runtime.vault.sealBytes(person, NICKNAME_PLACE, Buffer.from(request.body.nickname));
      await runtime.store.saveProfile(caller.id, { nickname: sealed }, timeOf(runtime));
      return answerMe(runtime, caller, reply);
    },
  );
}

function avatarRoutes({ runtime, files }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    await readMultipart(app);
    app.put(
      '/v1/me/avatar',
      {
        config: {
          multipart: {
            file: { type: 'string', format: 'binary', description: 'JPEG or PNG, at most 10 MB' },
          },
          problems: [
            'forbidden',
            'person-erased',
            'form-invalid',
            'file-broken',
            'file-type-unsupported',
            'file-too-large',
            'image-too-large',
            'payload-too-large',
            'unsupported-media-type',
          ],
        },
        validatorCompiler: validateNothing,
        schema: { tags: ['people'], summary: 'Sets the avatar', response: { 200: meSchema } },
      },
      async (request, reply) => {
        const caller = callerAs(request, 'applicant');
        const { file } = await readUpload(request, []);
        const person = await getPersonKey(runtime, caller.id);
        const { digest } = await files.put(person, file.bytes);
        const avatar = { digest, mediaType: file.image.mediaType };
        await runtime.store.saveProfile(caller.id, { avatar }, timeOf(runtime));
        return answerMe(runtime, caller, reply);
      },
    );
    app.get(
      '/v1/me/avatar',
      {
        config: { problems: ['not-found', 'person-erased'], produces: ['image/jpeg', 'image/png'] },
        schema: { tags: ['people'], summary: 'The avatar', response: { 200: z.any() } },
      },
      async (request, reply) => {
        const { id } = callerOf(request);
        const { avatar } = await runtime.store.findProfile(id);
        const bytes = avatar && (await files.get(await getPersonKey(runtime, id), avatar.digest));
        if (!bytes) throw new Problem({ code: 'not-found' });
        return reply.type(avatar.mediaType).send(bytes);
      },
    );
  };
}

function caseListRoute(app: App, { runtime }: HttpContext): void {
  app.get(
    '/v1/me/cases',
    {
      config: { problems: ['form-invalid'] },
      schema: {
        tags: ['people'],
        summary: "The session's cases, newest first",
        querystring: z.strictObject(pageQuery),
        response: { 200: casePageSchema },
      },
    },
    async (request, reply) => {
      const { cursor, limit } = request.query;
      const owner = callerOf(request).id;
      const filter = { owner, limit: limitOf(limit), ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await runtime.store.searchCases(filter);
      const items = rows.map((row) => summariseCase(row));
      return reply.send({ items, next: next ?? null });
    },
  );
}

async function answerMe(runtime: Runtime, caller: Caller, reply: FastifyReply): Promise<FastifyReply> {
  const profile = await runtime.store.findProfile(caller.id);
  const name = profile.nickname && (await openNickname(runtime, caller.id, profile.nickname));
  return reply.send({
    id: caller.id,
    role: caller.role,
    nickname: name ?? null,
    avatar: profile.avatar ? { href: '/v1/me/avatar' } : null,
    profileComplete: profile.nickname !== undefined && profile.avatar !== undefined,
  });
}

async function openNickname(runtime: Runtime, personId: string, sealed: Buffer): Promise<string> {
  const person = await getPersonKey(runtime, personId);
  return runtime.vault.openBytes(person, NICKNAME_PLACE, sealed).toString();
}

function timeOf(runtime: Runtime): string {
  return new Date(runtime.clock.now()).toISOString();
}
