import { say } from '../../shared/language.ts';
import type { components } from '../../shared/openapi.ts';
import { day } from '../format.ts';
import { COLOURS } from '../graphs/colours.ts';
import type { DaySeries } from '../graphs/day-bars.tsx';
import { words } from '../words.ts';

export type Overview = components['schemas']['Overview'];

const DAY_MS = 86_400_000;

/** Every day of the period, those without a case too. */
export function listDays({ from, to }: Overview): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += DAY_MS)
    days.push(day(new Date(at).toISOString()));
  return days;
}

export function seriesOf({ opened, reached }: Overview, days: string[]): DaySeries[] {
  const of = (stage: string) => reached.filter((each) => each.stage === stage);
  return [
    { name: say(words.opened), colour: COLOURS.blue, values: spread(opened, days) },
    { name: say(words.submitted), colour: COLOURS.green, values: spread(of('submitted'), days) },
    { name: say(words.ended), colour: COLOURS.orange, values: spread(of('ended'), days) },
  ];
}

function spread(counts: { day: string; cases: number }[], days: string[]): number[] {
  const byDay = new Map(counts.map((each) => [each.day, each.cases]));
  return days.map((each) => byDay.get(each) ?? 0);
}
