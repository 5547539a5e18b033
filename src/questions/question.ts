import { type ZodObject, type ZodType, z } from 'zod';
import type { Page, Store } from '../db/store.ts';
import type { Matter, Text } from '../engine/types.ts';

/** What a question is asked of. `now` is in milliseconds since 1970. */
export interface Asked {
  store: Store;
  matters: Map<string, Matter>;
  now: number;
}
export interface Answer {
  items: unknown[];
  /** The cursor of the next page. */
  next: string | null;
}

/** Something auditors ask, in one call: a route of the API and a command, both made from this. */
export interface Question {
  /** As it stands in the address and on the command line. */
  name: string;
  title: Text;
  query: ZodObject;
  item: ZodType;
  /** `values` were checked against `query`. */
  ask(asked: Asked, values: unknown): Promise<Answer>;
}

interface Definition<Query extends ZodObject, Item extends ZodType> {
  name: string;
  title: Text;
  query: Query;
  item: Item;
  find: (
    asked: Asked,
    values: z.output<Query> & { limit: number; cursor?: string },
  ) => Promise<Page<z.input<Item>>>;
}

/** Adds to a definition how its list is paged. */
export function question<Query extends ZodObject, Item extends ZodType>(
  definition: Definition<Query, Item>,
): Question {
  const { name, title, item, find } = definition;
  const query = definition.query.extend(pageQuery).strict();
  return {
    name,
    title,
    query,
    item,
    async ask(asked, values) {
      const { limit, ...others } = query.parse(values) as z.output<Query> & { limit?: string };
      const { rows, next } = await find(asked, { ...(others as z.output<Query>), limit: limitOf(limit) });
      return { items: rows, next: next ?? null };
    },
  };
}

/** How many to a page, from a query that was checked. */
export function limitOf(text: string | undefined): number {
  return text === undefined ? 50 : Number(text);
}

export const pageQuery = {
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|1\d\d|200)$/)
    .optional()
    .describe('1 to 200, 50 when left out'),
};

/** Stored times are UTC with milliseconds and compared as text, so every other way to write one is turned into that. */
export const time = z.iso
  .datetime({ offset: true })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()));

export const within = {
  from: time.optional().describe('Inclusive'),
  to: time.optional().describe('Exclusive'),
};
/** Ids, pseudonyms, names of ours. */
export const word = z
  .string()
  .max(200)
  .regex(/^[\w.*-]+$/);
