import type { CaseView } from '../../../src/engine/present.ts';
import type { TestApp } from '../../helpers.ts';
import { turn } from '../../helpers.ts';
import { findPersonalIn } from './canaries.ts';
import { findBreaches } from './check.ts';
import type { Answer, Contract, Operation } from './contract.ts';
import { fitValue, type Hints, hintsOf } from './fitting.ts';
import { writeForm } from './form-plan.ts';
import { type BodyPlan, type Change, encodeLoosely, type Plan } from './plan.ts';
import type { Subject, World } from './world.ts';

export interface Request {
  method: string;
  url: string;
  headers: Record<string, string | string[]>;
  payload?: string | Buffer | undefined;
}

/** Sends what was planned to who there is, and says what is wrong with the answer. */
export async function carryOut(
  world: World,
  contract: Contract,
  plan: Plan,
): Promise<{ request: Request; answer: Answer; operation: Operation | undefined; breaches: string[] }> {
  const request = await makeRequest(world, contract, plan);
  const answer = await ask(world.kit, request);
  const breaches = [...findBreaches(contract, request, answer), ...findPersonalIn(request.url, answer.text)];
  return { request, answer, operation: contract.find(request.method, request.url), breaches };
}

async function makeRequest(world: World, contract: Contract, plan: Plan): Promise<Request> {
  const subject = pick(world.subjects, plan.subject);
  const { method, url, hints, schemas } = await takeAim(world, contract, plan, subject);
  const form = schemas.has('multipart/form-data');
  const schema = schemas.get('application/json') ?? {};
  const fitting = fitValue(schema, hints, plan.choice);
  const payload = form && plan.body.kind !== 'raw' ? writeForm(plan.form) : writeBody(plan.body, fitting);
  const type = plan.type ?? (form ? plan.form.said : 'application/json');
  const token = tokenOf(world, plan, subject, url);
  return {
    method,
    url,
    payload: method === 'GET' || method === 'HEAD' ? undefined : payload,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined ? {} : { 'content-type': type }),
      ...(plan.key === undefined ? {} : { 'idempotency-key': plan.key }),
      ...Object.fromEntries(plan.headers),
    },
  };
}

interface Aimed {
  method: string;
  url: string;
  hints: Hints;
  schemas: Map<string, Record<string, unknown>>;
}

async function takeAim(world: World, contract: Contract, plan: Plan, subject: Subject): Promise<Aimed> {
  const { aim, choice } = plan;
  if (aim.at === 'stray') return { method: aim.method, url: aim.path, hints: {}, schemas: new Map() };
  const operation = pick(contract.operations, aim.at === 'described' ? aim.operation : choice);
  // Where a case stands is asked only if it matters.
  const matters = aim.at !== 'described' || operation.template.includes('{');
  const view = matters ? await look(subject) : undefined;
  const hints = hintsOf(subject, view, world.kit.simulator.control);
  const allowed = view && aim.at !== 'described' ? pick(tempting(view, choice), choice) : undefined;
  if (allowed) {
    const type = allowed.href.endsWith('/attachments') ? 'multipart/form-data' : 'application/json';
    return { method: 'POST', url: allowed.href, hints, schemas: new Map([[type, allowed.form]]) };
  }
  const method = (aim.at === 'described' ? aim.method : undefined) ?? operation.method;
  const url = `${writePath(operation, plan, hints)}${writeQuery(operation, plan, hints)}`;
  return { method, url, hints, schemas: operation.bodies };
}

/** Undefined when the server is too busy to say. */
async function look({ applicant, caseId }: Subject): Promise<CaseView | undefined> {
  const { status, body } = await applicant.ask('GET', `/v1/cases/${caseId}`);
  return status === 200 ? body : undefined;
}

/** Who withdraws has nothing else to try: that is left to few. */
function tempting({ allowed }: CaseView, choice: number) {
  return choice % 32 === 0 ? allowed : allowed.filter(({ event }) => event !== 'case.withdraw');
}

function writePath({ template }: Operation, { oddPart, choice }: Plan, hints: Hints): string {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const odd = pick(names, choice);
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (oddPart !== undefined && name === odd) return encodeLoosely(oddPart);
    return String(hints[name] ?? 'word');
  });
}

function writeQuery({ parameters }: Operation, { query, choice }: Plan, hints: Hints): string {
  const known = parameters.filter((each) => each.in === 'query');
  const pairs = known.map(
    ({ name, schema }) => [name, String(fitValue(schema, hints, choice, name))] as const,
  );
  const chosen = pairs.filter((_, at) => ((choice >> at) & 1) === 0);
  const written = {
    none: [],
    fitting: chosen,
    twice: [...chosen, ...chosen],
    odd: chosen.map(([name]) => [name, query.kind === 'odd' ? query.value : ''] as const),
    pairs: query.kind === 'pairs' ? query.pairs : [],
  }[query.kind];
  const text = written.map((pair) => pair.map(encodeLoosely).join('=')).join('&');
  return text === '' ? '' : `?${text}`.slice(0, 8_000);
}

function writeBody(plan: BodyPlan, fitting: unknown): string | Buffer | undefined {
  switch (plan.kind) {
    case 'none':
      return undefined;
    case 'raw':
      return plan.text;
    case 'fitting':
      return JSON.stringify(fitting);
    case 'changed':
      return JSON.stringify(plan.changes.reduce(applyChange, fitting));
    case 'doubled':
      return writeTwice(fitting, plan.value);
  }
}

function applyChange(body: unknown, change: Change): unknown {
  if (typeof body !== 'object' || body === null) return 'value' in change ? change.value : body;
  const fields = Object.entries(body);
  const [name = 'a', value] = 'field' in change ? (pick(fields, change.field) ?? []) : [];
  switch (change.how) {
    case 'replace':
      return change.value;
    case 'set':
      return withField(body, name, change.value);
    case 'insert':
      return withField(body, name, insert(String(value), change.text, change.at));
    case 'drop':
      return Object.fromEntries(fields.filter(([each]) => each !== name));
    case 'add':
      return withField(body, change.name, change.value);
  }
}

function insert(text: string, odd: string, thousandths: number): string {
  const at = Math.round((text.length * thousandths) / 1_000);
  return `${text.slice(0, at)}${odd}${text.slice(at)}`;
}

/** As JSON.parse does it: `__proto__` is a field like any other. */
function withField(body: object, name: string, value: unknown): object {
  const copy = { ...body };
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

function writeTwice(fitting: unknown, value: unknown): string {
  const [first] = Object.entries(fitting ?? {});
  const text = JSON.stringify(fitting ?? {});
  if (!first) return `{"a":1,"a":${JSON.stringify(value)}}`;
  return `${text.slice(0, -1)},${JSON.stringify(first[0])}:${JSON.stringify(value)}}`;
}

function tokenOf(
  world: World,
  { who, subject: at }: Plan,
  subject: Subject,
  url: string,
): string | undefined {
  switch (who) {
    case 'nobody':
      return undefined;
    case 'forger':
      return 'x'.repeat(43);
    case 'rightful':
      return url.startsWith('/v1/audit') ? world.staff.get('auditor') : subject.applicant.token;
    case 'stranger':
      return pick(world.subjects, at + 1).applicant.token;
    default:
      return world.staff.get(who);
  }
}

function pick<T>(from: T[], choice: number): T {
  return from[choice % from.length] as T;
}

/** How often the event loop comes round before an answer that waits for time is given some. */
const TURNS = 1_000;
/** An answer waits for work at most 10 s of the case's time. */
const MOST_SECONDS = 60;
/** Of ours: a hash or a picture takes what it takes on a busy machine. */
const PATIENCE_MS = 30_000;

/** One request through the whole app. Time is moved when the answer waits for it. No answer at all has the status 0. */
async function ask(kit: TestApp, { method, url, headers, payload }: Request): Promise<Answer> {
  let done = false;
  const asked = inject(kit, { method, url, headers, payload }).finally(() => {
    done = true;
  });
  const began = performance.now();
  for (let seconds = 0; seconds < MOST_SECONDS || performance.now() - began < PATIENCE_MS; seconds++) {
    for (let turns = 0; turns < TURNS && !done; turns++) await Promise.race([asked, turn()]);
    if (done) return asked;
    if (seconds < MOST_SECONDS) await kit.advance(1_000);
  }
  return { status: 0, headers: {}, text: '' };
}

/** A stream has no end of its own: its head is its answer. */
async function inject({ app }: TestApp, { method, url, headers, payload }: Request): Promise<Answer> {
  const payloadAsStream = true;
  const options = { method: method as 'GET', url, headers, ...(payload === undefined ? {} : { payload }) };
  if (!/\/stream(?:[?#]|$)/.test(url)) {
    const whole = await app.inject(options);
    return { status: whole.statusCode, headers: whole.headers, text: whole.payload };
  }
  const answer = await app.inject({ ...options, payloadAsStream });
  const isEndless = String(answer.headers['content-type']).startsWith('text/event-stream');
  const text = isEndless ? '' : await read(answer.stream());
  answer.raw.res.destroy();
  return { status: answer.statusCode, headers: answer.headers, text };
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
