import type { FastifyInstance } from 'fastify';
import { Problem } from '../engine/errors.ts';
import type { Runtime } from '../engine/runtime.ts';

declare module 'fastify' {
  interface FastifyRequest {
    admitted: boolean;
  }
}

/**
 * More requests in hand than that do not get done any sooner, they only wait longer: whoever comes beyond is asked to
 * come again at once, before anything of the request is read. Who only waits, for a provider or on a stream, holds no place.
 */
export function limitWork(app: FastifyInstance, runtime: Runtime, max: number): void {
  let admitted = 0;
  app.decorateRequest('admitted', false);
  app.addHook('onRequest', async (request) => {
    const { vital, lasting } = request.routeOptions.config;
    if (vital || lasting) return;
    if (admitted - runtime.waiting.count >= max) throw new Problem({ code: 'busy', retryAfterSeconds: 1 });
    admitted++;
    request.admitted = true;
  });
  app.addHook('onResponse', async (request) => {
    if (request.admitted) admitted--;
  });
}
