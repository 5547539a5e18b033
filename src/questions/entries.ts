import { z } from 'zod';
import type { Page } from '../db/store.ts';
import type { Matter } from '../engine/types.ts';
import { entryItem, toEntryItem } from './items.ts';
import { question, within, word } from './question.ts';

/**
 * Who skipped a step: nobody can, since every event goes through its machine, and replay proves that none did. Who tried
 * to is in the refusals: events out of order, events only the worker may bring, and what each matter counts as a skip.
 */
export const skips = question({
  name: 'skips',
  title: { zh: '谁试图跳过步骤', en: 'Who tried to skip a step' },
  query: z.strictObject({
    case: word.optional(),
    person: word.optional().describe('Pseudonym, or the id of staff'),
    event: word.optional().describe('`xstate.*` are forged results; `unknown` are invented names'),
    ...within,
  }),
  item: entryItem,
  find: async ({ store, matters }, { case: caseId, person, ...others }) => {
    const codes = listSkips(matters.values());
    return items(await store.searchRefusals({ ...others, caseId, actor: person, codes }));
  },
});

function listSkips(matters: Iterable<Matter>): string[] {
  const declared = [...matters].flatMap(({ questions }) => questions?.skips ?? []);
  return [...new Set(['event-not-allowed', ...declared])];
}

export const actsOfStaff = question({
  name: 'acts-of-staff',
  title: { zh: '某工作人员的全部操作', en: 'Everything a member of staff did' },
  query: z.strictObject({ staff: word.describe('The id that stands in entries'), ...within }),
  item: entryItem,
  find: async ({ store }, { staff, ...others }) => items(await store.searchActs({ actor: staff, ...others })),
});

export const entriesOfVersion = question({
  name: 'entries-of-version',
  title: { zh: '某版本状态机下的全部记录', en: 'Entries under a machine version' },
  query: z.strictObject({ matter: word, version: word }),
  item: entryItem,
  find: async ({ store }, wanted) => items(await store.searchVersion(wanted)),
});

const passItem = entryItem
  .extend({ trial: z.string(), failures: z.int().describe('How often it was failed before this pass') })
  .meta({ id: 'FoundPass' });

export const passesAfterFailures = question({
  name: 'passes-after-failures',
  title: { zh: '多次失败后通过', en: 'Failed so often, and then passed' },
  query: z.strictObject({
    trial: word.describe('As matters name them: `sms`, `face`'),
    failures: z
      .string()
      .regex(/^[1-9]\d{0,5}$/)
      .optional()
      .describe('At least so many, 1 when left out'),
  }),
  item: passItem,
  find: async ({ store }, { failures = '1', ...others }) => {
    const { rows, next } = await store.searchPasses({ ...others, failures: Number(failures) });
    const found = rows.map((row) => ({ ...toEntryItem(row), trial: row.trial, failures: row.failures }));
    return { rows: found, next };
  },
});

function items({ rows, next }: Page<Parameters<typeof toEntryItem>[0]>) {
  return { rows: rows.map(toEntryItem), next };
}
