import { z } from 'zod';
import { EN, personal } from '../../../engine/classify.ts';
import { sameSecret } from '../../../engine/secrets.ts';
import type {
  EdgeTools,
  EventDefinition,
  FieldError,
  JsonObject,
  Limit,
  Personal,
  Prepared,
  PrepareInput,
  Role,
} from '../../../engine/types.ts';
import { checkIdValidity, isUnusualPeriod, startOfNextDayInChina, todayInChina } from '../dates.ts';
import {
  agreementsAcceptedField,
  consentField,
  idNumberField,
  idNumberProblem,
  idTypeField,
  idValidFromField,
  idValidToField,
  mobileField,
  nameField,
  passwordConfirmationField,
  passwordField,
  smsCodeField,
} from '../fields.ts';
import { birthDateOf } from '../id-number.ts';
import { FACE_FAILURES_A_DAY } from './machine.ts';
import { agreements, FACE_CONSENT_VERSION } from './texts.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How often one client address may ask, over all its sessions and cases. */
export interface AddressLimits {
  identityPerHour: number;
  smsPerHour: number;
}

/** Figure 6 [ours]: codes for one number. */
const SMS_A_NUMBER = { hour: 5, day: 10 };
/** The identity check must not become an oracle: tries of one person's device. */
const IDENTITY_CHECKS_AN_HOUR = 20;

export const nothing = z.strictObject({});

const identityForm = z.strictObject({ name: nameField, idNumber: idNumberField });

const registrationForm = z
  .strictObject({
    idType: idTypeField,
    idValidFrom: idValidFromField,
    idValidTo: idValidToField,
    mobile: mobileField,
    smsCode: smsCodeField,
    password: passwordField,
    passwordConfirmation: passwordConfirmationField,
    agreementsAccepted: agreementsAcceptedField,
  })
  .refine((form) => form.password === form.passwordConfirmation, {
    path: ['passwordConfirmation'],
    error: 'password-mismatch',
  });

const faceForm = z.strictObject({ consent: consentField });
/** The token opens nothing once it is used, but it is a key while it lives: it is kept like a personal value. */
const faceFinishForm = z.strictObject({
  token: personal(
    z
      .string()
      .min(1)
      .max(200)
      .meta({ title: '人脸核验令牌', [EN]: 'Face check token' }),
  ),
});

/** Events of the steps every matter begins with: figures 5, 6 and 7. */
export function stepsEvents(roles: Role[], address: AddressLimits): Record<string, EventDefinition> {
  return {
    'identity.submit': {
      title: { zh: '确定', en: 'Confirm' },
      roles,
      forms: [identityForm],
      prepare: (input) => prepareIdentity(input, address),
    },
    'registration.begin': { title: { zh: '前往注册', en: 'Register' }, roles, forms: [nothing] },
    'identity.retry': { title: { zh: '返回重新填写', en: 'Go back' }, roles, forms: [nothing] },
    'sms.request': {
      title: { zh: '获取验证码', en: 'Send code' },
      roles,
      forms: [z.strictObject({ mobile: mobileField })],
      prepare: (input) => prepareSms(input, address),
    },
    'registration.submit': {
      title: { zh: '注册', en: 'Register' },
      roles,
      forms: [registrationForm],
      prepare: prepareRegistration,
    },
    'face.begin': { title: { zh: '下一步', en: 'Next' }, roles, forms: [faceForm], prepare: prepareFace },
    'face.finish': {
      title: { zh: '完成人脸识别', en: 'Face check done' },
      roles,
      forms: [faceFinishForm],
      prepare: prepareFaceFinish,
    },
    'case.retry': { title: { zh: '重试', en: 'Try again' }, roles, forms: [nothing] },
  };
}

/** Figure 5. The ID number's own check comes first; who is registered is asked only of a number that could exist. */
function prepareIdentity({ form, at, caller, tools }: PrepareInput, address: AddressLimits): Prepared {
  const found = idNumberProblem(text(form.idNumber), todayInChina(at));
  if (found) return { problem: fieldProblem({ pointer: '/idNumber', ...reasoned(found) }) };
  const tooMany = { code: 'too-many-requests' };
  const device = { scope: 'identity', subject: tools.digestOf('limit', caller.id) };
  const place = { scope: 'identity-address', subject: caller.address };
  return {
    subject: tools.digestOf('subject', text(form.idNumber)),
    limits: [
      { ...device, max: IDENTITY_CHECKS_AN_HOUR, windowMs: HOUR_MS, problem: tooMany },
      { ...place, max: address.identityPerHour, windowMs: HOUR_MS, problem: tooMany },
    ],
    marks: [device, place],
  };
}

/** Figure 6 [ours]: at most 5 codes an hour and 10 a day for one number, and a limit for the address. */
function prepareSms({ form, caller, tools }: PrepareInput, address: AddressLimits): Prepared {
  const number = { scope: 'sms-number', subject: tools.digestOf('limit', text(form.mobile)) };
  const place = { scope: 'sms-address', subject: caller.address };
  const problem = { code: 'sms-too-frequent' };
  // The number is everybody's: a wait to the second would tell when somebody else used it.
  const shared = (windowMs: number) => ({ ...problem, retryAfterSeconds: windowMs / 1000 });
  return {
    limits: [
      { ...number, max: SMS_A_NUMBER.hour, windowMs: HOUR_MS, problem: shared(HOUR_MS) },
      { ...number, max: SMS_A_NUMBER.day, windowMs: DAY_MS, problem: shared(DAY_MS) },
      { ...place, max: address.smsPerHour, windowMs: HOUR_MS, problem },
    ],
    marks: [number, place],
  };
}

async function prepareRegistration(input: PrepareInput): Promise<Prepared> {
  const { form, context, tools } = input;
  const problem = checkCard(input) ?? checkCodeUsable(context);
  if (problem) return { problem };
  const period = {
    from: text(form.idValidFrom),
    to: text(form.idValidTo),
    birthDate: birthDate(input),
  };
  const right = isCodeRight(input);
  return {
    facts: {
      smsCode: right ? 'right' : 'wrong',
      agreements: agreements.map(({ id, version }) => ({ id, version })),
      unusualPeriod: isUnusualPeriod(period),
    },
    // Costly on purpose, so only for who has proven the number.
    personal: right ? { passwordHash: await tools.hashPassword(text(form.password)) } : {},
  };
}

/** Figure 6: start ≤ today ≤ end, end > start, start ≥ birth date. */
function checkCard(input: PrepareInput) {
  const { form, at } = input;
  const found = checkIdValidity({
    from: text(form.idValidFrom),
    to: text(form.idValidTo),
    birthDate: birthDate(input),
    today: todayInChina(at),
  });
  if (!found) return undefined;
  const atStart = found.params.reason === 'not-yet' || found.params.reason === 'before-birth';
  return fieldProblem({ pointer: atStart ? '/idValidFrom' : '/idValidTo', ...reasoned(found) });
}

/** A code that can no longer be right costs no try. */
function checkCodeUsable(context: JsonObject) {
  const code = {
    none: 'sms-code-missing',
    expired: 'sms-code-expired',
    used: 'sms-code-used',
    yes: undefined,
  }[usableOf(context)];
  return code === undefined ? undefined : fieldProblem({ pointer: '/smsCode', code });
}

/** Bound to the case by the key of its sending, to the mobile number by the code itself. */
function isCodeRight({ form, context, personal: values, tools }: PrepareInput): boolean {
  const sms = part(context, 'sms');
  if (text(form.mobile) !== values.codeMobile) return false;
  return sameSecret(text(form.smsCode), tools.codeFor(text(sms.sentKey), values.codeMobile));
}

/** Figure 7 [ours]: five failures a day, whatever case they were in. */
function prepareFace({ at, caller, personal: values, tools }: PrepareInput): Prepared {
  const facts = { consentVersion: FACE_CONSENT_VERSION, channel: caller.channel };
  return { limits: [faceLimit(values, at, tools)], facts };
}

export function faceLimit(values: Personal, at: string, tools: EdgeTools): Limit {
  const nextDay = Date.parse(startOfNextDayInChina(at));
  return {
    ...faceFailure(values, tools),
    max: FACE_FAILURES_A_DAY,
    windowMs: Date.parse(at) - (nextDay - DAY_MS) + 1,
    problem: { code: 'face-locked', retryAfterSeconds: Math.ceil((nextDay - Date.parse(at)) / 1000) },
  };
}

export function faceFailure(values: Personal, tools: EdgeTools) {
  return { scope: 'face-failure', subject: tools.digestOf('subject', values.idNumber ?? '') };
}

/** A token that this case was not given is no proof of anything. */
function prepareFaceFinish({ form, personal: values }: PrepareInput): Prepared {
  const ours = values.faceToken !== undefined && sameSecret(text(form.token), values.faceToken);
  return ours ? {} : { problem: { code: 'face-token-rejected' } };
}

/** One field is wrong: its code is the answer's. */
export function fieldProblem(error: FieldError) {
  return { code: error.code, errors: [error] };
}

/** Words differ by reason, the public code does not. */
function reasoned(found: { code: string; params: { reason: string } }) {
  return { code: `${found.code}.${found.params.reason}`, params: found.params };
}

function birthDate({ personal: values }: PrepareInput): string {
  return birthDateOf(values.idNumber ?? '');
}

function usableOf(context: JsonObject): 'none' | 'yes' | 'expired' | 'used' {
  const usable = part(context, 'sms').usable;
  return usable === 'yes' || usable === 'expired' || usable === 'used' ? usable : 'none';
}

export function part(context: JsonObject, name: string): JsonObject {
  const found = context[name];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
