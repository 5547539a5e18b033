import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../engine/errors.ts';
import type { Runtime } from '../engine/runtime.ts';

declare module 'fastify' {
  interface FastifyRequest {
    admitted: boolean;
  }
}

/**
 * More requests in hand than that do not get done any sooner, they only wait longer: whoever comes beyond is asked to
 * come again at once, before anything of the request is read. Who only waits, for a provider or on a stream, holds no
 * place; nor does an upload, which is counted by its bytes.
 */
export function limitWork(app: FastifyInstance, runtime: Runtime, max: number): void {
  let admitted = 0;
  app.decorateRequest('admitted', false);
  const isCounted = ({ routeOptions }: FastifyRequest) => {
    const { vital, lasting, multipart } = routeOptions.config;
    return !vital && !lasting && !multipart;
  };
  const isFull = () => admitted - runtime.waiting.count >= max;
  const busy = () => new Problem({ code: 'busy', retryAfterSeconds: 1 });
  app.addHook('onRequest', (request, _reply, done) => {
    done(isCounted(request) && isFull() ? busy() : undefined);
  });
  // A body that comes slowly holds no place either: it counts from when it is there.
  app.addHook('preValidation', (request, _reply, done) => {
    if (!isCounted(request)) return done();
    if (isFull()) return done(busy());
    admitted++;
    request.admitted = true;
    done();
  });
  // Not onResponse: that never comes for a client that has hung up, and its place would be lost for good.
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (request.admitted) admitted--;
    request.admitted = false;
    done(null, payload);
  });
}
