import { z } from 'zod';
import type { TestApp } from '../../helpers.ts';

type Body = z.infer<typeof schema>;

interface Plant {
  answer(body: Body, kit: TestApp): string;
  status?: number;
  /** What the fuzzer must say of it. */
  found: RegExp;
}

const schema = z.strictObject({ word: z.string() });

/** Faults to be found: each is a route that is in the document like any other, and does not keep to it. */
export const plants: Record<string, Plant> = {
  'falls-over': {
    answer({ word }) {
      if (!word.isWellFormed()) throw new URIError('no text');
      return '{"word":"heard"}';
    },
    found: /^a fault of ours: 500$/,
  },
  'other-field': {
    answer: () => '{"word":"heard","internal":1}',
    found: /other-field: 200 has another shape/,
  },
  'other-status': {
    answer: () => '{"word":"heard"}',
    status: 203,
    found: /other-status: 203 is not described/,
  },
  'other-code': {
    answer: () => '{"type":"urn:banjian:problem:x","title":"x","status":422,"detail":"x","code":"x"}',
    status: 422,
    found: /other-code: 422 with the code x is not described/,
  },
  echoes: {
    answer: ({ word }) => JSON.stringify({ word: `heard ${word}` }),
    found: /stands in clear$/,
  },
  logs: {
    answer({ word }, { app }) {
      app.log.info({ route: word }, 'heard');
      return '{"word":"heard"}';
    },
    found: /stands in clear in the log/,
  },
};

export const PLANTED = '/v1/planted/';

export function plantAll(kit: TestApp): void {
  for (const [name, plant] of Object.entries(plants)) {
    kit.app.post(`${PLANTED}${name}`, {
      config: { open: true, problems: ['form-invalid', 'unsupported-media-type', 'payload-too-large'] },
      schema: { body: schema, response: { 200: schema } },
      handler: async (request, reply) => {
        const status = plant.status ?? 200;
        const type = status < 400 ? 'application/json' : 'application/problem+json';
        const text = plant.answer(schema.parse(request.body), kit);
        return reply
          .code(status as 200)
          .type(type)
          .serializer(String)
          .send(text);
      },
    });
  }
}
