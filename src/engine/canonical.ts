import { hash } from 'node:crypto';

/**
 * The RFC 8785 form of a JSON value: the same value has the same bytes everywhere. Histories hold integers and
 * NFC strings only, so that no reader needs number formatting rules to recompute it; anything else is refused here.
 * @throws TypeError naming the path of the value that has no such form.
 */
export function canonical(value: unknown): string {
  return write(value, []);
}

/** `path` is where we are; it is only put into words when something is wrong. */
function write(value: unknown, path: (string | number)[]): string {
  if (typeof value === 'string') return writeString(value, path);
  if (typeof value === 'number') return writeInteger(value, path);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return writeArray(value, path);
  if (typeof value === 'object' && isPlain(value)) return writeObject(value, path);
  throw new TypeError(`no canonical form at ${pointerOf(path)}: ${typeof value}`);
}

function writeArray(value: unknown[], path: (string | number)[]): string {
  let items = '';
  for (let index = 0; index < value.length; index++) {
    if (index > 0) items += ',';
    path.push(index);
    items += write(value[index], path);
    path.pop();
  }
  return `[${items}]`;
}

function writeObject(value: object, path: (string | number)[]): string {
  const record = value as Record<string, unknown>;
  let members = '';
  // Sorted by UTF-16 code units, as RFC 8785 asks: this is what `sort` compares.
  for (const key of Object.keys(value).sort()) {
    const member = record[key];
    if (member === undefined) continue;
    if (members !== '') members += ',';
    members += `${writeString(key, path)}:`;
    path.push(key);
    members += write(member, path);
    path.pop();
  }
  return `{${members}}`;
}

/** ASCII without quotes, backslashes and control characters: nearly every string, and its own canonical form. */
const PLAIN = /^[ !#-[\]-~]*$/;

function writeString(value: string, path: (string | number)[]): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError(`lone surrogate at ${pointerOf(path)}`);
  if (value.normalize('NFC') !== value) throw new TypeError(`string not in NFC at ${pointerOf(path)}`);
  return JSON.stringify(value);
}

function writeInteger(value: number, path: (string | number)[]): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not a safe integer at ${pointerOf(path)}: ${value}`);
  return String(value === 0 ? 0 : value);
}

function pointerOf(path: (string | number)[]): string {
  return `/${path.join('/')}`;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `sha256:<hex>` of the UTF-8 bytes. */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${hash('sha256', bytes)}`;
}
