import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EN, hints, secret } from '../../src/engine/classify.ts';
import { formSchema } from '../../src/engine/forms.ts';
import { readFields, yearsAfter } from '../../src/web/citizen/form/fields.ts';

/** A form that no figure has, as another matter might. */
const form = z.strictObject({
  kind: z.enum(['only']),
  plan: z.enum(['a', 'b']).meta({
    title: '方案',
    ...hints({ [EN]: 'Plan', 'x-labels': { a: '甲' }, 'x-labels-en': { a: 'First' } }),
  }),
  since: z.iso.date().meta({ title: '开始' }),
  until: z.union([z.iso.date(), z.literal('never')]).optional(),
  pin: secret(z.string().meta({ format: 'password', writeOnly: true })),
  accepted: z.literal(true),
  remark: z
    .string()
    .max(20)
    .meta({ title: '备注', description: '可不填', ...hints({ 'x-description-en': 'optional' }) }),
  forbidden: z.never().optional(),
});

describe('the fields of a form', () => {
  it('are read from its schema alone, in its order, whatever matter it is of', () => {
    const fields = readFields(formSchema(form));
    expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'kind: fixed',
      'plan: choice',
      'since: date',
      'until: date',
      'pin: password',
      'accepted: tick',
      'remark: text',
    ]);
  });

  it('have the words of the reader’s language, and no others', () => {
    const [, zh] = readFields(formSchema(form));
    const [, en] = readFields(formSchema(form, 'en'));
    expect(zh).toMatchObject({ title: '方案', options: [{ title: '甲' }, { title: 'b' }] });
    expect(en).toMatchObject({ title: 'Plan', options: [{ title: 'First' }, { title: 'b' }] });
    expect(readFields(formSchema(form, 'en')).at(-1)).toMatchObject({ title: '备注', hint: 'optional' });
    expect(JSON.stringify([formSchema(form), formSchema(form, 'en')])).not.toMatch(/-en"/);
  });

  it('say which of them must be kept nowhere', () => {
    expect(
      readFields(formSchema(form))
        .filter(({ secret }) => secret)
        .map(({ name }) => name),
    ).toEqual(['pin']);
  });
});

it.each([
  ['2020-01-31', 5, '2025-01-31'],
  ['2020-02-29', 10, '2030-02-28'],
  ['2020-02-29', 20, '2040-02-29'],
])('%s and %d years is %s', (date, years, end) => {
  expect(yearsAfter(date, years)).toBe(end);
});
