import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, digestOf } from '../../src/engine/canonical.ts';
import { nfcJson, nfcString } from './fixtures.ts';

describe('the canonical form', () => {
  test('is that of RFC 8785, for every value of integers and NFC strings', () => {
    fc.assert(
      fc.property(nfcJson, (value) => {
        expect(canonical(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  test('reads back as the value it was made of, and has itself as its form', () => {
    fc.assert(
      fc.property(nfcJson, (value) => {
        const bytes = canonical(value);
        const read: unknown = JSON.parse(bytes);
        expect(read).toEqual(value);
        expect(canonical(read)).toBe(bytes);
      }),
    );
  });

  test('does not depend on the order in which members were written', () => {
    fc.assert(
      fc.property(fc.dictionary(nfcString, fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonical(reversed)).toBe(canonical(value));
      }),
    );
  });

  test('sorts keys by UTF-16 code units, so a surrogate pair comes before U+FF21', () => {
    // The sample of RFC 8785, 3.2.3, but for U+FB33, which NFC takes apart: U+FF21 stands in its place.
    const value = { '€': 1, '\r': 2, '\uff21': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    const keys = Object.keys(JSON.parse(canonical(value)) as object);
    // JSON.parse moves keys that look like array indexes to the front; '1' is second in the bytes.
    expect(keys).toEqual(['1', '\r', '\u0080', 'ö', '€', '😀', '\uff21']);
    expect(canonical(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\uff21":3}');
  });

  test('escapes what JSON must and nothing more', () => {
    expect(canonical('\u0000\u001f\b\t\n\f\r"\\/\u007f\u2028办')).toBe(
      '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028办"',
    );
  });

  test('writes 0 for both zeros', () => {
    expect(canonical([0, -0])).toBe('[0,0]');
  });

  test('leaves out a member that is undefined, as JSON does', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('takes an object without a prototype', () => {
    expect(canonical(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });
});

describe('what has no canonical form is refused, and the place named', () => {
  class Point {
    x = 1;
  }
  const refused: [what: string, value: unknown, message: string][] = [
    ['a fraction', { a: [1, 1.5] }, 'not a safe integer at /a/1: 1.5'],
    ['NaN', { a: Number.NaN }, 'not a safe integer at /a: NaN'],
    ['infinity', [Number.NEGATIVE_INFINITY], 'not a safe integer at /0: -Infinity'],
    ['an integer past 2^53', { a: { b: 2 ** 53 } }, 'not a safe integer at /a/b: 9007199254740992'],
    ['a string not in NFC', { a: 'e\u0301' }, 'string not in NFC at /a'],
    ['a key not in NFC', { a: { 'e\u0301': 1 } }, 'string not in NFC at /a'],
    ['a lone surrogate', ['x', '\ud800'], 'lone surrogate at /1'],
    ['a lone surrogate in a key', { '\udc00': 1 }, 'lone surrogate at /'],
    ['a surrogate pair the wrong way round', ['\ude00\ud83d'], 'lone surrogate at /0'],
    ['a Date', { when: new Date(0) }, 'no canonical form at /when: object'],
    ['a Map', { a: new Map([[1, 2]]) }, 'no canonical form at /a: object'],
    ['a Set', [new Set([1])], 'no canonical form at /0: object'],
    ['an Error', { error: new Error('x') }, 'no canonical form at /error: object'],
    ['an instance of a class', { point: new Point() }, 'no canonical form at /point: object'],
    ['a boxed string', { a: Object('text') }, 'no canonical form at /a: object'],
    ['undefined in an array', { list: [1, undefined] }, 'no canonical form at /list/1: undefined'],
    ['undefined itself', undefined, 'no canonical form at /: undefined'],
    ['a function', { run: () => 1 }, 'no canonical form at /run: function'],
    ['a symbol', { a: Symbol('s') }, 'no canonical form at /a: symbol'],
    ['a bigint', { a: 1n }, 'no canonical form at /a: bigint'],
    ['a toJSON of its own', { a: { toJSON: () => 'x' } }, 'no canonical form at /a/toJSON: function'],
  ];

  test.each(refused)('%s', (_what, value, message) => {
    expect(() => canonical(value)).toThrow(new TypeError(message));
  });

  test('a hole in an array', () => {
    const holed = [1];
    holed[2] = 3;
    expect(() => canonical({ holed })).toThrow('/holed/1');
  });

  test('any number that is not a safe integer', () => {
    const other = fc.double().filter((value) => !Number.isSafeInteger(value));
    fc.assert(
      fc.property(other, (value) => {
        expect(() => canonical({ value })).toThrow(TypeError);
      }),
    );
  });

  test('any string that NFC would change', () => {
    const other = fc
      .string({ unit: 'binary' })
      .map((text) => `${text}e\u0301`)
      .filter((text) => text.normalize('NFC') !== text);
    fc.assert(
      fc.property(other, (value) => {
        expect(() => canonical([value])).toThrow('/0');
      }),
    );
  });
});

describe('a digest', () => {
  test('is SHA-256 over the UTF-8 bytes, written sha256:<hex>', () => {
    const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(digestOf('')).toBe(empty);
    expect(digestOf(new Uint8Array())).toBe(empty);
    expect(digestOf('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digestOf('办件')).toBe(digestOf(Buffer.from('办件', 'utf8')));
  });
});
