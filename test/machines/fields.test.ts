import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { classOf, personal, secret } from '../../src/engine/classify.ts';
import { ETHNICITIES } from '../../src/machines/shared/ethnicities.ts';
import * as fields from '../../src/machines/shared/fields.ts';
import { FORCED_REASONS, REASONS } from '../../src/machines/shared/reasons.ts';
import { SPECIALTIES } from '../../src/machines/shared/specialties.ts';

const all = Object.entries(fields).flatMap(([name, value]) =>
  value instanceof z.ZodType ? [[name, value] as const] : [],
);
/** A copy, since a module may not be asked for a name that is computed. */
const field = { ...fields };
const codes = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map((issue) => issue.message) ?? [];

describe('every field', () => {
  test.each(all)('%s answers anything wrong with one stable code', (_, schema) => {
    for (const value of [undefined, null, 7, {}, [], 'x'.repeat(1000)]) {
      expect(codes(schema, value)).toEqual([expect.stringMatching(/^[a-z]+(-[a-z]+)+$/)]);
    }
  });

  test.each(all)('%s can be described to a client, without its class', (_, schema) => {
    const described = z.toJSONSchema(schema, { io: 'input' });
    expect(described).not.toHaveProperty('class');
  });

  test.each(all.filter(([name]) => name !== 'dateField'))('%s has a Chinese title', (_, schema) => {
    expect(z.toJSONSchema(schema, { io: 'input' }).title).toMatch(/\p{Script=Han}/u);
  });

  test.each([
    ['nameField', 'personal'],
    ['idNumberField', 'personal'],
    ['idTypeField', 'fact'],
    ['dateField', 'fact'],
    ['idValidFromField', 'personal'],
    ['idValidToField', 'personal'],
    ['mobileField', 'personal'],
    ['smsCodeField', 'secret'],
    ['passwordField', 'secret'],
    ['passwordConfirmationField', 'secret'],
    ['ethnicityField', 'personal'],
    ['specialtyField', 'fact'],
    ['reasonField', 'fact'],
    ['forcedReasonField', 'fact'],
    ['agreementsAcceptedField', 'fact'],
    ['consentField', 'fact'],
    ['clauseField', 'fact'],
    ['kindField', 'fact'],
  ] as const)('%s is classed as %s', (name, expected) => {
    expect(classOf(field[name])).toBe(expected);
  });

  test('the classes of all fields are tested above', () => {
    expect(all).toHaveLength(18);
  });
});

describe('a class', () => {
  test('it is seen through every wrapper', () => {
    const field = personal(z.string());
    const wrapped = [
      field.optional(),
      field.nullable(),
      field.default(''),
      field.prefault(''),
      field.nullish().readonly(),
      field.catch(''),
      field.or(z.literal('none')),
      z.union([z.number(), z.union([z.null(), field])]).optional(),
      field.min(1),
      field.trim().meta({ title: '示例' }),
      field.pipe(z.string()),
      z.array(field),
      z.object({ field }),
      z.record(z.string(), field),
      z.tuple([z.number()], field),
      z.intersection(field, z.string()),
    ];
    expect(wrapped.map(classOf)).toEqual(wrapped.map(() => 'personal'));
  });

  test('the strictest one holds', () => {
    expect(classOf(z.union([personal(z.string()), secret(z.string())]))).toBe('secret');
    expect(classOf(personal(z.object({ code: secret(z.string()) })))).toBe('secret');
    expect(classOf(personal(secret(z.string())))).toBe('secret');
    expect(classOf(secret(personal(z.string())))).toBe('secret');
  });

  test('marking one use of a schema leaves its other uses alone', () => {
    const shared = z.string();
    expect(classOf(secret(shared))).toBe('secret');
    expect(classOf(shared)).toBe('fact');
  });
});

describe('a name', () => {
  test.each([
    '赵一',
    '欧阳一二',
    '阿依·努尔',
    '𠮷一',
    '𪚥',
    '〇一',
    'Zhao Yi',
    '赵C',
    '一'.repeat(50),
    '𠮷'.repeat(50),
  ])('%s is accepted as it stands', (name) => {
    expect(fields.nameField.parse(name)).toBe(name);
  });

  test.each([
    ['nothing', ''],
    ['only spaces', '   '],
    ['51 characters', '一'.repeat(51)],
    ['51 characters beyond the basic plane', '𠮷'.repeat(51)],
    ['a control', '赵\u0000一'],
    ['a tab', '赵\t一'],
    ['a line break', '赵\n一'],
    ['a line separator', '赵\u2028一'],
    ['a paragraph separator', '赵\u2029一'],
    ['a bidi override', '赵\u202e一'],
    ['a bidi isolate', '赵\u2066一\u2069'],
    ['a zero-width space', '赵\u200b一'],
    ['a zero-width joiner', '赵\u200d一'],
    ['a byte order mark within', '赵\ufeff一'],
    ['a variation selector', '赵\u{e0100}一'],
    ['a filler that counts as a letter', '赵\u3164一'],
    ['a private character', '赵\ue000'],
    ['a lone surrogate', '赵\ud842'],
    ['a radical that looks like a character', '赵\u2f00'],
    ['a digit', '赵1'],
    ['mark-up', '<b>赵</b>'],
    ['a dot at the end', '赵·'],
    ['two dots in a row', '阿依··努尔'],
  ])('%s is refused', (_, name) => {
    expect(codes(fields.nameField, name)).toEqual(['name-invalid']);
  });

  test('it is trimmed, composed, and gets the dot of the card', () => {
    expect(fields.nameField.parse(' 阿依•努尔　')).toBe('阿依·努尔');
    expect(fields.nameField.parse('\uf9e8一')).toBe('\uf9e8一'.normalize('NFC'));
  });

  test('what is accepted once is accepted again, unchanged', () => {
    const units = fc.constantFrom('一', '𠮷', '·', '•', ' ', 'a', '〇');
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 12 }), (text) => {
        const once = fields.nameField.safeParse(text).data;
        fc.pre(once !== undefined);
        expect(fields.nameField.parse(once)).toBe(once);
      }),
    );
  });

  test('a very long one is refused', () => {
    expect(codes(fields.nameField, '一·'.repeat(1_000_000))).toEqual(['name-invalid']);
  });
});

describe('an ID number field', () => {
  const today = '2026-09-14';

  test('it lets every short text through, so that the check can say what is wrong', () => {
    const texts = fc.string({ maxLength: 64 });
    fc.assert(
      fc.property(texts, (text) => {
        expect(codes(fields.idNumberField, text)).toEqual([]);
      }),
    );
    expect(codes(fields.idNumberField, '1'.repeat(65))).toEqual(['id-number-invalid']);
  });

  test('it hands on the normalised number', () => {
    expect(fields.idNumberField.parse(' 11010519491231002ｘ')).toBe('11010519491231002X');
  });

  test('the check names the code and the reason', () => {
    expect(fields.idNumberProblem('370105198006151238', today)).toBeUndefined();
    expect(fields.idNumberProblem('370105198006151233', today)).toEqual({
      code: 'id-number-invalid',
      params: { reason: 'check-digit' },
    });
  });
});

describe('the other fields', () => {
  test.each([
    ['dateField', '2024-02-29', '2025-02-29', 'date-invalid'],
    ['idValidFromField', '2020-01-01', 'long-term', 'date-invalid'],
    ['idValidToField', 'long-term', '2026-02-30', 'date-invalid'],
    ['idTypeField', 'resident-id-card', 'passport', 'id-type-invalid'],
    ['mobileField', '13800001234', '12800001234', 'mobile-invalid'],
    ['mobileField', '19900001234', '+8619900001234', 'mobile-invalid'],
    ['smsCodeField', '012345', '12345', 'sms-code-wrong'],
    ['passwordField', 'abcd1234', 'abcdefgh', 'password-invalid'],
    ['passwordField', 'A1b2C3d4E5f6G7h8', 'A1b2C3d4E5f6G7h8i', 'password-invalid'],
    ['passwordField', '1234567a', '1234567', 'password-invalid'],
    ['passwordField', 'a1234567', 'a123456!', 'password-invalid'],
    ['ethnicityField', '鄂伦春族', '鄂伦春', 'ethnicity-invalid'],
    ['specialtyField', '港口与航道工程', '港口工程', 'specialty-invalid'],
    ['reasonField', 'voluntary', 'boredom', 'reason-invalid'],
    ['reasonField', 'employer-bankrupt', 'arbitration', 'reason-mismatch'],
    ['forcedReasonField', 'court-judgment', 'voluntary', 'reason-mismatch'],
    ['agreementsAcceptedField', true, false, 'agreements-required'],
    ['agreementsAcceptedField', true, 'true', 'agreements-required'],
    ['consentField', true, false, 'face-consent-required'],
    ['clauseField', 'c6', 'c7', 'clause-invalid'],
    ['kindField', 'forced', 'both', 'notice-incomplete'],
  ] as const)('%s accepts %s and refuses %s', (name, accepted, refused, code) => {
    expect(field[name].parse(accepted)).toBe(accepted);
    expect(codes(field[name], refused)).toEqual([code]);
  });

  test('full-width digits of a mobile number and a code mean the same', () => {
    expect(fields.mobileField.parse(' １３８００００１２３４')).toBe('13800001234');
    expect(fields.smsCodeField.parse('０１２３４５ ')).toBe('012345');
  });

  test('a password is taken as it was typed', () => {
    expect(codes(fields.passwordField, ' abcd1234')).toEqual(['password-invalid']);
  });
});

describe('what a client is told of a field', () => {
  const described = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });

  test('patterns, lists and lengths are in it', () => {
    expect(described(fields.mobileField)).toMatchObject({ type: 'string', pattern: '^1[3-9]\\d{9}$' });
    expect(described(fields.nameField)).toMatchObject({ minLength: 1, maxLength: 50, title: '姓名' });
    expect(described(fields.passwordField)).toMatchObject({ minLength: 8, maxLength: 16 });
    expect(described(fields.dateField)).toMatchObject({ format: 'date' });
    expect(described(fields.ethnicityField).enum).toHaveLength(56);
    expect(described(fields.consentField)).toMatchObject({ const: true });
  });
});

describe('the lists', () => {
  test('GB/T 3304 has 56 names, numbered 01 to 56, each once', () => {
    const numbered = Array.from({ length: 56 }, (_, at) => String(at + 1).padStart(2, '0'));
    expect(ETHNICITIES.map((ethnicity) => ethnicity.code)).toEqual(numbered);
    expect(new Set(ETHNICITIES.map((ethnicity) => ethnicity.zh)).size).toBe(56);
    expect(new Set(ETHNICITIES.map((ethnicity) => ethnicity.en)).size).toBe(56);
  });

  test('there are 14 specialties, nine reasons and three forced ones', () => {
    expect(new Set(SPECIALTIES.map((specialty) => specialty.zh)).size).toBe(14);
    expect(REASONS).toHaveLength(9);
    expect(FORCED_REASONS.map((reason) => reason.evidence.zh)).toEqual([
      '劳动仲裁结果',
      '法院判决书',
      '死亡证明',
    ]);
  });
});
