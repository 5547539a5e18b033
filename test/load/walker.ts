import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { png } from '../helpers.ts';
import type { Connection, Reply } from './connection.ts';

export const MATTER = 'supervision-engineer-deregistration';
/** The reason of the forced branch, and the document that proves it. */
const EVIDENCE = 'arbitration';

/** Something the server said it had done: this event of this case stands at this seq under this digest. */
export interface Acknowledged {
  caseId: string;
  event: string;
  seq: number;
  head: string;
}

/** A device with a session and a profile, for a person of the simulators' world who is registered. */
export interface Walker {
  token: string;
  person: PersonSample;
}

export async function newWalker(connection: Connection, person: PersonSample): Promise<Walker> {
  const session = await must(
    connection.call({ method: 'POST', path: '/v1/sessions', body: { channel: 'web' } }),
  );
  const token: string = session.body.token;
  await must(connection.call({ method: 'PUT', path: '/v1/me/profile', token, body: { nickname: '例工' } }));
  await must(connection.call({ method: 'PUT', path: '/v1/me/avatar', token, raw: pictureForm(png()) }));
  return { token, person };
}

export async function openCase(connection: Connection, { token }: Walker, key?: string): Promise<Reply> {
  return connection.call({
    method: 'POST',
    path: `/v1/matters/${MATTER}/cases`,
    token,
    body: {},
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
}

export type Kind = 'normal' | 'forced';

/**
 * The event a registered person sends next, from what the case says; undefined when it is submitted or over.
 * `before` plays the person in front of the simulated camera and comes first. A `material.add` goes with a picture.
 */
export function nextEvent(
  view: CaseView,
  person: PersonSample,
  kind: Kind = 'normal',
): { event: string; body: object; before?: { path: string; body: object } } | undefined {
  const may = new Set(view.allowed.map(({ event }) => event));
  if (may.has('identity.submit')) {
    return { event: 'identity.submit', body: { name: person.name, idNumber: person.idNumber } };
  }
  if (may.has('face.finish')) {
    const { token } = view.data.face as { token: string };
    const before = { path: `/simulator/faces/${token}`, body: { outcome: 'pass' } };
    return { event: 'face.finish', body: { token }, before };
  }
  if (may.has('face.begin')) return { event: 'face.begin', body: { consent: true } };
  if (may.has('notice.proceed')) return { event: 'notice.proceed', body: { kind } };
  if (may.has('notice.declare')) return { event: 'notice.declare', body: {} };
  if (may.has('notice.acknowledge')) {
    return { event: 'notice.acknowledge', body: { clause: firstUnticked(view) } };
  }
  const { attachments } = view.data;
  if (may.has('material.add') && Array.isArray(attachments) && attachments.length === 0) {
    return { event: 'material.add', body: { material: EVIDENCE } };
  }
  if (may.has('form.submit')) {
    const reason = kind === 'forced' ? { forcedReason: EVIDENCE } : { reason: 'voluntary' };
    return { event: 'form.submit', body: { ethnicity: '汉族', ...reason } };
  }
  if (may.has('pledge.accept')) return { event: 'pledge.accept', body: {} };
  return undefined;
}

function firstUnticked(view: CaseView): string {
  const { clauses } = view.data.notice as { clauses: { clause: string; acknowledgedAt: string | null }[] };
  return clauses.find((each) => each.acknowledgedAt === null)?.clause ?? 'c1';
}

/** An answer that was none of the good ones. */
export class Refused extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`${reply.status}: ${reply.text}`);
    this.reply = reply;
  }
}

export async function must(reply: Promise<Reply>): Promise<Reply> {
  const answered = await reply;
  if (answered.status >= 300) throw new Refused(answered);
  return answered;
}

/** A picture as a form sends it, behind its fields. */
export function pictureForm(
  picture: Buffer,
  fields: Record<string, string> = {},
): { type: string; bytes: Buffer } {
  const edge = 'banjian-load';
  const part = (head: string) => `--${edge}\r\ncontent-disposition: form-data; ${head}\r\n`;
  const before = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}\r\n${value}\r\n`);
  const head = `${before.join('')}${part('name="file"; filename="a.png"')}content-type: image/png\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${edge}`,
    bytes: Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${edge}--\r\n`)]),
  };
}
