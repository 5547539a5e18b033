import type { LocationQuery } from 'vue-router';
import { startOfDay } from './format.ts';

/** What cases are looked for by, as it stands in the address. Days are China's, both inclusive. */
export interface CaseFilter {
  matter: string;
  state: string;
  openedFrom: string;
  openedTo: string;
  cursor: string;
}

const NAMES = ['matter', 'state', 'openedFrom', 'openedTo', 'cursor'] as const;

export function readFilter(query: LocationQuery): CaseFilter {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const day = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : '');
  return {
    matter: text('matter'),
    state: text('state').trim(),
    openedFrom: day('openedFrom'),
    openedTo: day('openedTo'),
    cursor: text('cursor'),
  };
}

/** Without what is empty: an address says only what was chosen. */
export function filterQuery(filter: CaseFilter): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, filter[name]]).filter(([, value]) => value !== ''));
}

/** As the API wants it: from the first moment of a day to the first of the day after. */
export function searchQuery(filter: CaseFilter): Record<string, string> {
  const { openedFrom, openedTo, ...others } = filterQuery(filter);
  return {
    ...others,
    ...(openedFrom ? { openedFrom: startOfDay(openedFrom) } : {}),
    ...(openedTo ? { openedTo: startOfDay(dayAfter(openedTo)) } : {}),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
