import fc from 'fast-check';
import type { TestApp } from '../../helpers.ts';
import { findPersonalIn } from './canaries.ts';
import { carryOut } from './carry-out.ts';
import { readContract } from './contract.ts';
import { type Aim, plan } from './plan.ts';
import type { Request } from './request.ts';
import { makeWorld, type World } from './world.ts';

export interface Findings {
  asked: number;
  /** Each breach once, with the shortest request that showed it. */
  breaches: Map<string, string>;
  /** Routes of the document, and those that were answered with a success. */
  routes: Set<string>;
  reached: Set<string>;
  byStatus: Map<number, number>;
}

export interface Options {
  seed: number;
  count: number;
  /** Adds to the app what is to be found. */
  plant?: (kit: TestApp) => void;
  /** Asks only routes that begin so. */
  only?: string;
}

/** Requests to a world of their own: the same seed asks the same. */
export async function fuzzRound(options: Options): Promise<Findings> {
  const world = await makeWorld(options.plant);
  try {
    return await askAll(world, options);
  } finally {
    await world.kit.close();
  }
}

async function askAll(world: World, { seed, count, only }: Options): Promise<Findings> {
  const contract = readContract((await world.kit.anyone.get('/openapi.json')).json(), only);
  const findings = nothingFound();
  for (const { method, template } of contract.operations) findings.routes.add(`${method} ${template}`);
  const plans = only === undefined ? plan : plan.map((each) => ({ ...each, aim: aimAt(each.subject) }));
  for (const each of fc.sample(plans, { seed, numRuns: count })) {
    const { request, answer, operation, breaches } = await carryOut(world, contract, each);
    findings.asked += 1;
    findings.byStatus.set(answer.status, (findings.byStatus.get(answer.status) ?? 0) + 1);
    if (operation && answer.status < 300) findings.reached.add(`${operation.method} ${operation.template}`);
    for (const breach of breaches) note(findings, breach, describe(request));
  }
  for (const breach of findInLog(world)) note(findings, `${breach} in the log`, '');
  return findings;
}

function aimAt(operation: number): Aim {
  return { at: 'described', operation };
}

function nothingFound(): Findings {
  return { asked: 0, breaches: new Map(), routes: new Set(), reached: new Set(), byStatus: new Map() };
}

function note({ breaches }: Findings, breach: string, example: string): void {
  const before = breaches.get(breach);
  if (before === undefined || example.length < before.length) breaches.set(breach, example);
}

function describe({ method, url, payload = '' }: Request): string {
  return `${method} ${url} ${JSON.stringify(payload.toString()).slice(0, 400)}`;
}

/** Nothing anybody typed, and no token. */
function findInLog({ kit, subjects, staff }: World): string[] {
  const log = kit.log.join('');
  const tokens = [...subjects.map(({ applicant }) => applicant.token), ...staff.values()];
  const leaked = tokens.filter((token) => log.includes(token)).map(() => 'a token stands in clear');
  return [...findPersonalIn('', log), ...leaked];
}

/** What several rounds found, together. */
export function gather(rounds: Findings[]): Findings {
  const all = nothingFound();
  for (const round of rounds) {
    all.asked += round.asked;
    for (const [breach, example] of round.breaches) note(all, breach, example);
    for (const route of round.routes) all.routes.add(route);
    for (const route of round.reached) all.reached.add(route);
    for (const [status, count] of round.byStatus)
      all.byStatus.set(status, (all.byStatus.get(status) ?? 0) + count);
  }
  return all;
}
