import { type ZodObject, z } from 'zod';
import { classOf } from './classify.ts';
import type { FieldError, JsonObject, Language, Personal, ProblemCatalogue, ProblemSpec } from './types.ts';

export type ParsedForm = { ok: true; values: JsonObject } | { ok: false; problem: ProblemSpec };

/** A form's values by what becomes of them: facts go to the machine, personal values to the vault, secrets nowhere. */
export interface SplitForm {
  facts: JsonObject;
  personal: Personal;
}

/** Checks a body against a form. Nothing is coerced, dropped or guessed. */
export function parseForm(form: ZodObject, body: unknown, catalogue: ProblemCatalogue): ParsedForm {
  const parsed = form.safeParse(body ?? {}, { reportInput: true });
  if (parsed.success) return { ok: true, values: parsed.data as JsonObject };
  return { ok: false, problem: formProblem(parsed.error.issues.flatMap(readIssue), catalogue) };
}

/**
 * Many field errors, one problem: the leading code if there is exactly one and no other field holds a wrong value,
 * else form-invalid. Fields left out do not count against it, and lead only when nothing else is wrong.
 */
export function formProblem(errors: FoundError[], catalogue: ProblemCatalogue): ProblemSpec {
  const leads = (error: FoundError) =>
    catalogue[error.code]?.leads === true && (!error.missing || errors.length === 1);
  const codes = new Set(errors.filter(leads).map((error) => error.code));
  const others = errors.filter((error) => !leads(error) && !error.missing);
  const [code] = codes;
  if (code === undefined || codes.size > 1 || others.length > 0) {
    return { code: 'form-invalid', errors: errors.map(toFieldError) };
  }
  const leadingFirst = errors.toSorted((a, b) => Number(leads(b)) - Number(leads(a)));
  return { code, errors: leadingFirst.map(toFieldError) };
}

interface FoundError extends FieldError {
  missing?: boolean;
}

function toFieldError({ missing: _missing, ...error }: FoundError): FieldError {
  return error;
}

function readIssue(issue: z.core.$ZodIssue): FoundError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), code: 'unknown-field' }));
  }
  return [{ pointer: pointerTo(issue.path), code: fieldCode(issue), missing: isMissing(issue) }];
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.input === undefined && issue.path.length > 0;
}

/** A zod message is a code of ours when the field gave it one; otherwise the kind of issue decides. */
function fieldCode(issue: z.core.$ZodIssue): string {
  if (/^[a-z][a-z0-9-]+$/.test(issue.message)) return issue.message;
  if (isMissing(issue)) return 'required';
  switch (issue.code) {
    case 'too_big':
      return 'too-long';
    case 'too_small':
      return 'too-short';
    default:
      return 'invalid';
  }
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Splits parsed values by the class of their field. */
export function splitForm(form: ZodObject, values: JsonObject): SplitForm {
  const split: SplitForm = { facts: {}, personal: {} };
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(form.shape, name) ? form.shape[name] : undefined;
    if (!field || value === undefined) continue;
    const kind = classOf(field);
    if (kind === 'fact') split.facts[name] = value;
    if (kind === 'personal') split.personal[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return split;
}

const schemas = { 'zh-CN': new WeakMap<ZodObject, JsonObject>(), en: new WeakMap<ZodObject, JsonObject>() };

/** The form as JSON Schema 2020-12 with titles in one language, made once. */
export function formSchema(form: ZodObject, language: Language = 'zh-CN'): JsonObject {
  let schema = schemas[language].get(form);
  if (!schema) {
    schema = inWords(z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as JsonObject, language);
    schemas[language].set(form, schema);
  }
  return schema;
}

/** Words beside their English under `x-…-en`: titles and descriptions are JSON Schema's own, hints are ours. */
const ENGLISH = /^(?:x-(?<own>title|description)|(?<hint>x-.+))-en$/;

function inWords(schema: JsonObject, language: Language): JsonObject {
  const names = Object.keys(schema);
  const plain = names.filter((name) => !ENGLISH.test(name)).map((name) => [name, schema[name]]);
  const english = names.flatMap((name) => {
    const { own, hint } = ENGLISH.exec(name)?.groups ?? {};
    const of = own ?? hint;
    return of === undefined ? [] : [[of, schema[name]]];
  });
  const chosen: JsonObject = Object.fromEntries(language === 'en' ? [...plain, ...english] : plain);
  return mapObjects(chosen, (part) => inWords(part, language));
}

function mapObjects(of: JsonObject, map: (part: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(of).map(([name, part]) => [
      name,
      typeof part === 'object' && part !== null && !Array.isArray(part) ? map(part) : part,
    ]),
  );
}
