import { z } from 'zod';

/** How a form field is treated: a fact goes to the machine, a personal value to the vault, a secret nowhere in clear. */
export type FieldClass = 'fact' | 'personal' | 'secret';

/** A field's title in English, beside `title` in its `meta`. */
export const EN = 'x-title-en';

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
