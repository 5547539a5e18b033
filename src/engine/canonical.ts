import { hash } from 'node:crypto';

/**
 * The RFC 8785 form of a JSON value: the same value has the same bytes everywhere. Histories hold integers and
 * NFC strings only, so that no reader needs number formatting rules to recompute it; anything else is refused here.
 * @throws TypeError naming the path of the value that has no such form.
 */
export function canonical(value: unknown, path = ''): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value, path);
  if (typeof value === 'number') return canonicalInteger(value, path);
  if (Array.isArray(value))
    return `[${Array.from(value, (item, i) => canonical(item, `${path}/${i}`)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return canonicalObject(value, path);
  throw new TypeError(`no canonical form at ${path || '/'}: ${typeof value}`);
}

function canonicalObject(value: object, path: string): string {
  const record = value as Record<string, unknown>;
  let members = '';
  // Sorted by UTF-16 code units, as RFC 8785 asks: this is what `sort` compares.
  for (const key of Object.keys(value).sort()) {
    const member = record[key];
    if (member === undefined) continue;
    if (members !== '') members += ',';
    members += `${canonicalString(key, path)}:${canonical(member, `${path}/${key}`)}`;
  }
  return `{${members}}`;
}

/** ASCII without quotes, backslashes and control characters: nearly every string, and its own canonical form. */
const PLAIN = /^[ !#-[\]-~]*$/;

function canonicalString(value: string, path: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError(`lone surrogate at ${path || '/'}`);
  if (value.normalize('NFC') !== value) throw new TypeError(`string not in NFC at ${path || '/'}`);
  return JSON.stringify(value);
}

function canonicalInteger(value: number, path: string): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not a safe integer at ${path || '/'}: ${value}`);
  return String(value === 0 ? 0 : value);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `sha256:<hex>` of the UTF-8 bytes. */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${hash('sha256', bytes)}`;
}
