import { z } from 'zod';
import { question, within } from './question.ts';

export const refusalsByHour = question({
  name: 'refusals-by-hour',
  title: { zh: '按原因和小时统计的拒绝次数', en: 'Refusals by code and hour' },
  query: z.strictObject(within),
  item: z
    .object({ hour: z.string().describe('Its first moment'), code: z.string(), count: z.int() })
    .meta({ id: 'RefusalCount' }),
  find: ({ store }, wanted) => store.countRefusals(wanted),
});
