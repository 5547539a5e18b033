import type { Reply } from '../../load/connection.ts';
import { quantile } from '../scale.ts';

/** What can be seen of an answer from outside. */
export interface Seen {
  reply: Reply;
  ms: number;
}

/** Medians further apart than this could be told with patience. */
const MOST_APART_MS = 5;

/** In doubt about the time: a busy machine can put medians apart, but not for long. */
export function isInDoubt(one: Seen[], other: Seen[]): boolean {
  return Math.abs(medianOf(one) - medianOf(other)) >= MOST_APART_MS;
}

/** Everything by which the answers to one group can be told from those to the other. */
export function findTells(one: Seen[], other: Seen[]): string[] {
  const shapes = [one, other].map((group) => new Set(group.map(({ reply }) => shapeOf(reply))));
  const apart = Math.abs(medianOf(one) - medianOf(other));
  const all = [...new Set(shapes.flatMap((group) => [...group]))];
  return [
    ...(all.length === 1 ? [] : [`${all.length} shapes: ${all.join(' | ')}`]),
    ...(isInDoubt(one, other) ? [`the medians are ${apart.toFixed(1)} ms apart`] : []),
  ];
}

export function medianOf(seen: Seen[]): number {
  return quantile(
    seen.map(({ ms }) => ms),
    0.5,
  );
}

/** Status, names of headers and what they say, size, and every word of the body that is not of this one case. */
function shapeOf({ status, headers, text }: Reply): string {
  const { date: _, ...others } = { ...headers, ...(headers['retry-after'] ? { 'retry-after': '1' } : {}) };
  return `${status} ${text.length} ${JSON.stringify(others)} ${withoutCase(text)}`;
}

/** Ids, digests, times, and the letters of a name and the digits of a number that a mask lets through. */
function withoutCase(text: string): string {
  return text
    .replace(/"(id|head|openedAt|updatedAt)":"[^"]+"/g, '"$1":""')
    .replace(/\/v1\/cases\/[\w-]{22}/g, '/v1/cases/')
    .replace(/"at":"[^"]+"/g, '"at":""')
    .replace(/\d+( ?(?:秒|seconds))/g, '1$1');
}
