/** Dates are `YYYY-MM-DD`, so they compare as text. */

/** UTC+8 all year. The summer time of 1986–1991 is left out: no case is that old. */
const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;

/** A day that exists, written `YYYY-MM-DD`. */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 30 February parses, as 1 March: only a real day comes back as it was written.
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** The date in China at an RFC 3339 time. */
export function todayInChina(at: string): string {
  return new Date(Date.parse(at) + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** The coming midnight in China, as RFC 3339 UTC with milliseconds. */
export function startOfNextDayInChina(at: string): string {
  return `${todayInChina(at)}T16:00:00.000Z`;
}

/** Full years (周岁). Someone born on 29 February has a birthday on 1 March in a common year. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

export type IdValidityReason = 'order' | 'not-yet' | 'expired' | 'before-birth';
export interface IdValidityProblem {
  code: 'id-validity';
  params: { reason: IdValidityReason };
}

/** Figure 6: start ≤ today ≤ end, end > start, start ≥ birth date. `to` is a date or `long-term`. */
export function checkIdValidity(card: {
  from: string;
  to: string;
  birthDate: string;
  today: string;
}): IdValidityProblem | undefined {
  const reason = validityReason(card);
  return reason === undefined ? undefined : { code: 'id-validity', params: { reason } };
}

/** Years a card is issued for, by the age at issue: resident identity card law (居民身份证法), article 5. */
export function expectedPeriod(ageAtIssue: number): 5 | 10 | 20 | 'long-term' {
  if (ageAtIssue < 16) return 5;
  if (ageAtIssue < 26) return 10;
  return ageAtIssue < 46 ? 20 : 'long-term';
}

/** Figure 6: worth a warning, never a refusal. */
export function isUnusualPeriod(card: { from: string; to: string; birthDate: string }): boolean {
  const period = expectedPeriod(ageOn(card.birthDate, card.from));
  if (period === 'long-term') return card.to !== 'long-term';
  return !endsAfter(card.from, period).includes(card.to);
}

function validityReason(card: {
  from: string;
  to: string;
  birthDate: string;
  today: string;
}): IdValidityReason | undefined {
  const ends = card.to !== 'long-term';
  if (ends && card.to <= card.from) return 'order';
  if (card.from < card.birthDate) return 'before-birth';
  if (card.from > card.today) return 'not-yet';
  return ends && card.to < card.today ? 'expired' : undefined;
}

/** A card of 29 February ends on either neighbour when the last year has no such day. */
function endsAfter(from: string, years: number): string[] {
  const year = String(Number(from.slice(0, 4)) + years).padStart(4, '0');
  const sameDay = `${year}${from.slice(4)}`;
  return isRealDate(sameDay) ? [sameDay] : [`${year}-02-28`, `${year}-03-01`];
}
