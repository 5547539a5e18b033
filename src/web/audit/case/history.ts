import type { Words } from '../../shared/language.ts';
import type { components } from '../../shared/openapi.ts';
import { words } from '../words.ts';

export type CaseMoment = components['schemas']['CaseMoment'];

type Role = 'applicant' | 'enterprise' | 'officer' | 'auditor' | 'operator' | 'system';

/** An entry as it was stored, in the parts that the page shows. */
export interface Entry {
  seq: number;
  kind: 'accepted' | 'refused';
  type: string;
  at: string;
  actor: { role: Role; id: string };
  machine: { id: string; version: string };
  data: Record<string, unknown>;
  personal: string[];
  files: { digest: string; size: number; mediaType: string }[];
  prev: string;
}

/** A line of the timeline: an entry, or a refusal between two. */
export interface Line {
  entry: Entry;
  digest: string;
  bytes: string;
}

export function keyOf({ entry }: Line): string {
  return `${entry.kind}-${entry.seq}`;
}

/** Of an event people send, the words they see; of what comes by itself, what it is. */
export function titleOf(type: string, titles: Map<string, string>): Words {
  const known = titles.get(type);
  if (known !== undefined) return { zh: known, en: known };
  const [, kind, effect = ''] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (kind === 'done') return { zh: `${effect} 返回结果`, en: `Result of ${effect}` };
  if (kind === 'error') return { zh: `${effect} 未能完成`, en: `${effect} gave up` };
  const timer = /^xstate\.after\.([^.]+)/.exec(type)?.[1];
  if (timer !== undefined) return { zh: `到期:${timer}`, en: `${timer} ran out` };
  if (type === 'case.open') return { zh: '开始办理', en: 'Opened' };
  if (type === 'case.migrate') return { zh: '更换流程版本', en: 'Moved to another machine version' };
  return { zh: type, en: type };
}

export function roleOf({ actor }: Pick<Entry, 'actor'>): Words {
  return words[actor.role];
}

/** Members of a value, flat: `face.attempts` and what it is. */
export function flatten(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value !== 'object' || value === null || isPlainList(value)) return [[path, show(value)]];
  return Object.entries(value).flatMap(([name, member]) =>
    flatten(member, path === '' ? name : `${path}.${name}`),
  );
}

/** A list of words is read as one line, and so is an empty one. */
function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((each) => typeof each !== 'object');
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '—' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A path may be broken after its dots. */
export function breakable(path: string): string {
  return path.replaceAll('.', '.\u200b');
}
