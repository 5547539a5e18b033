import { png } from '../../helpers.ts';
import { connect } from '../../load/connection.ts';
import { inventPeople } from '../../load/people.ts';
import { newWalker, openCase } from '../../load/walker.ts';
import { findBreaches, isProblem } from './check.ts';
import type { Answer, Contract } from './contract.ts';
import { writeForm } from './form-plan.ts';
import { type Exchange, talk } from './wire.ts';
import { FRAMINGS, LINES, type WirePlan } from './wire-plan.ts';

/** A request that makes sense, to be spoilt. */
export interface Base {
  method: string;
  path: string;
  headers: string[];
  body: string;
  /** Its answer has no end of its own. */
  isEndless?: boolean;
}

/** One of every kind that reads its request in a way of its own. */
export async function makeBases(url: string): Promise<Base[]> {
  const connection = connect(url);
  const [person] = inventPeople(1);
  if (!person) throw new Error('nobody there');
  const walker = await newWalker(connection, person);
  const { id } = (await openCase(connection, walker)).body;
  connection.close();
  const own = `Authorization: Bearer ${walker.token}`;
  const json = 'Content-Type: application/json';
  const form = 'multipart/form-data; boundary=banjian-edge';
  const picture = writeForm({
    said: form,
    parts: [{ disposition: 'form-data; name="file"; filename="a.png"', content: png() }],
    end: 'closed',
    newline: '\r\n',
  }).toString('latin1');
  return [
    { method: 'GET', path: '/v1/matters', headers: [], body: '' },
    { method: 'GET', path: '/v1/me', headers: [own], body: '' },
    { method: 'POST', path: '/v1/sessions', headers: [json], body: '{"channel":"web"}' },
    {
      method: 'POST',
      path: `/v1/cases/${id}/events/identity.submit`,
      headers: [own, json],
      body: '{"name":"例"}',
    },
    { method: 'PUT', path: '/v1/me/avatar', headers: [own, `Content-Type: ${form}`], body: picture },
    { method: 'GET', path: `/v1/cases/${id}/stream`, headers: [own], body: '', isEndless: true },
  ];
}

/** A server that has nothing to say for so long waits for us. */
const QUIET_MS = 1_000;
const PATIENT_MS = 8_000;
/** Asked last on the same connection: an answer to it shows that nothing was taken for something else. */
const LAST = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

async function speak(url: string, base: Base, plan: WirePlan, quietMs = QUIET_MS): Promise<Exchange> {
  const bytes = writeRequest(base, plan);
  const end = plan.abortAt === undefined ? bytes.length : share(bytes, plan.abortAt);
  const cuts = [...plan.cuts.map((cut) => share(bytes, cut)).filter((cut) => cut < end), end];
  const pieces = cuts.toSorted((a, b) => a - b).map((cut, at, all) => bytes.subarray(all[at - 1] ?? 0, cut));
  return talk(url, { pieces, aborts: plan.abortAt !== undefined, quietMs, afterwards: LAST });
}

function share(bytes: Buffer, thousandths: number): number {
  return Math.floor((bytes.length * thousandths) / 1_000);
}

function writeRequest({ method, path, headers, body }: Base, { line, lines, framing }: WirePlan): Buffer {
  const first = LINES[line]?.(method, path) ?? '';
  const framed = FRAMINGS[framing]?.(body) ?? { lines: [], written: body };
  const head = [first, 'Host: x', ...headers, ...lines, ...framed.lines].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${framed.written}`, 'latin1');
}

/** Says it, and once more with more patience before anything is held against the server: the machine may be busy. */
export async function speakAndJudge(
  url: string,
  contract: Contract,
  base: Base,
  plan: WirePlan,
): Promise<{ exchange: Exchange; breaches: string[] }> {
  const first = await speak(url, base, plan);
  if (judge(contract, base, plan, first).length === 0) return { exchange: first, breaches: [] };
  const exchange = await speak(url, base, plan, PATIENT_MS);
  return { exchange, breaches: judge(contract, base, plan, exchange) };
}

/** What is wrong with how the server took it. */
function judge(contract: Contract, base: Base, plan: WirePlan, exchange: Exchange): string[] {
  if (!exchange.closed) return ['the connection was left open'];
  if (plan.abortAt !== undefined) return [];
  const { answers, rest } = exchange;
  const [first] = answers;
  if (!first) return base.isEndless || mayGoUnanswered(plan) ? [] : ['no answer'];
  const breaches = answers.flatMap((answer) =>
    isRefusal(answer) || isOfNode(answer) ? [] : findFaults(answer),
  );
  if (rest !== '' && !base.isEndless) breaches.push('bytes that are no answer');
  if (isRefusal(first) || isOfNode(first) || plan.line !== 'fitting') return breaches;
  return [...breaches, ...findBreaches(contract, { method: base.method, url: base.path }, first)];
}

function findFaults({ status, text }: Answer): string[] {
  if (status >= 500 && status !== 503) return [`a fault of ours: ${status}`];
  return status < 400 || isProblem(text) ? [] : [`${status} that is no problem`];
}

/** It never became a request, or not in time. */
function isRefusal({ status, text }: Answer): boolean {
  return [400, 408, 431].includes(status) && isProblem(text) && JSON.parse(text).code === 'malformed';
}

/** Node answers for itself, in no words, to a request without a host and to an expectation that it does not know. */
function isOfNode({ status, text }: Answer): boolean {
  return (status === 400 || status === 417) && text === '';
}

/** Node hangs up on a CONNECT that nobody listens for, and on an upgrade whose body is not going to end. */
function mayGoUnanswered({ line, lines }: WirePlan): boolean {
  return line === 'a tunnel' || lines.some((each) => /upgrade/i.test(each));
}
