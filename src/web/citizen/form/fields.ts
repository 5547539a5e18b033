/** What this reads of a form's JSON Schema, and of the hints the service adds (`x-…`). */
interface FieldSchema {
  title?: string;
  description?: string;
  enum?: string[];
  const?: unknown;
  format?: string;
  maxLength?: number;
  writeOnly?: boolean;
  anyOf?: FieldSchema[];
  not?: unknown;
  'x-labels'?: Record<string, string>;
  'x-autocomplete'?: string;
  'x-inputmode'?: 'numeric' | 'tel';
  'x-code'?: { event: string; again: string };
  'x-picks'?: { after: string; picks: Pick[] };
}
export interface Pick {
  title: string;
  years?: number;
  value?: string;
}

export interface Field {
  name: string;
  title: string;
  /** `fixed` has one value, which needs no choosing. */
  kind: 'text' | 'password' | 'date' | 'choice' | 'tick' | 'fixed';
  hint: string | undefined;
  options: { value: string; title: string }[];
  maxLength: number | undefined;
  autocomplete: string | undefined;
  inputmode: 'numeric' | 'tel' | undefined;
  /** Kept nowhere, not even while it is typed. */
  secret: boolean;
  code: { event: string; again: string } | undefined;
  picks: { after: string; picks: Pick[] } | undefined;
}

/** The fields of a form, in its order. What it names only to refuse it is no field. */
export function readFields(form: Record<string, unknown>): Field[] {
  const properties = (form.properties ?? {}) as Record<string, FieldSchema>;
  return Object.entries(properties)
    .filter(([, schema]) => schema.not === undefined)
    .map(([name, schema]) => readField(name, schema));
}

function readField(name: string, schema: FieldSchema): Field {
  const labels = schema['x-labels'] ?? {};
  return {
    name,
    title: schema.title ?? name,
    kind: kindOf(schema),
    hint: schema.description,
    options: (schema.enum ?? []).map((value) => ({ value, title: labels[value] ?? value })),
    maxLength: schema.maxLength,
    autocomplete: schema['x-autocomplete'],
    inputmode: schema['x-inputmode'],
    secret: schema.writeOnly === true,
    code: schema['x-code'],
    picks: schema['x-picks'],
  };
}

function kindOf({ const: only, enum: values, format, anyOf }: FieldSchema): Field['kind'] {
  if (only === true) return 'tick';
  if (values) return values.length === 1 ? 'fixed' : 'choice';
  if (format === 'password') return 'password';
  const isDate = format === 'date' || anyOf?.some((one) => one.format === 'date');
  return isDate ? 'date' : 'text';
}

/** The same day so many years on; a card of 29 February ends on the 28th where there is none. */
export function yearsAfter(date: string, years: number): string {
  const year = String(Number(date.slice(0, 4)) + years).padStart(4, '0');
  const rest = date.slice(4);
  const isLeap = new Date(Date.UTC(Number(year), 1, 29)).getUTCDate() === 29;
  return rest === '-02-29' && !isLeap ? `${year}-02-28` : year + rest;
}
