import { inLanguage } from '../../../engine/errors.ts';
import type { JsonObject, Language, Personal, ViewInput } from '../../../engine/types.ts';
import { maskIdNumber, maskMobile, maskName } from '../mask.ts';
import { faceAttemptsLeft, type StepsContext } from './machine.ts';
import { agreements, faceTexts } from './texts.ts';

/** What a state shows, by the names in its `meta.shows`. Personal values leave here masked. */
export type Shows = Record<string, (input: ViewInput) => JsonObject>;

export const stepsShows: Shows = {
  person: ({ personal }) => ({
    ...masked('name', personal, maskName),
    ...masked('idNumber', personal, maskIdNumber),
  }),
  registration: ({ personal, state, language }) => {
    const { registration } = contextOf(state.context);
    return {
      idType: 'resident-id-card',
      // The number the code went to, whatever was typed since.
      ...masked('mobile', { mobile: personal.codeMobile ?? personal.mobile ?? '' }, maskMobile),
      agreements: agreements.map(({ id, version, title }) => ({
        id,
        version,
        title: inLanguage(title, language),
      })),
      ...warningsOf(registration.unusualPeriod, language),
    };
  },
  consent: ({ language, state }) => ({
    face: {
      notice: inLanguage(faceTexts.notice, language),
      consent: inLanguage(faceTexts.consent, language),
    },
    ...warningsOf(contextOf(state.context).registration.unusualPeriod, language),
  }),
  /** Only for the person who stands before the camera: the token is theirs to use. */
  faceSession: ({ personal, role, state }): JsonObject => {
    const { faceToken, faceUrl } = personal;
    const { expiresAt } = contextOf(state.context).face;
    if (role !== 'applicant' || !faceToken || !faceUrl) return {};
    return { face: { token: faceToken, url: faceUrl, expiresAt } };
  },
  faceAttempts: ({ state }) => ({ face: { attemptsLeft: faceAttemptsLeft(contextOf(state.context).face) } }),
};

/** Figure 6 [law]: a period that does not fit the age at issue is worth a word, and no refusal. */
function warningsOf(unusualPeriod: boolean, language: Language): JsonObject {
  if (!unusualPeriod) return {};
  const text = {
    zh: '身份证有效期与签发时年龄通常不符,请核对',
    en: 'The validity period is unusual for the age at issue: please check it.',
  };
  return { warnings: [{ code: 'id-period-unusual', message: inLanguage(text, language) }] };
}

/** The field under its name, masked, if there is one. */
export function masked(field: string, personal: Personal, mask: (text: string) => string): JsonObject {
  const value = personal[field];
  return value === undefined ? {} : { [field]: mask(value) };
}

/** The context is this matter's own, stored and read back as JSON. */
function contextOf(context: JsonObject): StepsContext {
  return context as unknown as StepsContext;
}

/** Several groups may say something of the same name: their members are put together. */
export function collect(shows: Shows, names: string[], input: ViewInput): JsonObject {
  const data: JsonObject = {};
  for (const name of new Set(names)) {
    for (const [key, value] of Object.entries(shows[name]?.(input) ?? {})) {
      const before = data[key];
      data[key] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
    }
  }
  return data;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
