import { language } from '../shared/language.ts';

/** A time in China, wherever the reader is: it is the time the authority's deadlines go by. */
export function inChina(at: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Shanghai' } as const;
  return new Intl.DateTimeFormat(language.value, style).format(new Date(at));
}
