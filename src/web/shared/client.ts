import createClient from 'openapi-fetch';
import type { paths } from './openapi.ts';

/** What every request carries. Asked for each time: a person may sign in or change the language meanwhile. */
export interface Caller {
  token(): string | undefined;
  language(): string;
}

/** The public API, typed by its own OpenAPI document. */
export function createApi(caller: Caller) {
  const client = createClient<paths>({ baseUrl: '/' });
  client.use({
    onRequest({ request }) {
      const token = caller.token();
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      request.headers.set('accept-language', caller.language());
      return request;
    },
  });
  return client;
}
