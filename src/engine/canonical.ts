import { hash } from 'node:crypto';

/**
 * The RFC 8785 form of a JSON value: the same value has the same bytes everywhere. Histories hold integers and
 * NFC strings only, so that no reader needs number formatting rules to recompute it; anything else is refused here.
 * @throws TypeError naming the path of the value that has no such form.
 */
export function canonical(value: unknown): string {
  try {
    return write(value);
  } catch (error) {
    throw error instanceof NoForm
      ? new TypeError(`${error.message} at /${findPath(value).join('/')}${error.detail}`)
      : error;
  }
}

class NoForm extends Error {
  readonly detail: string;

  constructor(what: string, detail: string) {
    super(what);
    this.detail = detail;
  }
}

function write(value: unknown): string {
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeInteger(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return writeArray(value);
  if (isRecord(value)) return writeObject(value);
  throw new NoForm('no canonical form', `: ${typeof value}`);
}

function writeArray(value: unknown[]): string {
  let items = '';
  for (const item of value) items += items === '' ? write(item) : `,${write(item)}`;
  return `[${items}]`;
}

function writeObject(value: Record<string, unknown>): string {
  let members = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${writeString(key)}:${write(member)}`;
  }
  return `{${members}}`;
}

/** By UTF-16 code units, as RFC 8785 asks: this is what `sort` compares. Most objects are in order already. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let at = 1; at < keys.length; at++) {
    if ((keys[at - 1] ?? '') > (keys[at] ?? '')) return keys.sort();
  }
  return keys;
}

/** ASCII without quotes, backslashes and control characters: nearly every string, and its own canonical form. */
const PLAIN = /^[ !#-[\]-~]*$/;

function writeString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new NoForm('lone surrogate', '');
  if (value.normalize('NFC') !== value) throw new NoForm('string not in NFC', '');
  return JSON.stringify(value);
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NoForm('not a safe integer', `: ${value}`);
  return String(value === 0 ? 0 : value);
}

/** Where the first value stands that has no form, or the object of a key that has none: only looked for once something is wrong. */
function findPath(value: unknown): (string | number)[] {
  const members = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? membersOf(value) : [];
  for (const [key, member] of members) {
    if (!hasForm(key)) return [];
    if (!hasForm(member)) return [key, ...findPath(member)];
  }
  return [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && isPlain(value);
}

function membersOf(value: Record<string, unknown>): [string, unknown][] {
  return sortedKeys(value).flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]]));
}

function hasForm(value: unknown): boolean {
  try {
    write(value);
    return true;
  } catch (error) {
    if (error instanceof NoForm) return false;
    throw error;
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `sha256:<hex>` of the UTF-8 bytes. */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${hash('sha256', bytes)}`;
}
