import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../engine/errors.ts';
import type { Runtime } from '../engine/runtime.ts';
import type { Caller, Role } from '../engine/types.ts';
import { languageOf } from './language.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Tokens are kept as digests only: 256 random bits need no salt. */
export function digestToken(token: string): string {
  return hash('sha256', token);
}

/** Reads who asks before anything else of the request is read. Every route in `app` then needs a token. */
export function requireCaller(app: FastifyInstance, runtime: Runtime): void {
  app.addHook('onRequest', async (request, reply) => {
    request.caller = await authenticate(runtime, request);
    const language = languageOf(request.headers['accept-language']);
    reply.headers({ 'cache-control': 'no-store', 'content-language': language, vary: 'Accept-Language' });
  });
}

/** @throws Problem unauthenticated without a token that is known and not expired. */
export async function authenticate(runtime: Runtime, request: FastifyRequest): Promise<Caller> {
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const found = token === undefined ? undefined : await findCaller(runtime, digestToken(token));
  if (!found) throw new Problem({ code: 'unauthenticated' });
  let address: string | undefined;
  return {
    ...found,
    // Few events count by address, so it is only digested for those.
    get address() {
      address ??= addressOf(runtime, request);
      return address;
    },
  };
}

async function findCaller(runtime: Runtime, digest: string): Promise<Omit<Caller, 'address'> | undefined> {
  const session = await runtime.store.findSession(digest);
  if (session) {
    if (session.expiresAt <= new Date(runtime.clock.now()).toISOString()) return undefined;
    return { role: 'applicant', id: session.personId, channel: session.channel };
  }
  const token = await runtime.store.findToken(digest);
  return token && { role: token.role, id: token.id, channel: 'api' };
}

/** A client's address, only ever as a keyed digest. */
function addressOf(runtime: Runtime, request: FastifyRequest): string {
  // A client that is gone again has no address any more.
  return runtime.vault.digestOf('address', request.ip ?? 'gone');
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Problem({ code: 'unauthenticated' });
  return request.caller;
}

/** @throws Problem forbidden for any other role. */
export function callerAs(request: FastifyRequest, role: Role): Caller {
  const caller = callerOf(request);
  if (caller.role !== role) throw new Problem({ code: 'forbidden' });
  return caller;
}
