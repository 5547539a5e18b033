import { createHash } from 'node:crypto';

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
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // UTF-16 code units, as RFC 8785 asks: this is what `<` compares.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalString(key, path)}:${canonical(member, `${path}/${key}`)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(value: string, path: string): string {
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
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
