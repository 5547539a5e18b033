import { inLanguage } from '../../engine/errors.ts';
import type { JsonObject, Language, Personal, View, ViewInput } from '../../engine/types.ts';
import { maskDate, maskIdNumber, maskMobile, maskName } from '../shared/mask.ts';
import { collect, masked, type Shows, stepsShows } from '../shared/steps/view.ts';
import { itemCode } from './guide.ts';
import type { DeregistrationContext } from './machine.ts';
import { clauses, messages, noticeTexts, pledge, stepTitles, submittedToast, title } from './texts.ts';

const shows: Shows = {
  ...stepsShows,
  notice: ({ state, language }) => {
    const { notice, form } = contextOf(state.context);
    return {
      matter: header(language),
      notice: {
        heading: inLanguage(noticeTexts.heading, language),
        clauses: clauses.map(({ id, text }) => ({
          clause: id,
          text: inLanguage(text, language),
          acknowledgedAt: notice.clauses[id],
        })),
        declaration: { text: inLanguage(noticeTexts.declaration, language), declaredAt: notice.declaredAt },
        kind: form.kind,
        footer: inLanguage(noticeTexts.footer, language),
      },
    };
  },
  register: ({ state, personal, role, language }) => ({
    matter: header(language),
    register: { ...registered(personal, role === 'applicant'), ...specialtiesOf(state.context) },
  }),
  form: ({ state, personal, role, language }) => {
    const { form } = contextOf(state.context);
    return {
      form: {
        kind: form.kind,
        draft: drafted(form, personal, role === 'applicant'),
        pledge: {
          title: inLanguage(pledge.title, language),
          text: inLanguage(pledge.text, language),
          acceptedAt: form.pledge?.at ?? null,
        },
      },
    };
  },
  materials: ({ state, personal, role }) => ({
    attachments: contextOf(state.context).materials.map((material) => ({
      ...material,
      ...(role === 'applicant' ? { name: personal[`fileName.${material.id}`] ?? '' } : {}),
    })),
  }),
  filing: ({ state, language }) => ({
    filing: { number: contextOf(state.context).filing.number },
    toast: inLanguage(submittedToast, language),
  }),
};

/** What the state's `meta` names: figure's step, message, groups of data. */
export function viewDeregistration(input: ViewInput): View {
  const { meta, state, language } = input;
  const current = lastOf(meta, 'step');
  const message = lastOf(meta, 'message');
  return {
    step: typeof current === 'number' ? stepView(current, language) : null,
    message: typeof message === 'string' ? messageOf(message, contextOf(state.context), language) : null,
    data: collect(shows, meta.flatMap(namesOf), input),
  };
}

/** The innermost state, and the last region, has the last word. */
function lastOf(meta: JsonObject[], name: string) {
  return meta.findLast((each) => each[name] !== undefined)?.[name];
}

function namesOf(meta: JsonObject): string[] {
  const names = meta.shows;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function stepView(current: number, language: Language): View['step'] {
  const text = stepTitles[current - 1];
  return text ? { current, of: stepTitles.length, title: inLanguage(text, language) } : null;
}

function messageOf(name: string, context: DeregistrationContext, language: Language): string {
  const message = messages[name];
  if (!message) throw new Error(`no text for message ${name}`);
  return inLanguage(message(context), language);
}

function header(language: Language): JsonObject {
  return { title: inLanguage(title, language), itemCode };
}

/** Figure 9, prefilled and read-only. Staff see what identifies no further. */
function registered(personal: Personal, own: boolean): JsonObject {
  return {
    ...renamed('name', masked('registeredName', personal, maskName)),
    ...(own ? masked('sex', personal, (sex) => sex) : {}),
    idType: 'resident-id-card',
    ...masked('idNumber', personal, maskIdNumber),
    ...masked('birthDate', personal, maskDate),
    ...renamed('mobile', masked('registeredMobile', personal, maskMobile)),
    ...(own ? masked('employerName', personal, (name) => name) : {}),
  };
}

/** Figure 9 calls it by the plain name; in the vault it stands beside what was typed. */
function renamed(name: string, value: JsonObject): JsonObject {
  const [found] = Object.values(value);
  return found === undefined ? {} : { [name]: found };
}

function specialtiesOf(context: JsonObject): JsonObject {
  const [specialty1 = null, specialty2 = null] = contextOf(context).register.specialties;
  return { specialty1, specialty2 };
}

function drafted(form: DeregistrationContext['form'], personal: Personal, own: boolean): JsonObject {
  const { reason, forcedReason, specialty2 } = form;
  const ethnicity: JsonObject =
    own && personal.ethnicity !== undefined ? { ethnicity: personal.ethnicity } : {};
  const branch: JsonObject = form.kind === 'forced' ? { forcedReason } : { reason };
  return { ...ethnicity, specialty2, ...branch };
}

/** The context is this matter's own, stored and read back as JSON. */
function contextOf(context: JsonObject): DeregistrationContext {
  return context as unknown as DeregistrationContext;
}
