export const TITLE_SIZE = 14;
export const SMALL_SIZE = 12;
export const LINE_HEIGHT = 16;

/** Reader's own fonts: nothing is fetched. DejaVu and Verdana are the widest of them, and the widths below are theirs. */
export const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif";

const NARROW = /[fijlrtI.,:;'|!()[\] ]/;
const WIDE = /[mwMW@%]/;
const LATIN = /[\p{Script=Latin}\p{N}\p{P}]/u;

/** Width in pixels at most, without a font at hand: narrow, usual and wide letters, and square ones for the rest. */
export function widthOf(text: string, size: number, bold = false): number {
  let em = 0;
  for (const letter of text) em += letterWidth(letter);
  return Math.ceil(em * size * (bold ? 1.12 : 1));
}

function letterWidth(letter: string): number {
  if (NARROW.test(letter)) return 0.4;
  if (WIDE.test(letter)) return 0.98;
  return LATIN.test(letter) && letter < '⺀' ? 0.64 : 1.02;
}

const ICON_SIZE = 12;

/** What an icon before a text takes, with the gap after it. */
export function iconWidth(icon: string | undefined): number {
  return icon === undefined ? 0 : ICON_SIZE + 4;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Safe between tags and in attributes; characters that XML 1.0 cannot hold at all become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
