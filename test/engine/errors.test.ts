import { describe, expect, test } from 'vitest';
import { describeProblem, fill, generalProblems, inLanguage, Problem } from '../../src/engine/errors.ts';
import type { FieldError, ProblemCatalogue } from '../../src/engine/types.ts';

const kinds = Object.entries(generalProblems);

const catalogue: ProblemCatalogue = {
  'sms-code-wrong': {
    status: 422,
    title: { zh: '验证码错误', en: 'Wrong code' },
    detail: { zh: '验证码错误,还可输入{left}次', en: 'Wrong code: {left} tries left.' },
  },
  'sms-code-locked': {
    code: 'sms-code-wrong',
    status: 429,
    title: { zh: '验证码已失效', en: 'The code is void' },
  },
  'id-number-invalid': {
    status: 422,
    title: { zh: '身份证号码有误', en: 'Not a valid ID number' },
  },
  busy: { status: 503, title: { zh: '本事项繁忙', en: 'This matter is busy' } },
};

describe('the general problems', () => {
  test.each(kinds)('%s has its words in both languages', (_code, { title, detail }) => {
    for (const text of detail ? [title, detail] : [title]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).toMatch(/^[A-Z][ -~]+\.$/);
    }
  });

  test.each(kinds)(
    '%s has a code a program can hold on to, and a status that is an error',
    (code, { status }) => {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect([400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 429, 500, 503]).toContain(status);
    },
  );

  test('no title waits for a number: it is the same for every occurrence', () => {
    const open = kinds.filter(([, { title }]) => /\{\w+\}/.test(title.zh + title.en)).map(([code]) => code);
    expect(open).toEqual([]);
  });

  test('every name in a text stands in both languages', () => {
    for (const [, { title, detail }] of kinds) {
      expect(namesIn(title.zh)).toEqual(namesIn(title.en));
      expect(namesIn(detail?.zh ?? '')).toEqual(namesIn(detail?.en ?? ''));
    }
  });
});

describe('a problem in words', () => {
  test('has the members of RFC 9457, and its code', () => {
    expect(describeProblem({}, { code: 'case-not-found' }, 'en')).toEqual({
      type: 'urn:banjian:problem:case-not-found',
      title: 'This application was not found.',
      status: 404,
      detail: 'This application was not found.',
      code: 'case-not-found',
    });
  });

  test('speaks the language that was asked for', () => {
    expect(describeProblem({}, { code: 'case-not-found' }, 'zh-CN')).toMatchObject({
      title: '未找到该申请',
      detail: '未找到该申请',
    });
    expect(inLanguage({ zh: '甲', en: 'A' }, 'zh-CN')).toBe('甲');
    expect(inLanguage({ zh: '甲', en: 'A' }, 'en')).toBe('A');
  });

  test('fills its detail from the params; its title stays the same', () => {
    const spec = { code: 'sms-code-wrong', params: { left: 4 } };
    expect(describeProblem(catalogue, spec, 'zh-CN')).toMatchObject({
      title: '验证码错误',
      detail: '验证码错误,还可输入4次',
    });
  });

  test('shows the public code where several causes share one', () => {
    expect(describeProblem(catalogue, { code: 'sms-code-locked' }, 'en')).toMatchObject({
      type: 'urn:banjian:problem:sms-code-wrong',
      code: 'sms-code-wrong',
      status: 429,
      title: 'The code is void',
    });
  });

  test('a matter’s own words come before the general ones', () => {
    expect(describeProblem(catalogue, { code: 'busy' }, 'en').title).toBe('This matter is busy');
    expect(describeProblem({}, { code: 'busy' }, 'en').title).toMatch(/^The service is busy/);
  });

  test('names each field with its pointer, code, message and reason, and the first one’s message is the detail', () => {
    const errors: FieldError[] = [
      { pointer: '/idNumber', code: 'id-number-invalid', params: { reason: 'check-digit' } },
      { pointer: '/smsCode', code: 'sms-code-wrong', params: { left: 2 } },
      { pointer: '/name', code: 'required' },
    ];
    const body = describeProblem(catalogue, { code: 'form-invalid', errors }, 'en');
    expect(body.detail).toBe('Not a valid ID number');
    expect(body.errors).toEqual([
      {
        pointer: '/idNumber',
        code: 'id-number-invalid',
        message: 'Not a valid ID number',
        reason: 'check-digit',
      },
      { pointer: '/smsCode', code: 'sms-code-wrong', message: 'Wrong code: 2 tries left.' },
      { pointer: '/name', code: 'required', message: 'This field is required.' },
    ]);
  });

  test('shows no param but those its words ask for', () => {
    const body = describeProblem(catalogue, { code: 'busy', params: { secret: 'x' } }, 'en');
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('carries the further members of the answer', () => {
    const body = describeProblem({}, { code: 'event-not-allowed' }, 'en', { state: ['draft'], allowed: [] });
    expect(body).toMatchObject({ code: 'event-not-allowed', state: ['draft'], allowed: [] });
  });

  test('a code without words is a mistake of ours, and says so', () => {
    expect(() => describeProblem({}, { code: 'never-heard-of' }, 'en')).toThrow('never-heard-of');
    const errors = [{ pointer: '/x', code: 'never-heard-of' }];
    expect(() => describeProblem({}, { code: 'form-invalid', errors }, 'en')).toThrow('never-heard-of');
  });

  test('a refusal thrown is a Problem with its spec and members', () => {
    const problem = new Problem({ code: 'busy', retryAfterSeconds: 1 }, { case: { id: 'c1' } });
    expect(problem).toBeInstanceOf(Error);
    expect(problem).toMatchObject({ name: 'Problem', message: 'busy', members: { case: { id: 'c1' } } });
    expect(problem.spec).toEqual({ code: 'busy', retryAfterSeconds: 1 });
  });
});

describe('filling a text', () => {
  test('puts words and numbers in their places, each as often as it stands there', () => {
    expect(fill('{a} {b} {a}', { a: 1, b: '乙' })).toBe('1 乙 1');
    expect(fill('{n}', { n: 0 })).toBe('0');
  });

  test('leaves out a name without a value, and anything that is neither word nor number', () => {
    expect(fill('a{x}b', {})).toBe('ab');
    expect(fill('{a}{b}{c}{d}', { a: null, b: true, c: [1], d: { e: 1 } })).toBe('');
    expect(fill('{constructor}{toString}', {})).toBe('');
  });

  test('does not fill what it has filled in', () => {
    expect(fill('{a}', { a: '{b}', b: 'x' })).toBe('{b}');
    expect(fill('{a}', { a: '$&' })).toBe('$&');
  });
});

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();
}
