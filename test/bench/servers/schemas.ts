import { REASONS } from '../../../src/machines/shared/reasons.ts';

/** A JSON schema for each body, as people write them by hand. Fastify's ajv checks them. */
const strict = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

export const bodies: Record<string, object> = {
  'identity.submit': strict({
    name: { type: 'string', minLength: 1, maxLength: 50 },
    idNumber: { type: 'string', pattern: '^\\d{17}[\\dX]$' },
  }),
  'face.begin': strict({ consent: { const: true } }),
  'face.finish': strict({ token: { type: 'string', minLength: 1, maxLength: 200 } }),
  'notice.acknowledge': strict({ clause: { enum: ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] } }),
  'notice.declare': strict({}),
  'notice.proceed': strict({ kind: { enum: ['normal', 'forced'] } }),
  'pledge.accept': strict({}),
  'form.submit': strict(
    {
      ethnicity: { type: 'string', minLength: 1, maxLength: 20 },
      specialty2: { type: 'string', maxLength: 50 },
      reason: { enum: REASONS.map(({ id }) => id) },
    },
    ['ethnicity', 'reason'],
  ),
};

export const noBody = strict({});
