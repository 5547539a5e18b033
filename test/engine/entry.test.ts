import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/engine/canonical.ts';
import { digestState, findChainBreak, readEntry, writeEntry } from '../../src/engine/entry.ts';
import type { StoredEntry } from '../../src/engine/types.ts';
import { chain, entry, stateOf } from './fixtures.ts';

describe('an entry', () => {
  test('comes back as it was written, and its digest is over the very bytes', () => {
    const written = entry({
      key: 'digest of a key',
      data: { reason: '注销', ticks: ['c1', 'c2'] },
      personal: ['a', 'b'],
      files: [{ digest: digestOf('file'), size: 4, mediaType: 'image/png' }],
      state: { value: { form: { sms: 'sent' } }, digest: digestOf('state') },
    });
    const stored = writeEntry(written);
    expect(readEntry(stored.bytes)).toEqual(written);
    expect(stored.digest).toBe(digestOf(stored.bytes));
  });

  test('is the same bytes whatever the order its members were put together in', () => {
    const written = entry();
    const shuffled = { ...Object.fromEntries(Object.entries(written).toReversed()), ...written };
    expect(Object.keys(shuffled)).toEqual(Object.keys(written).toReversed());
    expect(writeEntry(shuffled)).toEqual(writeEntry(written));
  });

  test('has no key member when no Idempotency-Key came with it', () => {
    expect(Object.keys(readEntry(writeEntry(entry()).bytes))).not.toContain('key');
  });

  test('takes exactly 16 KiB and not a byte more, counted as UTF-8', () => {
    const room = 16 * 1024 - Buffer.byteLength(writeEntry(entry({ data: { t: '' } })).bytes);
    const full = `办${'x'.repeat(room - 3)}`;
    expect(Buffer.byteLength(writeEntry(entry({ data: { t: full } })).bytes)).toBe(16_384);
    expect(() => writeEntry(entry({ data: { t: `${full}x` } }))).toThrow(
      new RangeError('entry of 16385 bytes, at most 16384'),
    );
  });

  test('is refused with a fact that has no canonical form, and the place is named', () => {
    expect(() => writeEntry(entry({ data: { amount: 1.5 } }))).toThrow('/data/amount');
  });

  test('the digest of a state changes with every part of it', () => {
    const state = stateOf('first', { n: 1 });
    const others = [
      stateOf('second', { n: 1 }),
      stateOf('first', { n: 2 }),
      { ...state, status: 'done' as const },
      { ...state, history: { h: ['a'] } },
      { ...state, children: { w: { src: 'work', key: 'k' } } },
      { ...state, timers: { t: { event: 'e', dueAt: 'x' } } },
    ];
    expect(digestState(stateOf('first', { n: 1 }))).toBe(digestState(state));
    expect(new Set([state, ...others].map(digestState)).size).toBe(7);
  });
});

describe('a chain of entries', () => {
  test('holds as it was written, and so does every beginning of it', () => {
    for (const length of [0, 1, 2, 5]) expect(findChainBreak('c1', chain(length))).toBeUndefined();
    expect(findChainBreak('c1', chain(5).slice(0, 3))).toBeUndefined();
  });

  const tamperings: {
    what: string;
    tamper: (entries: StoredEntry[]) => StoredEntry[];
    found: { seq: number; what: string };
  }[] = [
    {
      what: 'an entry that was edited',
      tamper: (entries) => edited(entries, 3, (stored) => ({ ...stored, bytes: forged(3, entries).bytes })),
      found: { seq: 3, what: 'digest' },
    },
    {
      what: 'an entry whose digest was edited',
      tamper: (entries) => edited(entries, 3, (stored) => ({ ...stored, digest: digestOf('other') })),
      found: { seq: 3, what: 'digest' },
    },
    {
      what: 'the entry after one that was forged',
      tamper: (entries) => edited(entries, 3, () => forged(3, entries)),
      found: { seq: 4, what: 'prev' },
    },
    {
      what: 'the place of one that was taken out',
      tamper: (entries) => entries.filter((_, i) => i !== 2),
      found: { seq: 3, what: 'seq' },
    },
    {
      what: 'the first place when the first is gone',
      tamper: (entries) => entries.slice(1),
      found: { seq: 1, what: 'seq' },
    },
    {
      what: 'the first of two that changed places',
      tamper: ([a, b, c, ...rest]) => [a, c, b, ...rest].filter((stored) => stored !== undefined),
      found: { seq: 2, what: 'seq' },
    },
    {
      what: 'the one behind an entry put in between',
      tamper: (entries) => [...entries.slice(0, 2), forged(3, entries), ...entries.slice(2)],
      found: { seq: 4, what: 'seq' },
    },
    {
      what: 'the second of one that is there twice',
      tamper: (entries) => [...entries.slice(0, 3), ...entries.slice(2)],
      found: { seq: 4, what: 'seq' },
    },
    {
      what: 'an entry of another case',
      tamper: (entries) => edited(entries, 3, () => chain(5, { case: 'c2' })[2]),
      found: { seq: 3, what: 'case' },
    },
    {
      what: 'an entry of another history of the case',
      tamper: (entries) => edited(entries, 3, () => chain(5, { type: 'other' })[2]),
      found: { seq: 3, what: 'prev' },
    },
    {
      what: 'a first that says another came before',
      tamper: (entries) => edited(entries, 1, () => writeEntry(entry({ prev: digestOf('before') }))),
      found: { seq: 1, what: 'prev' },
    },
  ];

  test.each(tamperings)('names $what', ({ tamper, found }) => {
    expect(findChainBreak('c1', tamper(chain(5)))).toMatchObject(found);
  });

  test.each([
    ['no JSON at all', 'not JSON'],
    ['JSON that is no entry', 'null'],
  ])('names an entry whose bytes are %s, though their digest fits', (_what, bytes) => {
    const entries = edited(chain(5), 3, () => ({ bytes, digest: digestOf(bytes) }));
    expect(findChainBreak('c1', entries)).toMatchObject({ seq: 3, what: 'bytes' });
  });

  test('says what was expected and what was found', () => {
    const entries = chain(5).filter((_, i) => i !== 2);
    expect(findChainBreak('c1', entries)).toEqual({ seq: 3, what: 'seq', expected: '3', found: '4' });
  });

  test('names the very entry in which any one character was changed', () => {
    const entries = chain(4);
    const place = fc.tuple(fc.nat(3), fc.nat(10_000), fc.constantFrom('0', 'x', '}', ' '));
    fc.assert(
      fc.property(place, ([index, offset, character]) => {
        const tampered = edited(entries, index + 1, (stored) => replaceAt(stored, offset, character));
        fc.pre(tampered[index]?.bytes !== entries[index]?.bytes);
        expect(findChainBreak('c1', tampered)).toMatchObject({ seq: index + 1, what: 'digest' });
      }),
    );
  });
});

/** The chain with the entry of one seq put in another's place. */
function edited(
  entries: StoredEntry[],
  seq: number,
  edit: (stored: StoredEntry) => StoredEntry | undefined,
): StoredEntry[] {
  return entries.map((stored, i) => (i === seq - 1 ? (edit(stored) ?? stored) : stored));
}

/** What someone would write who knows the format: right in its own place, with a digest that fits. */
function forged(seq: number, entries: StoredEntry[]): StoredEntry {
  return writeEntry(entry({ seq, type: 'forged', prev: entries[seq - 2]?.digest ?? '' }));
}

function replaceAt(stored: StoredEntry, offset: number, character: string): StoredEntry {
  const at = offset % stored.bytes.length;
  return { ...stored, bytes: stored.bytes.slice(0, at) + character + stored.bytes.slice(at + 1) };
}
