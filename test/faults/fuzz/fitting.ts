import type { CaseView } from '../../../src/engine/present.ts';
import type { SimulatorControl } from '../../../src/providers/simulator/index.ts';
import { MATTER, PASSWORD, registrationOf } from '../../applicant.ts';
import type { Subject } from './world.ts';

type JsonObject = Record<string, unknown>;

/** What makes sense for a field or a part of a path, by its name. */
export type Hints = Record<string, string | boolean>;

export function hintsOf(
  { person, caseId }: Subject,
  view: CaseView | undefined,
  world: SimulatorControl,
): Hints {
  const { name, idNumber, mobile } = person;
  const data = (view?.data ?? {}) as { face?: { token?: string }; attachments?: { id: string }[] };
  return {
    ...registrationOf(world, mobile),
    name,
    idNumber,
    mobile,
    password: PASSWORD,
    id: caseId,
    case: caseId,
    matter: MATTER,
    event: 'case.withdraw',
    token: data.face?.token ?? 'none',
    attachment: data.attachments?.[0]?.id ?? 'none',
    nickname: '例工',
    channel: 'web',
    q: '监理',
    limit: '2',
    cursor: 'MjAyNi0xMS0yM1QwMjowMDowMC4wMDBaIHg',
    state: 'notice',
    openedFrom: '2026-11-23T00:00:00Z',
    openedTo: '2026-12-23T00:00:00+08:00',
    asOf: '1',
    to: '2',
  };
}

/** A value that a schema takes, as far as names and lists tell; `choice` chooses among what it leaves open. */
export function fitValue(schema: JsonObject, hints: Hints, choice: number, name = ''): unknown {
  const { anyOf, properties, const: constant, type } = schema;
  if (Array.isArray(anyOf)) return fitValue(pick(anyOf as JsonObject[], choice), hints, choice, name);
  if (constant !== undefined) return constant;
  if (Array.isArray(schema.enum)) return hints[name] ?? pick(schema.enum, choice);
  if (properties !== undefined) return fitObject(schema, hints, choice);
  if (Object.hasOwn(hints, name)) return hints[name];
  if (type === 'integer' || type === 'number') return choice % 5;
  return type === 'boolean' ? choice % 2 === 0 : 'word';
}

/** Fields that may be left out are sometimes left out; those that never fit always are. */
function fitObject(schema: JsonObject, hints: Hints, choice: number): JsonObject {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const wanted = Object.entries(schema.properties as Record<string, JsonObject>).filter(
    ([name, field], at) => required.has(name) || (!('not' in field) && ((choice >> at) & 1) === 1),
  );
  return Object.fromEntries(wanted.map(([name, field]) => [name, fitValue(field, hints, choice, name)]));
}

function pick<T>(from: T[], choice: number): T {
  return from[choice % from.length] as T;
}
