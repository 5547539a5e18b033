import type { Answer, Contract, Operation } from './contract.ts';

const PROBLEM = 'application/problem+json';

/** What comes of a request that leads to no described route: nothing is told but that. */
const NOWHERE: Record<number, string[]> = {
  400: ['malformed'],
  404: ['not-found'],
  413: ['payload-too-large'],
  415: ['unsupported-media-type'],
  429: ['too-many-requests'],
  503: ['busy'],
};

/** Answered, and hidden from the document on purpose: the document itself, its reader, what the face page loads. */
const HIDDEN = /^\/(?:openapi\.json|docs(?:\/.*)?|simulator\/face\.(?:js|css))(?:[?#]|$)/;
/** Every event no matter has: refused as the known ones are. */
const ANY_EVENT = /^(\/v1\/cases\/[^/]+\/events\/)[^/?#]*/;

export interface Sent {
  method: string;
  url: string;
}

/** Everything an answer says or does that the document does not. Empty: it is as described. */
export function findBreaches(contract: Contract, sent: Sent, answer: Answer): string[] {
  const breaches = [...findFaults(sent, answer), ...findProblemBreaches(answer)];
  const operation = findDescribed(contract, sent);
  if (operation) return [...breaches, ...findUndescribed(operation, sent, answer)];
  const fine = HIDDEN.test(sent.url)
    ? answer.status < 500 || isNowhere(answer, sent)
    : isNowhere(answer, sent);
  return fine ? breaches : [...breaches, `${answer.status} of no route in the document`];
}

function findDescribed(contract: Contract, { method, url }: Sent): Operation | undefined {
  const event = method === 'POST' ? url.replace(ANY_EVENT, '$1case.withdraw') : url;
  return contract.find(method, url) ?? contract.find(method, event);
}

/** 5xx never, but for `busy`, which says when to come again. */
function findFaults({ method }: Sent, { status, headers, text }: Answer): string[] {
  if (status === 0) return ['no answer'];
  if (status < 500) return [];
  const said = method === 'HEAD' ? 'busy' : codeOf(text);
  const busy = status === 503 && said === 'busy' && Number(headers['retry-after']) >= 1;
  return busy ? [] : [`a fault of ours: ${status}`];
}

function findUndescribed(operation: Operation, { method }: Sent, answer: Answer): string[] {
  const described = operation.answers.get(answer.status);
  const at = `${operation.method} ${operation.template}`;
  // The router knows no path with an empty or an overlong part, and no HEAD of a stream.
  if (!described) return isNowhere(answer, { method }) ? [] : [`${at}: ${answer.status} is not described`];
  if (method === 'HEAD') return answer.text === '' ? [] : [`${at}: a body to a HEAD`];
  const missing = described.headers.filter((name) => answer.headers[name] === undefined);
  const breaches = missing.map((name) => `${at}: ${answer.status} without ${name}`);
  if (described.content.size === 0) {
    return answer.text === '' ? breaches : [...breaches, `${at}: ${answer.status} with a body`];
  }
  const type = mediaTypeOf(answer);
  const schema = described.content.get(type);
  if (!schema) return [...breaches, `${at}: ${answer.status} as ${type || 'nothing'} is not described`];
  const code = codeOf(answer.text);
  if (type === PROBLEM && !described.codes.includes(code)) {
    breaches.push(`${at}: ${answer.status} with the code ${code} is not described`);
  }
  const parsed = schema.safeParse(type.endsWith('json') ? readJson(answer.text) : answer.text);
  const issues = parsed.error?.issues.map(({ path, message }) => `/${path.join('/')} ${message}`) ?? [];
  return [...breaches, ...issues.map((issue) => `${at}: ${answer.status} has another shape: ${issue}`)];
}

/** RFC 9457: the status of the answer and of the body agree, and so do type and code. */
function findProblemBreaches({ status, headers, text }: Answer): string[] {
  if (status < 400 || text === '') return [];
  const problem = readJson(text);
  if (typeof problem !== 'object' || problem === null) return [`${status} that is no problem`];
  const { type, title, detail, code, status: said } = problem as Record<string, unknown>;
  const wrong = [
    said === status ? '' : 'another status in the body',
    type === `urn:banjian:problem:${String(code)}` ? '' : 'a type that is not of its code',
    title && detail ? '' : 'no words',
    status !== 429 || Number(headers['retry-after']) >= 1 ? '' : 'no Retry-After',
  ];
  return wrong.filter(Boolean).map((what) => `${status}: ${what}`);
}

function isNowhere({ status, text }: Answer, { method }: Pick<Sent, 'method'>): boolean {
  const codes = NOWHERE[status];
  return codes !== undefined && (method === 'HEAD' ? text === '' : codes.includes(codeOf(text)));
}

function mediaTypeOf({ headers }: Answer): string {
  const type = headers['content-type'];
  return typeof type === 'string' ? (type.split(';')[0]?.trim() ?? '') : '';
}

/** RFC 9457, as far as it can be told without the answer around it. */
export function isProblem(text: string): boolean {
  const body = readJson(text);
  return typeof body === 'object' && body !== null && 'code' in body && 'type' in body && 'status' in body;
}

function codeOf(text: string): string {
  const body = readJson(text);
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
