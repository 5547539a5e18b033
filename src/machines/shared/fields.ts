import { z } from 'zod';
import { EN, hints, personal, secret } from '../../engine/classify.ts';
import { ETHNICITIES } from './ethnicities.ts';
import { checkIdNumber, type IdNumberReason, normaliseIdNumber } from './id-number.ts';
import { FORCED_REASONS, REASONS } from './reasons.ts';
import { SPECIALTIES } from './specialties.ts';

/** The message of an issue is a stable error code: the words are looked up later, in the reader's language. */

/**
 * Said by what may be in a name, so that controls, bidi marks, zero-width and private characters and lone surrogates
 * need no list of their own. Ideographs, not Script=Han: ⼀ of a copied PDF is a radical that only looks like 一.
 * 1–50 characters as a reader counts them: `.length` would count Ext-B twice.
 */
const NAME = /^(?=.{1,50}$)[\p{Unified_Ideograph}〇A-Za-z]+(?:[· ][\p{Unified_Ideograph}〇A-Za-z]+)*$/u;
/** Keyboards give any of these for the one dot a card prints, U+00B7. */
const NAME_DOTS = /[\u2022\u2027\u22c5\u30fb\uff65]/g;

/** NFC, trimmed, with the dot as a card prints it. */
export function normaliseName(text: string): string {
  return text.normalize('NFC').trim().replace(NAME_DOTS, '·');
}

export interface IdNumberProblem {
  code: 'id-number-invalid';
  params: { reason: IdNumberReason };
}

/** What is wrong with an ID number, as an entry for its field. `today` is the date in China. */
export function idNumberProblem(value: string, today: string): IdNumberProblem | undefined {
  const found = checkIdNumber(value, today);
  return found && { code: 'id-number-invalid', params: found };
}

/** Where a value is its own Chinese name, only the English one needs saying. */
function englishOf(values: readonly { zh: string; en: string }[]): Record<string, string> {
  return Object.fromEntries(values.map(({ zh, en }) => [zh, en]));
}

function labelsOf(values: readonly { id: string; zh: string; en: string }[]) {
  return {
    'x-labels': Object.fromEntries(values.map(({ id, zh }) => [id, zh])),
    'x-labels-en': Object.fromEntries(values.map(({ id, en }) => [id, en])),
  };
}

const halfWidth = (text: string) => text.normalize('NFKC').trim();

/** Figure 5. The first limit keeps a huge text from being normalised; `maxLength` is what a page should know. */
export const nameField = personal(
  z
    .string({ error: 'name-invalid' })
    .max(200, { error: 'name-invalid', abort: true })
    .overwrite(normaliseName)
    .regex(NAME, { error: 'name-invalid' })
    .meta({
      title: '姓名',
      minLength: 1,
      maxLength: 50,
      ...hints({ [EN]: 'Name', 'x-autocomplete': 'name' }),
    }),
);

/** Holds only the size: what is wrong with a number is for `idNumberProblem`, which can say why. Figure 5. */
export const idNumberField = personal(
  z
    .string({ error: 'id-number-invalid' })
    .max(64, { error: 'id-number-invalid', abort: true })
    .overwrite(normaliseIdNumber)
    .meta({ title: '身份证号码', [EN]: 'ID number' }),
);

/** Figure 6 shows no other kind. */
export const idTypeField = z.enum(['resident-id-card'], { error: 'id-type-invalid' }).meta({
  title: '证件类型',
  ...hints({
    [EN]: 'Kind of ID',
    'x-labels': { 'resident-id-card': '居民身份证' },
    'x-labels-en': { 'resident-id-card': 'Resident identity card' },
  }),
});

/** A day that exists. Unmarked: say `personal(dateField)` where it is about a person. */
export const dateField = z.iso.date({ error: 'date-invalid' });

export const idValidFromField = personal(
  dateField.meta({ title: '身份证有效期开始时间', [EN]: 'ID card valid from' }),
);

/** Figure 6: the periods that cards are issued for. */
function validityPicks(title: (years: number) => string, longTerm: string) {
  const periods = [5, 10, 20].map((years) => ({ title: title(years), years }));
  return [...periods, { title: longTerm, value: 'long-term' }];
}

export const idValidToField = personal(
  z.union([dateField, z.literal('long-term', { error: 'date-invalid' })], { error: 'date-invalid' }).meta({
    title: '身份证有效期结束时间',
    ...hints({
      [EN]: 'ID card valid until',
      'x-picks': { after: 'idValidFrom', picks: validityPicks((years) => `${years}年`, '长期有效') },
      'x-picks-en': {
        after: 'idValidFrom',
        picks: validityPicks((years) => `${years} years`, 'Long-term'),
      },
    }),
  }),
);

/** Figure 6. */
export const mobileField = personal(
  z
    .string({ error: 'mobile-invalid' })
    .max(64, { error: 'mobile-invalid', abort: true })
    .overwrite(halfWidth)
    .regex(/^1[3-9]\d{9}$/, { error: 'mobile-invalid' })
    .meta({
      title: '手机号',
      ...hints({ [EN]: 'Mobile number', 'x-autocomplete': 'tel', 'x-inputmode': 'tel' }),
    }),
);

/** Figure 6. A malformed code is answered as a wrong one. */
export const smsCodeField = secret(
  z
    .string({ error: 'sms-code-wrong' })
    .max(64, { error: 'sms-code-wrong', abort: true })
    .overwrite(halfWidth)
    .regex(/^\d{6}$/, { error: 'sms-code-wrong' })
    .meta({
      title: '短信验证码',
      writeOnly: true,
      ...hints({
        [EN]: 'SMS code',
        'x-autocomplete': 'one-time-code',
        'x-inputmode': 'numeric',
        'x-code': { event: 'sms.request', again: 'sms.resume' },
      }),
    }),
);

/** Figure 6: 请输入8-16位字符,必须由数字、字母组成. Never normalised: it must be what was typed. */
export const passwordField = secret(
  z
    .string({ error: 'password-invalid' })
    .regex(/^(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z]{8,16}$/, { error: 'password-invalid' })
    .meta({
      title: '登陆密码',
      description: '请输入8-16位字符,必须由数字、字母组成',
      minLength: 8,
      maxLength: 16,
      format: 'password',
      writeOnly: true,
      ...hints({
        [EN]: 'Password',
        'x-description-en': '8–16 characters, digits and letters, at least one of each',
        'x-autocomplete': 'new-password',
      }),
    }),
);

/** That it equals the password is the form's to say, with this same code. */
export const passwordConfirmationField = secret(
  z
    .string({ error: 'password-mismatch' })
    .max(64, { error: 'password-mismatch' })
    .meta({
      title: '确认密码',
      format: 'password',
      writeOnly: true,
      ...hints({ [EN]: 'Confirm password', 'x-autocomplete': 'new-password' }),
    }),
);

/** Sensitive personal information, so personal although it is a choice from a list. Figure 9. */
export const ethnicityField = personal(
  z
    .enum(
      ETHNICITIES.map((ethnicity) => ethnicity.zh),
      { error: 'ethnicity-invalid' },
    )
    .meta({ title: '民族', ...hints({ [EN]: 'Ethnicity', 'x-labels-en': englishOf(ETHNICITIES) }) }),
);

/** Figure 9. */
export const specialtyField = z
  .enum(
    SPECIALTIES.map((specialty) => specialty.zh),
    { error: 'specialty-invalid' },
  )
  .meta({ title: '申请注册专业2', ...hints({ [EN]: 'Specialty 2', 'x-labels-en': englishOf(SPECIALTIES) }) });

const reasonIds = REASONS.map((reason) => reason.id);
const forcedReasonIds = FORCED_REASONS.map((reason) => reason.id);

/** Figure 9-1. */
export const reasonField = z
  .enum(reasonIds, { error: ({ input }) => reasonCode(input, forcedReasonIds) })
  .meta({ title: '注销原因', ...hints({ [EN]: 'Reason for deregistration', ...labelsOf(REASONS) }) });

/** Figure 9-2. */
export const forcedReasonField = z
  .enum(forcedReasonIds, { error: ({ input }) => reasonCode(input, reasonIds) })
  .meta({
    title: '强制注销原因',
    ...hints({ [EN]: 'Reason for forced deregistration', ...labelsOf(FORCED_REASONS) }),
  });

/** A reason that only the other branch knows has an answer of its own. */
function reasonCode(input: unknown, otherBranch: readonly string[]): string {
  return otherBranch.some((id) => id === input) ? 'reason-mismatch' : 'reason-invalid';
}

/** Figure 6. */
export const agreementsAcceptedField = z.literal(true, { error: 'agreements-required' }).meta({
  title:
    '我已阅读并同意《住房和城乡建设部政务服务平台用户服务协议》和《住房和城乡建设部政务服务平台用户隐私政策》',
  [EN]: 'I have read and accept the User Service Agreement of the Government Service Platform of the Ministry of Housing and Urban-Rural Development and the User Privacy Policy of the Government Service Platform of the Ministry of Housing and Urban-Rural Development',
});

/** Figure 7: a consent apart from figure 6's. */
export const consentField = z.literal(true, { error: 'face-consent-required' }).meta({
  title: '您知悉并同意服务提供者授权腾讯按照《个人信息处理规则》实施个人信息处理并用于身份核验',
  [EN]: 'You know and agree that the service provider authorises Tencent to process personal information under the Personal Information Processing Rules for verifying your identity.',
});

/** Figure 8, clauses (一) to (六). */
export const clauseField = z
  .enum(['c1', 'c2', 'c3', 'c4', 'c5', 'c6'], { error: 'clause-invalid' })
  .meta({ title: '条款', [EN]: 'Clause' });

/** Figure 8: 请选择正常注销或强制注销. */
export const kindField = z
  .enum(['normal', 'forced'], { error: 'notice-incomplete' })
  .meta({ title: '注销方式', [EN]: 'Kind of deregistration' });
