import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes to look into, by where they come from. */
export type Places = Map<string, Buffer>;

/** Every file under a data folder but the key. */
export function readFolder(folder: string): Places {
  const files = readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file)));
  const read = files.filter((file) => statSync(file).isFile() && !file.endsWith('.key'));
  return new Map(read.map((file) => [file.slice(folder.length), readFileSync(file)]));
}

/** UTF-8, UTF-16 either way round, hex, base64 wherever it may begin, URL-encoded, JSON-escaped. */
export function writingsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const texts = [
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64At(utf8, offset)),
    encodeURIComponent(text),
    encodeURIComponent(text).toLowerCase(),
    JSON.stringify(text).slice(1, -1),
    escaped(text),
  ];
  return [utf8, utf16, Buffer.from(utf16).swap16(), ...texts.map((each) => Buffer.from(each))];
}

/** Plain digests, as bytes and in the usual writings: there are too few ID numbers to hide in one. */
export function digestsOf(text: string): Buffer[] {
  return ['sha256', 'sha1', 'md5'].flatMap((algorithm) => {
    const digest = createHash(algorithm).update(text).digest();
    const texts = [digest.toString('hex'), digest.toString('hex').toUpperCase()];
    return [
      digest,
      ...[...texts, digest.toString('base64').replace(/=+$/, ''), digest.toString('base64url')].map((each) =>
        Buffer.from(each),
      ),
    ];
  });
}

/** The characters that are all this text's own when it begins so many bytes after a group of three. */
function base64At(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor(((offset + bytes.length) * 8) / 6);
  const own = encoded.slice(from, to);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

function escaped(text: string): string {
  return [...Array(text.length).keys()]
    .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

/** So much of the end of each thing sought is looked up at every byte; shorter ones would be found by chance. */
const KEY_BYTES = 6;

export interface Hit {
  what: string;
  place: string;
}
type Wanted = [what: string, bytes: Buffer];

/**
 * Looks for any number of byte strings at once. By their ends, for numbers of people begin alike.
 * @throws RangeError for one too short to mean anything.
 */
export function createScan(wanted: Wanted[]): (places: Places) => Hit[] {
  const byKey = new Map<number, Wanted[]>();
  // Most places end like nothing sought, which the last two bytes tell by themselves.
  const ends = new Uint8Array(65_536);
  for (const one of wanted) {
    const [what, bytes] = one;
    if (bytes.length < KEY_BYTES) throw new RangeError(`too short to be sought: ${what}`);
    const key = bytes.readUIntBE(bytes.length - KEY_BYTES, KEY_BYTES);
    const known = byKey.get(key);
    if (known) known.push(one);
    else byKey.set(key, [one]);
    ends[bytes.readUInt16BE(bytes.length - 2)] = 1;
  }
  return (places) => [...places].flatMap(([place, bytes]) => scanOne(place, bytes, byKey, ends));
}

function scanOne(place: string, bytes: Buffer, byKey: Map<number, Wanted[]>, ends: Uint8Array): Hit[] {
  const hits: Hit[] = [];
  for (let end = KEY_BYTES; end <= bytes.length; end++) {
    if (ends[((bytes[end - 2] ?? 0) << 8) | (bytes[end - 1] ?? 0)] === 0) continue;
    for (const [what, wanted] of byKey.get(bytes.readUIntBE(end - KEY_BYTES, KEY_BYTES)) ?? []) {
      const from = end - wanted.length;
      if (from >= 0 && bytes.subarray(from, end).equals(wanted)) hits.push({ what, place });
    }
  }
  return hits;
}

/** Where a text stands, in whatever writing; shorter than a scan of many takes, too. */
export function findIn(places: Places, text: string): string[] {
  const writings = writingsOf(text);
  return [...places]
    .filter(([, bytes]) => writings.some((writing) => bytes.includes(writing)))
    .map(([place]) => place);
}
