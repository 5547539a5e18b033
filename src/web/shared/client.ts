import createClient from 'openapi-fetch';
import type { components, paths } from './openapi.ts';

export type Problem = components['schemas']['Problem'];

/** What every request carries. Asked for each time: a person may sign in or change the language meanwhile. */
export interface Caller {
  token: () => string | undefined;
  language: () => string;
}

/** The public API, typed by its own OpenAPI document. */
export function createApi(caller: Caller) {
  const client = createClient<paths>({ baseUrl: '/' });
  client.use({
    onRequest({ request }) {
      for (const [name, value] of Object.entries(headersOf(caller))) request.headers.set(name, value);
      return request;
    },
  });
  return client;
}

/** For what the typed client cannot do: addresses that the service hands out, streams, uploads. */
export function headersOf({ token, language }: Caller): Record<string, string> {
  const own = token();
  return {
    'accept-language': language(),
    ...(own === undefined ? {} : { authorization: `Bearer ${own}` }),
  };
}

/** Whatever came instead of an answer: a body that is no problem, from a proxy say, still becomes one. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) return body as Problem;
  return { type: 'about:blank', title: String(status), status, detail: String(status), code: 'internal' };
}
