import { z } from 'zod';
import { caseItem, toCaseItem } from './items.ts';
import { question, word } from './question.ts';

const DURATION = /^P(?=.)(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/;

/** ISO 8601, in days and smaller: months and years have no length. */
const duration = z.string().regex(DURATION).describe('ISO 8601: `P3D`, `PT36H`, `PT10M`');

function readDuration(text: string): number {
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (DURATION.exec(text) ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const waitingItem = caseItem
  .extend({ since: z.string().describe('Since when it is in the state asked for') })
  .meta({ id: 'FoundWaiting' });

export const waiting = question({
  name: 'waiting',
  title: { zh: '在某状态停留过久的办件', en: 'Cases in a state for longer than' },
  query: z.strictObject({
    state: word.describe('Dotted, a leaf or not: `faceVerification`, `form.normal`'),
    longerThan: duration,
    matter: word.optional(),
  }),
  item: waitingItem,
  find: async ({ store, now }, { longerThan, ...others }) => {
    const before = new Date(now - readDuration(longerThan)).toISOString();
    const { rows, next } = await store.searchWaiting({ ...others, before });
    return { rows: rows.map(({ row, since }) => ({ ...toCaseItem(row), since })), next };
  },
});

export const casesOfPerson = question({
  name: 'cases-of-person',
  title: { zh: '某人的全部办件', en: 'All cases of a person' },
  query: z.strictObject({ person: word.describe('Pseudonym') }),
  item: caseItem,
  find: async ({ store }, { person, ...others }) => {
    const { rows, next } = await store.searchCases({ owner: person, ...others });
    return { rows: rows.map(toCaseItem), next };
  },
});
