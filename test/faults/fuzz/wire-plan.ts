import fc from 'fast-check';

/** A request byte by byte, as no client library would write it. */
export interface WirePlan {
  base: number;
  line: string;
  /** Header lines beside the fitting ones, as they are. */
  lines: readonly string[];
  framing: string;
  /** Where the bytes are cut into pieces, in thousandths of the whole. */
  cuts: readonly number[];
  /** Hangs up after so many thousandths. */
  abortAt?: number | undefined;
}

/** First lines by name; `fitting` is as it should be. */
export const LINES: Record<string, (method: string, path: string) => string> = {
  fitting: (method, path) => `${method} ${path} HTTP/1.1`,
  'an HTTP of the past': (method, path) => `${method} ${path} HTTP/1.0`,
  'an HTTP of the beginning': (method, path) => `${method} ${path}`,
  'an HTTP of the future': (method, path) => `${method} ${path} HTTP/2.0`,
  'no HTTP': (method, path) => `${method} ${path} HTTPS/1.1`,
  'an invented method': (_, path) => `BREW ${path} HTTP/1.1`,
  'a small method': (method, path) => `${method.toLowerCase()} ${path} HTTP/1.1`,
  'a whole address': (method, path) => `${method} http://elsewhere.example${path} HTTP/1.1`,
  'a star': () => 'OPTIONS * HTTP/1.1',
  'a tunnel': () => 'CONNECT elsewhere.example:443 HTTP/1.1',
  'no slash': (method, path) => `${method} ${path.slice(1)} HTTP/1.1`,
  spaces: (method, path) => `${method}  ${path}  HTTP/1.1`,
  'bytes past ASCII': (method, path) => `${method} ${path}/\xe6\x9e\x97 HTTP/1.1`,
  'a NUL': (method, path) => `${method} ${path}\0 HTTP/1.1`,
  'a long path': (method, path) => `${method} ${path}?${'x'.repeat(9_000)} HTTP/1.1`,
  'a path too long': (method, path) => `${method} ${path}?${'x'.repeat(20_000)} HTTP/1.1`,
  'a fragment': (method, path) => `${method} ${path}#x HTTP/1.1`,
  'the preface of HTTP/2': () => 'PRI * HTTP/2.0\r\n\r\nSM',
  'a TLS greeting': () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
};

/** How the end of the body is told, by name; `length` and `chunked` are as it should be. */
export const FRAMINGS: Record<string, (body: string) => { lines: string[]; written: string }> = {
  length: (body) => ({ lines: [`Content-Length: ${body.length}`], written: body }),
  chunked: (body) => ({ lines: CHUNKED, written: `${chunk(body)}0\r\n\r\n` }),
  'shorter than it says': (body) => ({ lines: ['Content-Length: 100000'], written: body }),
  'a size that is no number': (body) => ({ lines: CHUNKED, written: `zz\r\n${body}\r\n0\r\n\r\n` }),
  'a size past all numbers': (body) => ({ lines: CHUNKED, written: `fffffffffffffffff\r\n${body}` }),
  'a chunk with much to say': (body) => ({ lines: CHUNKED, written: `1;${'x'.repeat(20_000)}\r\n${body}` }),
  trailers: (body) => ({
    lines: CHUNKED,
    written: `${chunk(body)}0\r\nAuthorization: Bearer x\r\n\r\n`,
  }),
  'a byte a chunk': (body) => ({ lines: CHUNKED, written: `${Array.from(body, chunk).join('')}0\r\n\r\n` }),
  'no last chunk': (body) => ({ lines: CHUNKED, written: chunk(body) }),
  'a length and chunks': (body) => ({
    lines: ['Content-Length: 3', ...CHUNKED],
    written: `${chunk(body)}0\r\n\r\n`,
  }),
  'two lengths': (body) => ({ lines: ['Content-Length: 3', 'Content-Length: 4'], written: body }),
  'packed chunks': (body) => ({
    lines: ['Transfer-Encoding: gzip, chunked'],
    written: `${chunk(body)}0\r\n\r\n`,
  }),
  'more than the limit': (body) => ({ lines: ['Content-Length: 90000'], written: body.padEnd(90_000) }),
  'more than the limit, in chunks': () => ({
    lines: CHUNKED,
    written: `${chunk('x'.repeat(90_000))}0\r\n\r\n`,
  }),
};

const CHUNKED = ['Transfer-Encoding: chunked'];

const line = fc.oneof(
  { weight: 5, arbitrary: fc.constant('fitting') },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(LINES)) },
);
const framing = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('length', 'chunked') },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(FRAMINGS)) },
);

const headerLine = fc.constantFrom(
  'Host: elsewhere.example',
  'Host:',
  'Content-Type: text/plain',
  'Authorization: Bearer x',
  'Idempotency-Key: a',
  'If-Match: "1"',
  'Expect: 100-continue',
  'Expect: the-unexpected',
  'Connection: Upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
  'Connection: close, keep-alive, x',
  'Keep-Alive: timeout=999999, max=0',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding : chunked',
  'Trailer: authorization',
  'X: a\r\n folded',
  'X: \0',
  'X: \xff\xfe\x80',
  'X',
  ': x',
  'X Y: z',
  `X: ${'x'.repeat(9_000)}`,
  `X: ${'x'.repeat(20_000)}`,
  Array.from({ length: 1_500 }, (_, n) => `X-${n}: y`).join('\r\n'),
  '__proto__: x',
  'constructor: x',
);

export const wirePlan: fc.Arbitrary<WirePlan> = fc.record({
  base: fc.nat(999),
  line,
  lines: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(headerLine, { maxLength: 3 }) },
  ),
  framing,
  cuts: fc.oneof(fc.constant([]), fc.array(fc.nat(1_000), { maxLength: 8 })),
  abortAt: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(1_000) },
  ),
});

/** Of no bytes it would be the last. */
function chunk(body: string): string {
  return body && `${body.length.toString(16)}\r\n${body}\r\n`;
}
