import type { CaseView } from '../../../src/engine/present.ts';
import { writeBody } from './body.ts';
import type { Contract, Operation } from './contract.ts';
import { fitValue, type Hints, hintsOf } from './fitting.ts';
import { type FormPlan, writeForm } from './form-plan.ts';
import { encodeLoosely, type Plan } from './plan.ts';
import type { Subject, World } from './world.ts';

export interface Request {
  method: string;
  url: string;
  headers: Record<string, string | string[]>;
  payload?: string | Buffer | undefined;
}

/** What was planned, with who there is to send it and where their cases stand. */
export async function makeRequest(world: World, contract: Contract, plan: Plan): Promise<Request> {
  const subject = pick(world.subjects, plan.subject);
  const { method, url, hints, schemas } = await takeAim(world, contract, plan, subject);
  const form = schemas.get('multipart/form-data');
  const schema = schemas.get('application/json') ?? {};
  const fitting = fitValue(schema, hints, plan.choice);
  const payload =
    form && plan.body.kind !== 'raw' ? writeForm(withParts(plan.form, form)) : writeBody(plan.body, fitting);
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

/** A picture of oneself is of no material. */
function withParts(form: FormPlan, { properties = {} }: { properties?: object }): FormPlan {
  if ('material' in properties) return form;
  return { ...form, parts: form.parts.filter(({ disposition }) => !disposition.includes('material')) };
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
