import type { FastifyRequest } from 'fastify';
import type { Reading } from '../engine/reads.ts';
import type { Runtime } from '../engine/runtime.ts';
import type { JsonObject, Matter } from '../engine/types.ts';
import { callerOf } from './auth.ts';
import { purposeOf } from './purpose.ts';

/** Numbers shorter than a mobile, ids of ours, times, durations: shapes that have no room for a person. */
const HARMLESS = [
  /^\d{1,9}$/,
  /^[\w-]{22}$/,
  /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/,
  /^P[\dTDHMSWY]{2,12}$/,
];
const WORDS = new Set([
  'true',
  'false',
  'json',
  'mermaid',
  'svg',
  'accepted',
  'refused',
  'jsonl',
  'ocel',
  'ocel-json',
  'xes',
]);

/** Who reads what, how they asked for it, and why. @throws Problem purpose-invalid */
export function readingOf(runtime: Runtime, request: FastifyRequest): Reading {
  const { role, id } = callerOf(request);
  return {
    actor: { role, id },
    route: request.routeOptions.url ?? '',
    asked: askedOf(request, wordsOf(runtime.matters)),
    purpose: purposeOf(request),
  };
}

/** Addresses are typed too: what could be anybody's name or number is noted as `other`, and never itself. */
function askedOf(request: FastifyRequest, words: Set<string>): JsonObject {
  const { id: _case, ...params } = request.params as Record<string, string>;
  const given = Object.entries({ ...params, ...(request.query as Record<string, string | undefined>) });
  const told = given.flatMap(([name, value]) =>
    value === undefined || name === 'cursor' ? [] : [[name, tellSafely(value, words)] as const],
  );
  return Object.fromEntries(told);
}

function tellSafely(value: string, words: Set<string>): string {
  const harmless = WORDS.has(value) || words.has(value) || HARMLESS.some((shape) => shape.test(value));
  return harmless ? value : 'other';
}

const known = new WeakMap<Map<string, Matter>, Set<string>>();

/** Names of ours: matters, their events, their states and what these stand in. */
function wordsOf(matters: Map<string, Matter>): Set<string> {
  let words = known.get(matters);
  if (!words) {
    words = new Set([...matters.values()].flatMap(namesOf));
    known.set(matters, words);
  }
  return words;
}

function namesOf({ id, machine, events }: Matter): string[] {
  return [id, ...Object.keys(events), ...statesIn(machine.root)];
}

function statesIn(node: Matter['machine']['root']): string[] {
  return Object.values(node.states).flatMap((child) => [child.path.join('.'), ...statesIn(child)]);
}
