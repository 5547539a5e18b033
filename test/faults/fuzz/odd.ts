import fc from 'fast-check';
import { CANARIES } from './canaries.ts';

const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202e\u2066林\u2069',
  '\u0627\u0644\u0639',
  '\ufeff',
  '\u2028',
  'e\u0301',
  '\ufdfa'.repeat(20),
  '𠮷野',
  '👩‍👩‍👧‍👦',
  '林'.repeat(51),
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e999',
  '../../etc/passwd',
  '%00',
  '%',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '\r\nx-injected: 1',
  '370105198006151233',
  '2026-02-30',
  '+010000-01-01T00:00:00.000Z',
];

/** Any code point, and now and then one that a text should not have. */
const oddSign = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', '\udfff', '\u0000', '\u202e', '\u200b', '\n') },
);

/** Texts of every size and alphabet, most of them short. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 3, arbitrary: fc.string({ unit: oddSign, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '林', '\ud800', '\u0000', '"'), fc.constantFrom(64, 201, 4_000, 30_000))
      .map(([unit, times]) => unit.repeat(times)),
  },
);

/** Sent as values only: a field's name comes back in the pointer to it, and that is the sender's own. */
export const oddValueText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: oddText },
  { weight: 1, arbitrary: fc.constantFrom(...CANARIES) },
);

const EDGES = [0, -0, 1, -1, 0.1, 1e21, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 53), Number.MAX_VALUE];

/** JSON of any shape, up to deep and wide. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: oddValueText },
  { weight: 2, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(100, 2_000).map(nest) },
  { weight: 1, arbitrary: fc.constant(Array(5_000).fill(0)) },
);

function nest(depth: number): unknown {
  let value: unknown = 0;
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Names of fields that mean something to somebody, or are merely long. */
export const oddName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toJSON', 'then', 'length', 'at', 'type', '$ref'),
  fc.constantFrom('a/b', '~', '~1', '', 'x'.repeat(5_000), '林', '\u0000', 'hasOwnProperty', 'output'),
  oddText,
);

/** Texts that take the place of a written body, whatever it said. */
export const oddBody: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom(
    'null',
    '[]',
    '""',
    '0',
    'true',
    '{',
    '{}{}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":1e999}',
    '\ufeff{}',
    '{"a":"\\ud800"}',
    '{"a":"\n"}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"a":1,"a":2}',
    ' \t\r\n',
    '[1e400,-1e400,0.1e-400,-0]',
    `{"a":"${'x'.repeat(70_000)}"}`,
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'{"a":'.repeat(10_000)}0${'}'.repeat(10_000)}`,
    `{${Array.from({ length: 3_000 }, (_, n) => `"k${n}":${n}`).join()}}`,
  ),
  fc.constantFrom(
    Buffer.from('{"name":"\xff\xfe"}', 'latin1'),
    Buffer.from('{}', 'utf16le'),
    Buffer.from([0]),
    Buffer.from('1f8b0800000000000003abae0500', 'hex'),
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** What a body is said to be, beside what it is. */
export const oddType: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('application/json; charset=utf-8', 'APPLICATION/JSON') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/vnd.api+json',
      'application/json; charset=utf-16',
      'application/json;',
      'application/json,text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=b',
      'image/png',
      '*/*',
      'nonsense',
      '',
      `application/json; a=${'x'.repeat(3_000)}`,
    ),
  },
);

type Header = [name: string, value: string | string[]];

/** Headers that routes read, with values that make sense and values that do not. Lists stand for a header given twice. */
const HEADERS: Record<string, (string | string[])[]> = {
  'if-match': ['*', '"1"', '"3"', '3', 'W/"3"', '"-1"', '"9999999999999999"', ''],
  prefer: ['wait=0', 'wait=1', 'wait=99999', 'wait=-1', 'respond-async', ',;='],
  'idempotency-key': ['k1', 'a b', '', 'ü', 'x'.repeat(201), ['a', 'b']],
  'accept-language': [
    'en',
    'zh-CN',
    'en;q=2',
    ';;;,,,',
    'x'.repeat(2_000),
    '*;q=0',
    'en;q=0.001,zh;q=0.0001',
  ],
  'last-event-id': ['', '0', '1', '999999', '-1', 'x', '9'.repeat(20)],
  accept: ['text/html', 'application/xml', '', 'x'.repeat(1_000)],
  'content-encoding': ['gzip', 'br', 'identity', 'nonsense'],
  'content-length': ['0', '5', '-1', '99999999', 'x', '1e3'],
  authorization: [
    '',
    'Bearer',
    'Bearer  ',
    'Basic YTpi',
    'Bearer a b',
    `Bearer ${'x'.repeat(3_000)}`,
    'bearer ü',
  ],
  'x-forwarded-for': ['127.0.0.1', 'x'],
  'x-http-method-override': ['DELETE'],
  cookie: ['a=b'],
  origin: ['null'],
  range: ['bytes=0-'],
};

export const oddHeader: fc.Arbitrary<Header> = fc.constantFrom(
  ...Object.entries(HEADERS).flatMap(([name, values]) => values.map((value): Header => [name, value])),
);
