import type { FastifyInstance } from 'fastify';

/** What a server of the bench is started with. */
export interface ServerSettings {
  folder: string;
  /** Sessions for the people from 0 to this are there when it listens. */
  people: number;
}

export async function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}
