import { z } from 'zod';

/** How a form field is treated: a fact goes to the machine, a personal value to the vault, a secret nowhere in clear. */
export type FieldClass = 'fact' | 'personal' | 'secret';

/** A field's title in English, beside `title` in its `meta`. */
export const EN = 'x-title-en';

/**
 * What a form says of a field beyond JSON Schema, for the pages that draw it. Words have their English beside them, under
 * the same name and `-en`; a form is handed out in one language.
 */
export interface FieldHints {
  'x-title-en'?: string;
  'x-description-en'?: string;
  /** What the values of an `enum` are called; values that are not named are called what they are. */
  'x-labels'?: Record<string, string>;
  'x-labels-en'?: Record<string, string>;
  /** As in HTML. */
  'x-autocomplete'?: string;
  'x-inputmode'?: 'numeric' | 'tel';
  /** A code that is sent for: by which event, and the timer after which it may be sent again. */
  'x-code'?: { event: string; again: string };
  /** Values picked with one tap: so many years after another field, or as they stand. */
  'x-picks'?: { after: string; picks: Pick[] };
  'x-picks-en'?: { after: string; picks: Pick[] };
}
interface Pick {
  title: string;
  years?: number;
  value?: string;
}

/** Checked, where zod's own `meta` takes anything. */
export function hints(of: FieldHints): Record<string, unknown> {
  return { ...of };
}

const classes = z.registry<{ class: FieldClass }>();

/** The same schema, marked: its value is sealed in the vault and leaves only a digest in the history. */
export function personal<S extends z.ZodType>(schema: S): S {
  return marked(schema, 'personal');
}

/** The same schema, marked: its value is hashed or checked at the edge and stored nowhere in clear. */
export function secret<S extends z.ZodType>(schema: S): S {
  return marked(schema, 'secret');
}

/** The strictest class of a schema and of everything inside it, so that no wrapper can turn a personal value into a fact. */
export function classOf(schema: z.core.$ZodType): FieldClass {
  const found = new Set(partsOf(schema).map(classOf));
  found.add(classes.get(schema)?.class ?? 'fact');
  if (found.has('secret')) return 'secret';
  return found.has('personal') ? 'personal' : 'fact';
}

/** A copy is marked, or marking one field would mark every other use of the same schema. */
function marked<S extends z.ZodType>(schema: S, fieldClass: FieldClass): S {
  const copy = schema.clone();
  classes.add(copy, { class: classOf(schema) === 'secret' ? 'secret' : fieldClass });
  return copy;
}

function partsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  // zod's own way to look inside a schema: the base type says nothing of its kind.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if ('innerType' in def) return [def.innerType];
  if (def.type === 'union') return def.options;
  if (def.type === 'array') return [def.element];
  if (def.type === 'object') return [...Object.values(def.shape), ...(def.catchall ? [def.catchall] : [])];
  if (def.type === 'pipe') return [def.in, def.out];
  if (def.type === 'intersection') return [def.left, def.right];
  if (def.type === 'record') return [def.keyType, def.valueType];
  if (def.type === 'tuple') return def.rest ? [...def.items, def.rest] : def.items;
  return [];
}
