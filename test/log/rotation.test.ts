import { describe, expect, it } from 'vitest';
import { ed25519Keys, ed25519Signer } from '../../src/log/note.ts';
import { ROTATION, type ServiceFact, signRotation, trustedKeys } from '../../src/log/rotation.ts';

const KEYS = [1, 2, 3, 4].map((fill) => ed25519Keys('log.example', Buffer.alloc(32, fill)));
const vkeys = KEYS.map(({ vkey }) => vkey);
const [first = ''] = vkeys;

/** The entry that hands over from one of the keys to another, signed by a third. */
function rotate(seq: number, from: number, to: number, by = from): ServiceFact {
  const signer = ed25519Signer(KEYS[by]?.skey ?? '');
  const data = signRotation([vkeys[from] ?? ''], [vkeys[to] ?? ''], signer);
  return { seq, type: ROTATION, data };
}

describe('the keys of a log, from the first one on', () => {
  it('are the first one while nothing was rotated', () => {
    const other = { seq: 1, type: 'service.started', data: {} };
    expect(trustedKeys(first, [other])).toEqual([{ vkeys: [first], sinceSeq: 0 }]);
  });

  it('are followed through every hand-over, each vouched for by the key before', () => {
    const found = trustedKeys(first, [rotate(1, 0, 1), rotate(4, 1, 2)]);
    expect(found).toEqual([
      { vkeys: [vkeys[0]], sinceSeq: 0 },
      { vkeys: [vkeys[1]], sinceSeq: 1 },
      { vkeys: [vkeys[2]], sinceSeq: 4 },
    ]);
  });

  it.each([
    ['signed by a key that came from nowhere', [rotate(1, 0, 1, 3)], 'entry 1 is not signed by'],
    ['from a key that is not the log’s', [rotate(1, 2, 3)], 'entry 1 does not hand over from'],
    ['from a key that has ended', [rotate(1, 0, 1), rotate(2, 0, 3)], 'entry 2 does not hand over from'],
    [
      'that names no keys',
      [{ seq: 9, type: ROTATION, data: { from: [], to: 'x' } }],
      'entry 9 does not name its keys',
    ],
    [
      'to another key than was signed',
      [{ ...rotate(1, 0, 1), data: { ...Object(rotate(1, 0, 1).data), to: [vkeys[3]] } }],
      'entry 1 is not signed by',
    ],
  ])('a hand-over %s is not followed', (_what, entries, message) => {
    expect(() => trustedKeys(first, entries)).toThrow(message);
  });
});
