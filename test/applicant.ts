import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import type { CaseView } from '../src/engine/present.ts';
import type { SimulatorControl } from '../src/providers/simulator/index.ts';
import { png, type TestApp, type TestClient } from './helpers.ts';

/** What an applicant has in hand: a device, a session, the simulators' side of the world. */
export interface Applicant {
  token: string;
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, options?: Ask): Promise<Answered>;
  /** Opens a deregistration. */
  open(): Promise<CaseView>;
  send(caseId: string, event: string, body?: object, headers?: Record<string, string>): Promise<Answered>;
  upload(caseId: string, material: string, file: Buffer, headers?: Record<string, string>): Promise<Answered>;
  /** Walks on until a state is reached, from wherever the case is. */
  walk(caseId: string, person: Walker, until: string): Promise<CaseView>;
  /** One event on, and the seq it led to. */
  walkOne(caseId: string, person: Walker): Promise<{ event: string; seq: number }>;
}
export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
}
export interface Answered {
  status: number;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; each test says what it expects
  body: any;
  headers: Record<string, unknown>;
}
/** The person who walks, and which way. */
export interface Walker {
  name: string;
  idNumber: string;
  mobile: string;
  specialties: string[];
  kind?: 'normal' | 'forced';
}

export const MATTER = 'supervision-engineer-deregistration';
export const PASSWORD = 'canary8pw';

/** A picture of its own for each number. */
export async function pictureOf(shade: number): Promise<Buffer> {
  const background = { r: shade % 256, g: Math.floor(shade / 256), b: 7 };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A session with nickname and avatar, ready to open a case. */
export async function newApplicant(kit: TestApp): Promise<Applicant> {
  return applicantOf(kit, await kit.person());
}

/** The same applicant after a restart, or on another device. */
export function applicantOf(kit: TestApp, client: TestClient): Applicant {
  const { control: world } = kit.simulator;
  const ask: Applicant['ask'] = async (method, url, { body, headers } = {}) => {
    if (method === 'GET') return read(await client.get(url, headers));
    if (method === 'DELETE') return read(await client.delete(url, headers));
    return read(await client[method === 'PUT' ? 'put' : 'post'](url, body, headers));
  };
  const applicant: Applicant = {
    token: client.token ?? '',
    ask,
    async open() {
      return (await ask('POST', `/v1/matters/${MATTER}/cases`, { body: {} })).body;
    },
    send: (caseId, event, body = {}, headers = {}) =>
      ask('POST', `/v1/cases/${caseId}/events/${event}`, { body, headers }),
    upload: async (caseId, material, file, headers = {}) => {
      const picture = { name: 'picture.png', bytes: file };
      const url = `/v1/cases/${caseId}/attachments`;
      return read(await client.upload('POST', url, { material }, picture, headers));
    },
    async walkOne(caseId, person) {
      const view: CaseView = (await ask('GET', `/v1/cases/${caseId}`)).body;
      const event = await takeStep(applicant, world, person, view);
      return { event, seq: (await ask('GET', `/v1/cases/${caseId}`)).body.seq };
    },
    async walk(caseId, person, until) {
      let view: CaseView = (await ask('GET', `/v1/cases/${caseId}`)).body;
      for (let steps = 0; steps < 60 && !view.states.includes(until); steps++) {
        await takeStep(applicant, world, person, view);
        view = (await ask('GET', `/v1/cases/${caseId}`)).body;
      }
      if (!view.states.includes(until)) throw new Error(`stuck in ${view.states.join(' ')}: ${view.message}`);
      return view;
    },
  };
  return applicant;
}

async function takeStep(
  by: Applicant,
  world: SimulatorControl,
  person: Walker,
  view: CaseView,
): Promise<string> {
  const [event, body] = await chooseStep(by, world, person, view);
  const answer = event === 'material.add' ? await addEvidence(by, view) : await by.send(view.id, event, body);
  if (answer.status >= 300) throw new Error(`${event} in ${view.states.join(' ')}: ${answer.text}`);
  return event;
}

function addEvidence(by: Applicant, view: CaseView): Promise<Answered> {
  return by.upload(view.id, 'arbitration', png());
}

async function chooseStep(
  by: Applicant,
  world: SimulatorControl,
  person: Walker,
  view: CaseView,
): Promise<[event: string, body: object]> {
  const allowed = new Set(view.allowed.map((each) => each.event));
  const { name, idNumber, mobile } = person;
  if (allowed.has('identity.submit')) return ['identity.submit', { name, idNumber }];
  if (allowed.has('registration.begin')) return ['registration.begin', {}];
  if (view.states.includes('registration.smsCode.none')) return ['sms.request', { mobile }];
  if (allowed.has('registration.submit')) return ['registration.submit', registrationOf(world, mobile)];
  if (allowed.has('face.begin')) return ['face.begin', { consent: true }];
  if (allowed.has('face.finish')) {
    const { token } = (await by.ask('GET', `/v1/cases/${view.id}`)).body.data.face;
    world.setFaceOutcome(token, 'pass');
    return ['face.finish', { token }];
  }
  return chooseFormStep(person, view, allowed);
}

function chooseFormStep(person: Walker, view: CaseView, allowed: Set<string>): [string, object] {
  const kind = person.kind ?? 'normal';
  if (allowed.has('notice.proceed')) return ['notice.proceed', { kind }];
  if (allowed.has('notice.declare')) return ['notice.declare', {}];
  if (allowed.has('notice.acknowledge')) return ['notice.acknowledge', { clause: firstUnticked(view) }];
  const attachments = view.data.attachments;
  if (allowed.has('material.add') && Array.isArray(attachments) && attachments.length === 0)
    return ['material.add', {}];
  if (!allowed.has('form.submit')) return ['pledge.accept', {}];
  const [, specialty2] = person.specialties;
  const reason = kind === 'forced' ? { forcedReason: 'arbitration' } : { reason: 'voluntary' };
  return ['form.submit', { ethnicity: '汉族', ...(specialty2 ? { specialty2 } : {}), ...reason }];
}

function firstUnticked(view: CaseView): string {
  const { clauses } = view.data.notice as { clauses: { clause: string; acknowledgedAt: string | null }[] };
  return clauses.find((each) => each.acknowledgedAt === null)?.clause ?? 'c1';
}

/** A form as a person fills it in, with the newest code their phone got. */
export function registrationOf(world: SimulatorControl, mobile: string): Record<string, unknown> {
  return {
    idType: 'resident-id-card',
    idValidFrom: '2020-01-01',
    idValidTo: '2040-01-01',
    mobile,
    smsCode: newestCode(world, mobile),
    password: PASSWORD,
    passwordConfirmation: PASSWORD,
    agreementsAccepted: true,
  };
}

export function newestCode(world: SimulatorControl, mobile: string): string {
  return /\d{6}/.exec(world.messages(mobile)[0]?.text ?? '')?.[0] ?? '';
}

function read(answer: LightMyRequestResponse): Answered {
  const type = String(answer.headers['content-type'] ?? '');
  return {
    status: answer.statusCode,
    text: answer.body,
    body: type.includes('json') ? answer.json() : undefined,
    headers: answer.headers,
  };
}
