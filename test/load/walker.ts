import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { png } from '../helpers.ts';
import type { Connection, Reply } from './connection.ts';

export const MATTER = 'supervision-engineer-deregistration';

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
  await must(connection.call({ method: 'PUT', path: '/v1/me/avatar', token, raw: avatar() }));
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

/**
 * The event a registered person sends next on the normal way, from what the case says; undefined when it is submitted or over.
 * `before` plays the person in front of the simulated camera and comes first.
 */
export function nextEvent(
  view: CaseView,
  person: PersonSample,
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
  if (may.has('notice.proceed')) return { event: 'notice.proceed', body: { kind: 'normal' } };
  if (may.has('notice.declare')) return { event: 'notice.declare', body: {} };
  if (may.has('notice.acknowledge')) {
    return { event: 'notice.acknowledge', body: { clause: firstUnticked(view) } };
  }
  if (may.has('form.submit'))
    return { event: 'form.submit', body: { ethnicity: '汉族', reason: 'voluntary' } };
  if (may.has('pledge.accept')) return { event: 'pledge.accept', body: {} };
  return undefined;
}

function firstUnticked(view: CaseView): string {
  const { clauses } = view.data.notice as { clauses: { clause: string; acknowledgedAt: string | null }[] };
  return clauses.find((each) => each.acknowledgedAt === null)?.clause ?? 'c1';
}

export async function must(reply: Promise<Reply>): Promise<Reply> {
  const answered = await reply;
  if (answered.status >= 300) throw new Error(`${answered.status}: ${answered.text}`);
  return answered;
}

/** A picture as a form sends it. */
function avatar(): { type: string; bytes: Buffer } {
  const edge = 'banjian-load';
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${edge}`,
    bytes: Buffer.concat([Buffer.from(head), png(), Buffer.from(`\r\n--${edge}--\r\n`)]),
  };
}
