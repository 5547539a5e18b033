import { readEvents } from '../shared/events.ts';
import { say } from '../shared/language.ts';
import type { Case } from './case-types.ts';
import { ownHeaders } from './session.ts';
import { stateTitles } from './words.ts';

/** A stretch of a case's way: from the entry that led there on. */
export interface Stop {
  seq: number;
  title: string;
  message: string | null;
  at: string;
}

/** The whole way, from the first entry on: one stop for each outermost state. It ends when nothing more can come. */
export async function* readWay(caseId: string, signal: AbortSignal): AsyncGenerator<Case> {
  const headers = { ...ownHeaders(), 'last-event-id': '0' };
  const response = await fetch(`/v1/cases/${caseId}/stream`, { headers, signal });
  if (!response.ok || !response.body) return;
  for await (const { data } of readEvents(response.body)) yield JSON.parse(data);
}

/** Entries within one state are one stop, which says what was said last. */
export function addToWay(stops: Stop[], view: Case): Stop[] {
  const title = titleOf(view);
  const last = stops.at(-1);
  if (last?.title === title) return [...stops.slice(0, -1), { ...last, message: view.message }];
  return [...stops, { seq: view.seq, title, message: view.message, at: view.updatedAt }];
}

export function titleOf({ states }: { states: string[] }): string {
  const [outermost = ''] = (states[0] ?? '').split('.');
  const known = stateTitles[outermost];
  return known ? say(known) : outermost;
}
