import { canonical } from '../engine/canonical.ts';
import { leavesOf } from '../engine/entry.ts';
import type { Actor, Entry, Json } from '../engine/types.ts';
import type { ExportedEntry } from './source.ts';

/** OCEL 2.0 (ocel-standard.org): events and objects, related to each other with qualifiers. */
export const OBJECT_TYPES = {
  case: ['matter', 'machineVersion', 'states'],
  person: [],
  staff: ['role'],
  file: ['mediaType', 'size'],
} as const;
export type ObjectType = keyof typeof OBJECT_TYPES;

export interface OcelObject {
  id: string;
  type: ObjectType;
  /** By name; what it had from the beginning on. */
  attributes: Record<string, string>;
}
export interface Relation {
  objectId: string;
  qualifier: string;
}
export interface OcelEvent {
  id: string;
  type: string;
  time: string;
  /** Values are texts, as the standard's JSON schema asks; what is a number says so in its type. */
  attributes: { name: string; type: 'string' | 'integer'; value: string }[];
  relations: Relation[];
}

/** An entry of a case as an event, with the objects it is about. */
export interface Told {
  event: OcelEvent;
  objects: OcelObject[];
  between: { from: string; to: string; qualifier: string }[];
  /** What of the case may have changed with it. */
  now: { machineVersion: string; states: string };
}

export function toOcel(exported: ExportedEntry, entry: Entry): Told {
  const theCase = { id: entry.case, type: 'case' as const, attributes: { matter: entry.machine.id } };
  const actor = actorOf(entry.actor);
  const files = entry.files.map(fileOf);
  return {
    event: {
      id: `entry-${exported.index}`,
      type: eventType(entry),
      time: entry.at,
      attributes: attributesOf(exported, entry),
      relations: [
        { objectId: entry.case, qualifier: 'case' },
        ...(actor ? [{ objectId: actor.id, qualifier: entry.actor.role }] : []),
        ...files.map(({ id }) => ({ objectId: id, qualifier: 'adds' })),
      ],
    },
    objects: [theCase, ...(actor ? [actor] : []), ...files],
    between: [
      ...(actor?.type === 'person' ? [{ from: entry.case, to: actor.id, qualifier: 'applicant' }] : []),
      ...(actor?.type === 'staff' ? [{ from: actor.id, to: entry.case, qualifier: 'acts on' }] : []),
      ...files.map(({ id }) => ({ from: entry.case, to: id, qualifier: 'material' })),
    ],
    now: { machineVersion: entry.machine.version, states: leavesOf(entry.state.value).join(' ') },
  };
}

/** What was refused did not happen: it must not be counted among what did. */
export function eventType({ kind, type }: Pick<Entry, 'kind' | 'type'>): string {
  return kind === 'refused' ? `refused ${type}` : type;
}

/** The worker is nobody. */
function actorOf({ role, id }: Actor): OcelObject | undefined {
  if (role === 'system') return undefined;
  return role === 'applicant'
    ? { id, type: 'person', attributes: {} }
    : { id, type: 'staff', attributes: { role } };
}

function fileOf({ digest, size, mediaType }: Entry['files'][number]): OcelObject {
  return { id: digest, type: 'file', attributes: { mediaType, size: String(size) } };
}

function attributesOf({ index, leaf, digest }: ExportedEntry, entry: Entry): OcelEvent['attributes'] {
  const text = (name: string, value: string) => ({ name, type: 'string' as const, value });
  const number = (name: string, value: number) => ({ name, type: 'integer' as const, value: String(value) });
  return [
    number('index', index),
    text('leaf', leaf),
    text('digest', digest),
    number('seq', entry.seq),
    text('role', entry.actor.role),
    ...factsOf(entry).map(([name, value]) => text(name, value)),
  ];
}

/** What the machine was told, flat; what is not flat, as JSON. There is nothing personal among facts. */
export function factsOf({ data }: Pick<Entry, 'data'>): [name: string, value: string][] {
  return Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [`fact.${name}`, textOf(value)]);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : canonical(value);
}
