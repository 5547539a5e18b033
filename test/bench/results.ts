import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('./results.json', import.meta.url));

/** Each part of the figures is replaced by itself: a quick run of one leaves the others as they were. */
export function keepResult(part: string, value: object): void {
  const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as object) : {};
  writeFileSync(FILE, `${asFormatted(JSON.stringify({ ...before, [part]: value }, rounded, 2))}\n`);
}

/** Short lists on one line, as the formatter of the project has them. */
function asFormatted(json: string): string {
  return json.replace(
    /\[\s+([^[\]{}]+?)\s+\]/g,
    (_list, items: string) => `[${items.split(/,\s+/).join(', ')}]`,
  );
}

function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
