import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../engine/errors.ts';
import { newToken } from '../../engine/ids.ts';
import type { Runtime } from '../../engine/runtime.ts';
import { digestToken } from '../auth.ts';
import { idempotencyKeyOf } from '../headers.ts';
import { keyHeader } from '../openapi.ts';
import { sessionSchema } from '../schemas.ts';
import type { Services } from '../services.ts';

const LIFETIME_MS = 30 * 24 * 60 * 60_000;

const body = z.strictObject({
  channel: z.enum(['web', 'wechat', 'alipay']).describe('Only `web` is open yet.'),
});

export function sessionRoutes({ runtime }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/sessions',
      {
        config: { open: true, problems: ['form-invalid', 'unsupported-media-type', 'payload-too-large'] },
        schema: {
          tags: ['people'],
          summary: "A person's device signs in",
          description:
            'Each call makes a new, empty session. An Idempotency-Key has no effect here: a token is stored nowhere, ' +
            'so the first answer cannot be given again, and a session that nobody uses is nothing.',
          headers: keyHeader,
          body,
          response: { 201: sessionSchema },
        },
      },
      async (request, reply) => {
        idempotencyKeyOf(request);
        const { channel } = request.body;
        if (channel !== 'web') throw notYet();
        const token = newToken();
        const now = runtime.clock.now();
        const expiresAt = new Date(now + LIFETIME_MS).toISOString();
        const createdAt = new Date(now).toISOString();
        await createPerson(runtime, { channel, expiresAt, digest: digestToken(token), createdAt });
        return reply.code(201).header('cache-control', 'no-store').send({ token, expiresAt });
      },
    );
  };
}

/** Once more where the wrapping key was renewed beside us. */
async function createPerson(
  { store, vault }: Runtime,
  session: { channel: string; expiresAt: string; digest: string; createdAt: string },
): Promise<void> {
  for (;;) {
    const { id: personId, wrappedKey, epoch: keyEpoch } = vault.newPerson();
    if (await store.createSession({ ...session, personId, wrappedKey, keyEpoch })) return;
    vault.reloadKeys();
  }
}

function notYet(): Problem {
  return new Problem({ code: 'form-invalid', errors: [{ pointer: '/channel', code: 'channel-not-open' }] });
}
