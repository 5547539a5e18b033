import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { personal, secret } from '../../src/engine/classify.ts';
import { formProblem, formSchema, parseForm, splitForm } from '../../src/engine/forms.ts';
import type { ProblemCatalogue } from '../../src/engine/types.ts';

const catalogue: ProblemCatalogue = {
  'name-invalid': field({ leads: true }),
  'sms-code-wrong': field({ leads: true }),
  'mobile-invalid': field({}),
};

const form = z.strictObject({
  name: z.string({ error: 'name-invalid' }).min(1, { error: 'name-invalid' }),
  mobile: z.string({ error: 'mobile-invalid' }).regex(/^\d{11}$/, { error: 'mobile-invalid' }),
  note: z.string().min(2).max(4).optional(),
  count: z.int().optional(),
  agreed: z.boolean().optional(),
});
const right = { name: 'x', mobile: '13800000000' };

describe('a form that is right', () => {
  test('gives its values as they were sent', () => {
    const body = { ...right, note: '备注', count: 3, agreed: false };
    expect(parseForm(form, body, catalogue)).toEqual({ ok: true, values: body });
  });

  test('an optional field may be left out, and is then not there', () => {
    expect(parseForm(form, right, catalogue)).toEqual({ ok: true, values: right });
  });

  test('that asks for nothing takes no body, null, or an empty one', () => {
    for (const body of [undefined, null, {}]) {
      expect(parseForm(z.strictObject({}), body, catalogue)).toEqual({ ok: true, values: {} });
    }
  });
});

describe('a form that is wrong', () => {
  test('nothing is coerced into the type that was asked for', () => {
    for (const [name, value] of Object.entries({
      count: '3',
      agreed: 'true',
      note: 123,
      name: 7,
      mobile: 138,
    })) {
      expect(errorsOf({ ...right, [name]: value }).map((error) => error.pointer)).toEqual([`/${name}`]);
    }
    expect(errorsOf({ ...right, count: 1.5 })).toEqual([{ pointer: '/count', code: 'invalid' }]);
    expect(errorsOf({ ...right, agreed: null })).toEqual([{ pointer: '/agreed', code: 'invalid' }]);
  });

  test('a body that is no object is invalid as a whole', () => {
    for (const body of [[], 'text', 1, true])
      expect(errorsOf(body)).toEqual([{ pointer: '', code: 'invalid' }]);
  });

  test('a field’s own code is used where it has one, a general one where it has none', () => {
    const errors = errorsOf({ name: 'x', mobile: '12', note: 'x', count: 'y' });
    expect(errors).toEqual([
      { pointer: '/mobile', code: 'mobile-invalid' },
      { pointer: '/note', code: 'too-short' },
      { pointer: '/count', code: 'invalid' },
    ]);
    expect(errorsOf({ ...right, note: 'too long' })).toEqual([{ pointer: '/note', code: 'too-long' }]);
  });

  test('a field left out is required, unless it has a code of its own', () => {
    const bare = z.strictObject({ a: z.string(), b: z.int(), c: z.boolean(), d: z.array(z.string()) });
    expect(errorsOf({}, bare).map((error) => error.code)).toEqual(Array(4).fill('required'));
    expect(errorsOf({})).toEqual([
      { pointer: '/name', code: 'name-invalid' },
      { pointer: '/mobile', code: 'mobile-invalid' },
    ]);
  });

  test('a choice left out is required as well', () => {
    const choices = z.strictObject({
      kind: z.enum(['normal', 'forced']),
      consent: z.literal(true),
      until: z.union([z.iso.date(), z.literal('long-term')]),
    });
    expect(errorsOf({}, choices).map((error) => error.code)).toEqual(Array(3).fill('required'));
  });

  test('every field that nobody asked for is named', () => {
    const body = JSON.parse(
      '{"name":"x","mobile":"13800000000","more":1,"constructor":2,"__proto__":{"x":1}}',
    ) as unknown;
    const pointers = errorsOf(body).map(({ pointer, code }) => `${code} ${pointer}`);
    expect(pointers.toSorted()).toEqual([
      'unknown-field /__proto__',
      'unknown-field /constructor',
      'unknown-field /more',
    ]);
  });

  test('pointers are escaped as RFC 6901 asks, at any depth', () => {
    const deep = z.strictObject({
      'a/b': z.strictObject({ 'c~d': z.array(z.strictObject({ '~1': z.string() })) }),
    });
    const errors = errorsOf({ 'a/b': { 'c~d': [{ '~1': 'x' }, { '~1': 1, 'e/f~': 2 }] } }, deep);
    expect(errors.map((error) => error.pointer)).toEqual(['/a~1b/c~0d/1/~01', '/a~1b/c~0d/1/e~1f~0']);
  });

  test('a pointer finds the value it speaks of again, whatever the field is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const body = JSON.parse(`{${JSON.stringify(name)}:1}`) as object;
        const [error] = errorsOf(body, z.strictObject({}));
        expect(unescapePointer(error?.pointer ?? '')).toEqual([name]);
      }),
    );
  });
});

describe('many errors give one code', () => {
  test('that of the leading field, when no other field holds a wrong value', () => {
    expect(codeOf({ ...right, name: '' })).toBe('name-invalid');
    expect(codeOf({ name: '' })).toBe('name-invalid');
  });

  test('that of a leading field left out, when nothing else is wrong', () => {
    expect(codeOf({ mobile: right.mobile })).toBe('name-invalid');
    expect(codeOf({})).toBe('form-invalid');
    expect(codeOf({ mobile: 'x' })).toBe('form-invalid');
  });

  test('form-invalid, when another field is wrong too, and when none leads', () => {
    expect(codeOf({ name: '', mobile: 'x' })).toBe('form-invalid');
    expect(codeOf({ ...right, name: '', more: 1 })).toBe('form-invalid');
    expect(codeOf({ ...right, mobile: 'x' })).toBe('form-invalid');
    expect(codeOf({ name: 'x' })).toBe('form-invalid');
  });

  test('form-invalid, when two different codes could lead', () => {
    const two = [
      { pointer: '/name', code: 'name-invalid' },
      { pointer: '/code', code: 'sms-code-wrong' },
    ];
    expect(formProblem(two, catalogue)).toEqual({ code: 'form-invalid', errors: two });
  });

  test('the leading code, when two fields have the same', () => {
    const twice = [
      { pointer: '/name', code: 'name-invalid' },
      { pointer: '/alias', code: 'name-invalid' },
    ];
    expect(formProblem(twice, catalogue)).toEqual({ code: 'name-invalid', errors: twice });
  });

  test('fields are named in the order of the form, but one that leads comes first', () => {
    const longer = z.strictObject({ first: z.string(), ...form.shape });
    const pointersOf = (body: object) => errorsOf(body, longer).map((error) => error.pointer);
    expect(pointersOf({ name: '' })).toEqual(['/name', '/first', '/mobile']);
    expect(pointersOf({ name: '', mobile: 'x' })).toEqual(['/first', '/name', '/mobile']);
  });

  test('what only helped to decide is not in the answer', () => {
    for (const error of errorsOf({})) expect(Object.keys(error)).toEqual(['pointer', 'code']);
  });
});

describe('values are split by the class of their field', () => {
  const classified = z.strictObject({
    kind: z.enum(['a', 'b']),
    name: personal(z.string()),
    password: secret(z.string()),
    address: personal(z.strictObject({ city: z.string() })),
    validTo: personal(z.string()).optional(),
    mixed: z.array(z.strictObject({ label: z.string(), owner: personal(z.string()) })).optional(),
  });
  const values = { kind: 'a', name: '甲', password: 'abc12345', address: { city: '济南' } };

  test('facts to the machine, personal values to the vault as text, secrets nowhere', () => {
    expect(splitForm(classified, values)).toEqual({
      facts: { kind: 'a' },
      personal: { name: '甲', address: '{"city":"济南"}' },
    });
  });

  test('a secret is in neither part, however it is wrapped', () => {
    const wrapped = z.strictObject({
      a: secret(z.string()).optional(),
      b: z.array(secret(z.string())),
      c: personal(z.strictObject({ inner: secret(z.string()) })),
      d: secret(personal(z.string())),
      e: personal(secret(z.string())),
    });
    const sent = { a: 'S', b: ['S'], c: { inner: 'S' }, d: 'S', e: 'S' };
    expect(splitForm(wrapped, sent)).toEqual({ facts: {}, personal: {} });
  });

  test('one personal value makes all that holds it personal', () => {
    const mixed = [{ label: 'x', owner: '甲' }];
    const split = splitForm(classified, { ...values, mixed, validTo: 'long-term' });
    expect(split.facts).toEqual({ kind: 'a' });
    expect(split.personal).toMatchObject({ mixed: JSON.stringify(mixed), validTo: 'long-term' });
  });

  test('marking one use of a schema does not mark the others', () => {
    const date = z.iso.date();
    const dates = z.strictObject({ birth: personal(date), filed: date });
    expect(splitForm(dates, { birth: '1980-01-01', filed: '2026-07-01' })).toEqual({
      facts: { filed: '2026-07-01' },
      personal: { birth: '1980-01-01' },
    });
  });

  test('what the form does not know goes nowhere', () => {
    expect(splitForm(classified, { more: 'x' })).toEqual({ facts: {}, personal: {} });
  });
});

describe('the JSON Schema of a form', () => {
  test('says what may be sent, that nothing else may, and is made once', () => {
    const schema = formSchema(form);
    expect(schema).toMatchObject({
      type: 'object',
      required: ['name', 'mobile'],
      additionalProperties: false,
      properties: { note: { type: 'string', minLength: 2, maxLength: 4 } },
    });
    expect(formSchema(form)).toBe(schema);
  });
});

function field(more: { leads?: true }) {
  return { status: 422, title: { zh: '有误', en: 'Wrong' }, ...more };
}

function problemOf(body: unknown, asked: z.ZodObject = form) {
  const parsed = parseForm(asked, body, catalogue);
  if (parsed.ok) throw new Error('the form was taken');
  return parsed.problem;
}

function errorsOf(body: unknown, asked: z.ZodObject = form) {
  return problemOf(body, asked).errors ?? [];
}

function codeOf(body: unknown): string {
  return problemOf(body).code;
}

function unescapePointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
