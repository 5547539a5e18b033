import type { Case, Client, Person } from './client.ts';
import { samplePng } from './sample-image.ts';

export interface Way {
  kind: 'normal' | 'forced';
  person: Person;
}

/** What a person would do next: an event, its body or its file, and what happens in the world before it is sent. */
export interface Move {
  event: string;
  body?: { [field: string]: unknown };
  /** What of the body tells one step from the next. */
  label?: string;
  file?: FormData;
  before?(client: Client): Promise<void>;
}

const ETHNICITY = '汉族';
const PASSWORD = 'Banjian2026';

/** Led by what the case allows and shows, not by a script; so it goes on from wherever a case is. */
export async function nextMove(client: Client, here: Case, way: Way): Promise<Move | undefined> {
  const may = (event: string) => here.allowed.some((each) => each.event === event);
  if (may('case.retry')) return { event: 'case.retry', body: {} };
  if (may('identity.submit')) return identify(way);
  if (may('registration.begin')) return { event: 'registration.begin', body: {} };
  if (may('registration.submit')) return register(client, here, way, may('sms.request'));
  if (may('face.finish')) return finishFace(here);
  if (may('face.begin')) return { event: 'face.begin', body: { consent: true } };
  if (may('notice.acknowledge')) return readNotice(here, way);
  if (may('pledge.accept')) return fillForm(here, way);
  return undefined;
}

function identify({ person: { name, idNumber } }: Way): Move {
  return { event: 'identity.submit', body: { name, idNumber } };
}

async function register(
  client: Client,
  here: Case,
  { person }: Way,
  mayAsk: boolean,
): Promise<Move | undefined> {
  if (!here.states.includes('registration.smsCode.sent')) {
    return mayAsk ? { event: 'sms.request', body: { mobile: person.mobile } } : undefined;
  }
  const issued = new Date(Date.now() - 365 * 24 * 60 * 60_000);
  return {
    event: 'registration.submit',
    body: {
      idType: 'resident-id-card',
      idValidFrom: issued.toISOString().slice(0, 10),
      ...validTo(person, issued),
      mobile: person.mobile,
      smsCode: await readCode(client, person.mobile),
      password: PASSWORD,
      passwordConfirmation: PASSWORD,
      agreementsAccepted: true,
    },
  };
}

/** As the law gives it: 20 years from 26 to 45, for ever from 46. */
function validTo(person: Person, issued: Date): { idValidTo: string } {
  const age = issued.getUTCFullYear() - Number(person.birthDate.slice(0, 4));
  if (age > 46) return { idValidTo: 'long-term' };
  const [year = '', ...day] = issued.toISOString().slice(0, 10).split('-');
  // Cards of 29 February end on the 28th.
  return { idValidTo: [String(Number(year) + 20), ...day].join('-').replace('-02-29', '-02-28') };
}

/** The newest message on the simulated phone. */
async function readCode(client: Client, mobile: string): Promise<string> {
  const { messages } = await client.get<{ messages: { text: string }[] }>(`/simulator/sms?mobile=${mobile}`);
  const code = /\d{6}/.exec(messages[0]?.text ?? '')?.[0];
  if (code === undefined) throw new Error(`no code among the messages of ${mobile}`);
  return code;
}

/** The person stands before the (simulated) camera first. */
function finishFace(here: Case): Move {
  const token = String(part(here.data, 'face').token);
  return {
    event: 'face.finish',
    body: { token },
    before: async (client) => {
      await client.post(`/simulator/faces/${token}`, { outcome: 'pass' });
    },
  };
}

function readNotice(here: Case, { kind }: Way): Move {
  const notice = part(here.data, 'notice');
  const clauses = notice.clauses as { clause: string; acknowledgedAt: string | null }[];
  const open = clauses.find(({ acknowledgedAt }) => acknowledgedAt === null);
  if (open) return { event: 'notice.acknowledge', body: { clause: open.clause }, label: open.clause };
  if (part(notice, 'declaration').declaredAt === null) return { event: 'notice.declare', body: {} };
  return { event: 'notice.proceed', body: { kind }, label: kind };
}

/** Figure 9: a draft first, the evidence if the branch wants any, the letter, and off it goes. */
function fillForm(here: Case, { kind }: Way): Move {
  const form = part(here.data, 'form');
  const draft = part(form, 'draft');
  const reason = kind === 'forced' ? { forcedReason: 'arbitration' } : { reason: 'employment-ended' };
  if (draft.ethnicity === undefined) return { event: 'form.save', body: { ethnicity: ETHNICITY, ...reason } };
  const attachments = here.data.attachments;
  if (kind === 'forced' && Array.isArray(attachments) && attachments.length === 0) {
    return { event: 'material.add', file: evidence() };
  }
  if (part(form, 'pledge').acceptedAt === null) return { event: 'pledge.accept', body: {} };
  const second = part(here.data, 'register').specialty2;
  const specialty2 = typeof second === 'string' ? { specialty2: second } : {};
  return { event: 'form.submit', body: { ethnicity: ETHNICITY, ...specialty2, ...reason } };
}

function evidence(): FormData {
  const form = new FormData();
  form.set('material', 'arbitration');
  form.set('file', new Blob([samplePng()], { type: 'image/png' }), '劳动仲裁结果.png');
  return form;
}

function part(data: { [name: string]: unknown }, name: string): { [name: string]: unknown } {
  const found = data[name];
  return typeof found === 'object' && found !== null ? (found as { [name: string]: unknown }) : {};
}
