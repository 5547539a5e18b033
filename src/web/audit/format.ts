import { language, say } from '../shared/language.ts';

/** A time in China, wherever the reader is: `2026-11-23 10:00:00`. */
export function moment(at: string): string {
  return inChina(at).replace('T', ' ').slice(0, 19);
}

export function day(at: string): string {
  return inChina(at).slice(0, 10);
}

/** China has kept one time, eight hours ahead, since 1991. */
function inChina(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString();
}

/** The first moment of a day in China. */
export function startOfDay(text: string): string {
  return `${text}T00:00:00+08:00`;
}

const UNITS = [
  { ms: 86_400_000, zh: '天', en: 'd' },
  { ms: 3_600_000, zh: '小时', en: 'h' },
  { ms: 60_000, zh: '分钟', en: 'min' },
  { ms: 1_000, zh: '秒', en: 's' },
];

/** The largest unit that fits, rounded down: `3 天`, `3 d`. */
function duration(ms: number): string {
  const unit = UNITS.find((each) => ms >= each.ms) ?? { ms: 1_000, zh: '秒', en: 's' };
  return `${Math.floor(ms / unit.ms)} ${say(unit)}`;
}

export function since(at: string, now: string): string {
  return duration(Math.max(0, Date.parse(now) - Date.parse(at)));
}

export function count(number: number): string {
  return number.toLocaleString(language.value);
}

/** Enough of a digest to tell it from its neighbours by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

export function shortId(id: string): string {
  return id.length > 10 ? `${id.slice(0, 8)}…` : id;
}
