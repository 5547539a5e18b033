import type { Language } from '../engine/types.ts';

/** The language a client prefers of the two there are (RFC 9110, 12.5.4). zh-CN unless English weighs more. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return 'zh-CN';
  const ranges = header.split(',').map(readRange);
  return weigh(ranges, 'en') > weigh(ranges, 'zh') ? 'en' : 'zh-CN';
}

interface Range {
  tag: string;
  weight: number;
}

function readRange(text: string): Range {
  const [tag = '', ...params] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = params.map((param) => /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(param)?.[1]).find(Boolean);
  return { tag, weight: weight === undefined ? (params.length > 0 ? 0 : 1) : Number(weight) };
}

/** The heaviest range of a language decides; `*` stands for what is not named. */
function weigh(ranges: Range[], language: string): number {
  const named = ranges.filter(({ tag }) => tag === language || tag.startsWith(`${language}-`));
  const found = named.length > 0 ? named : ranges.filter(({ tag }) => tag === '*');
  return Math.max(0, ...found.map(({ weight }) => weight));
}
