import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { addressOf, caseIdOf, EVENTS_A_WALK, MATTER, STEPS, tokenOf } from '../walk.ts';

/** Where a person is on their way through one case. */
export interface Walk {
  index: number;
  person: PersonSample;
  /** Headers that stay the same over the walk. */
  headers: string;
  /** How many events were acknowledged. */
  done: number;
  caseId: string;
  faceToken: string;
}

/** How a kind of server is spoken to. */
export interface Dialect {
  /** How many acknowledged events make a walk. */
  events: number;
  /** The next request of a walk, as it goes over the wire. */
  request(walk: Walk): string;
  /**
   * Reads an answer into the walk: true when an event is acknowledged by it, false when it takes another request.
   * @throws Error when it is not what was to be expected.
   */
  take(walk: Walk, status: number, body: Buffer): boolean;
}

export function beginWalk(index: number, person: PersonSample): Walk {
  const headers = [
    'HTTP/1.1',
    'host: bench',
    'content-type: application/json',
    `authorization: Bearer ${tokenOf(index)}`,
    `x-forwarded-for: ${addressOf(index)}`,
  ].join('\r\n');
  return { index, person, headers, done: 0, caseId: '', faceToken: '' };
}

export function post(path: string, headers: string, body: string): string {
  return `POST ${path} ${headers}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The contract's own paths: every server of the bench that is written here has them. */
function caseRequest({ person, headers, done, caseId, faceToken }: Walk): string {
  const step = STEPS[done - 1];
  if (!step) return post(`/v1/matters/${MATTER}/cases`, headers, '{}');
  return post(
    `/v1/cases/${caseId}/events/${step.event}`,
    headers,
    JSON.stringify(step.body(person, faceToken)),
  );
}

export const cases: Dialect = {
  events: EVENTS_A_WALK,
  request: caseRequest,
  take(walk, status, body) {
    const { done } = walk;
    if (status !== (done === 0 ? 201 : 200)) refuse(walk, status, body);
    if (done === 0) walk.caseId = textAfter(body, '"id":"') ?? refuse(walk, status, body);
    // What comes after it is the token's own step.
    if (done === 2) walk.faceToken = textAfter(body, '"token":"') ?? refuse(walk, status, body);
    if (done === EVENTS_A_WALK - 1 && !body.includes('awaitingEnterprise')) refuse(walk, status, body);
    walk.done++;
    return true;
  },
};

/** With an Idempotency-Key of its own for every event, as clients are asked to send it. */
export const keyed: Dialect = {
  ...cases,
  request: (walk) =>
    caseRequest({ ...walk, headers: `${walk.headers}\r\nidempotency-key: bench-${walk.index}-${walk.done}` }),
};

/** What it is sent comes back. */
export const echo: Dialect = {
  events: EVENTS_A_WALK,
  request: (walk) => caseRequest({ ...walk, caseId: 'echo', faceToken: 'echo' }),
  take(walk, status, body) {
    if (status !== (walk.done === 0 ? 201 : 200)) refuse(walk, status, body);
    walk.done++;
    return true;
  },
};

const CLAUSES = 6;

/** One event of a case that stands in `notice.reading` and stays there, so that any case can take any number of them. */
export const acknowledge: Dialect = {
  events: 1,
  request({ index, headers }) {
    const clause = `c${1 + (index % CLAUSES)}`;
    return post(
      `/v1/cases/${caseIdOf(index)}/events/notice.acknowledge`,
      headers,
      JSON.stringify({ clause }),
    );
  },
  take(walk, status, body) {
    if (status !== 200) refuse(walk, status, body);
    walk.done++;
    return true;
  },
};

/** @throws Error saying which event was answered how. */
export function refuse(walk: Walk, status: number, body: Buffer): never {
  const event = STEPS[walk.done - 1]?.event ?? 'case.open';
  throw new Error(`${event} was answered ${status}: ${body.toString().slice(0, 500)}`);
}

/** A text of a JSON body, without reading all of it. */
function textAfter(body: Buffer, before: string): string | undefined {
  const at = body.indexOf(before);
  if (at < 0) return undefined;
  const from = at + before.length;
  return body.toString('latin1', from, body.indexOf('"', from));
}
