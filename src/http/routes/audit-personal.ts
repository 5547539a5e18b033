import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CaseRow } from '../../db/store.ts';
import { inLanguage, Problem } from '../../engine/errors.ts';
import { recordRead } from '../../engine/reads.ts';
import { getMatter, getPersonKey, type Runtime } from '../../engine/runtime.ts';
import type { Disclosable } from '../../engine/types.ts';
import { callerAs } from '../auth.ts';
import { enterCase } from '../enter.ts';
import { languageOf } from '../language.ts';
import { casePath } from '../openapi.ts';
import { PURPOSES, readPurpose } from '../purpose.ts';
import { readingOf } from '../reading.ts';
import { disclosureSchema, personalSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

/** Personal values for auditors: masked all together, in clear one at a time, for a reason that is recorded first. */
export function personalRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    maskedRoute(app, runtime);
    disclosureRoute(app, runtime);
  };
}

function maskedRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/personal',
    {
      config: { problems: ['forbidden', 'case-not-found', 'form-invalid', 'person-erased'] },
      schema: {
        tags: ['audit'],
        summary: 'The personal values of a case that can be disclosed, masked',
        params: casePath,
        response: { 200: personalSchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const language = languageOf(request.headers['accept-language']);
      const values = await openDisclosable(runtime, row);
      return reply.send({
        items: values.map(({ field, value, seq, title, mask }) => {
          return { field, title: inLanguage(title, language), masked: mask(value), seq };
        }),
      });
    },
  );
}

const disclosureForm = z.strictObject({
  field: z.string().max(100),
  reason: z
    .string()
    .max(100)
    .describe(
      `As in the header Purpose: ${Object.keys(PURPOSES)
        .filter((code) => code !== 'unspecified')
        .join(' · ')}, with \`; ref=FJ-2026-17\` behind it or not`,
    ),
});

function disclosureRoute(app: App, runtime: Runtime): void {
  app.post(
    '/v1/audit/cases/:id/disclosures',
    {
      config: {
        problems: [
          'forbidden',
          'case-not-found',
          'not-found',
          'person-erased',
          'purpose-invalid',
          'form-invalid',
          'unsupported-media-type',
          'payload-too-large',
        ],
      },
      schema: {
        tags: ['audit'],
        summary: 'Shows one personal value, after recording who saw it and why',
        description:
          'Each is recorded anew in the case’s chain of reads, with the name of the field and the reason, never the value; what cannot be recorded is not shown.',
        params: casePath,
        body: disclosureForm,
        response: { 200: disclosureSchema },
      },
    },
    async (request, reply) => {
      const { field, reason } = request.body;
      const purpose = readPurpose(reason);
      if (purpose.code === 'unspecified') throw new Problem({ code: 'purpose-invalid' });
      const row = await enterCase(runtime, request, request.params.id);
      const found = (await openDisclosable(runtime, row)).find((each) => each.field === field);
      if (!found) throw new Problem({ code: 'not-found' });
      const reading = { ...readingOf(runtime, request), asked: { field }, purpose };
      const { reads, readHead } = await recordRead(runtime, row, reading);
      const title = inLanguage(found.title, languageOf(request.headers['accept-language']));
      return reply.send({ field, title, value: found.value, read: { seq: reads, digest: readHead } });
    },
  );
}

interface Opened extends Disclosable {
  field: string;
  value: string;
  seq: number;
}

/** The newest value of each field, in the matter's order. @throws Problem person-erased */
async function openDisclosable(runtime: Runtime, row: CaseRow): Promise<Opened[]> {
  const person = await getPersonKey(runtime, row.owner);
  const sealed = new Map((await runtime.store.readLatestVault(row.id)).map((each) => [each.field, each]));
  return Object.entries(getMatter(runtime, row).discloses ?? {}).flatMap(([field, disclosable]) => {
    const one = sealed.get(field);
    const value = one && runtime.vault.openValues(person, [one])[field];
    return value === undefined ? [] : [{ ...disclosable, field, value, seq: one?.seq ?? 0 }];
  });
}
