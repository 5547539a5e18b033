import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/log/misfit.ts';
import {
  ed25519Keys,
  ed25519Signer,
  ed25519Verifier,
  type Note,
  readNote,
  readSignatures,
  readVerifierKey,
  SIGNATURE_TYPES,
  signNote,
  verifyNote,
  writeNote,
} from '../../src/log/note.ts';

/** The key and the note in the documentation of golang.org/x/mod/sumdb/note. */
const GO = {
  skey: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: `If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n`,
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

const SEED = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 8);
const NOW = 1_795_400_000;

function sign(text: string, ...skeys: string[]): Note {
  return signNote(text, skeys.map(ed25519Signer), NOW);
}

describe('a signed note', () => {
  it('is the one that Go’s note package signs, and opens', () => {
    const note = `${GO.text}\n${GO.line}`;
    expect(writeNote(sign(GO.text, GO.skey))).toBe(note);
    expect(verifyNote(readNote(note), [ed25519Verifier(GO.vkey)])).toHaveLength(1);
    const seed = Buffer.from(GO.skey.split('+').slice(4).join('+'), 'base64').subarray(1);
    expect(ed25519Keys('PeterNeumann', seed)).toEqual({ skey: GO.skey, vkey: GO.vkey });
  });

  it('whose text was changed is refused by name of the key', () => {
    const { vkey, skey } = ed25519Keys('log.example', SEED);
    const note = sign('a text\n', skey);
    const changed = { ...note, text: 'b text\n' };
    expect(() => verifyNote(changed, [ed25519Verifier(vkey)])).toThrow(`signature of ${vkey.slice(0, 20)}`);
  });

  it('any one byte of which was changed is refused', () => {
    const { vkey, skey } = ed25519Keys('log.example', SEED);
    const bytes = Buffer.from(writeNote(sign('log.example\n7\n', skey)));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bits;
        expect(() => verifyNote(readNote(changed), [ed25519Verifier(vkey)])).toThrow(Misfit);
      }),
      { numRuns: 300 },
    );
  });

  it('is believed for one known key among strangers; their names alone do not count', () => {
    const log = ed25519Keys('log.example', SEED);
    const stranger = ed25519Keys('log.example', OTHER);
    const note = sign('a text\n', stranger.skey, log.skey);
    expect(verifyNote(note, [ed25519Verifier(log.vkey)]).map(({ id }) => id)).toEqual([
      log.vkey.slice(12, 20),
    ]);
    const alone = sign('a text\n', stranger.skey);
    expect(() => verifyNote(alone, [ed25519Verifier(log.vkey)])).toThrow(
      /^signed by .*, not by log\.example\+/,
    );
  });

  it.each([
    ['no empty line', 'text\n— a AAAAAAA=\n'],
    ['no signature', 'text\n\n'],
    ['another dash', 'text\n\n- a AAAAAAAA\n'],
    ['a name with a plus', 'text\n\n— a+b AAAAAAAA\n'],
    ['base64 written in another way', 'text\n\n— a AAAAAAB=\n'],
    ['four bytes', 'text\n\n— a AAAAAA==\n'],
    ['no newline at the end', 'text\n\n— a AAAAAAAA'],
    ['a tab', 'te\txt\n\n— a AAAAAAAA\n'],
    ['bytes that are no text', Buffer.from([0xff, 0x0a, 0x0a])],
    ['too many lines', `text\n\n${'— a AAAAAAAA\n'.repeat(101)}`],
  ])('with %s is no note', (_what, bytes) => {
    expect(() => readNote(bytes)).toThrow(expect.objectContaining({ name: 'Misfit', kind: 'note' }));
  });

  it('may hold empty lines: the last one ends the text', () => {
    expect(readNote('a\n\nb\n\n— a AAAAAAAA\n').text).toBe('a\n\nb\n');
  });
});

describe('a cosignature', () => {
  const { skey, vkey } = ed25519Keys('witness.example', SEED, SIGNATURE_TYPES.cosignature);
  const text = 'log.example\n7\nqqo=\n';

  it('says when it was made, and holds for that moment alone', () => {
    const note = sign(text, skey);
    const [signature] = note.signatures;
    expect(signature?.bytes.readBigUInt64BE(0)).toBe(BigInt(NOW));
    expect(signature?.bytes).toHaveLength(8 + 64);
    expect(verifyNote(note, [ed25519Verifier(vkey)])).toHaveLength(1);
    signature?.bytes.writeBigUInt64BE(BigInt(NOW + 1));
    expect(() => verifyNote(note, [ed25519Verifier(vkey)])).toThrow('is not of this text');
  });

  it('is over the header, the time and the text', () => {
    const plain = ed25519Keys('witness.example', SEED);
    const signed = ed25519Signer(plain.skey).sign(`cosignature/v1\ntime ${NOW}\n${text}`, 0);
    expect(sign(text, skey).signatures[0]?.bytes.subarray(8)).toEqual(signed);
  });

  it('is no signature of a log by the same key', () => {
    const plain = ed25519Keys('witness.example', SEED);
    expect(plain.vkey).not.toBe(vkey);
    expect(() => verifyNote(sign(text, skey), [ed25519Verifier(plain.vkey)])).toThrow('not by');
  });
});

describe('a key', () => {
  it.each([
    ['not a key at all', 'log.example'],
    ['the id of another', 'log.example+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['base64 that is none', 'log.example+c74f20a3+A*'],
  ])('with %s is refused', (_what, vkey) => {
    expect(() => readVerifierKey(vkey)).toThrow(expect.objectContaining({ kind: 'key' }));
  });

  it('of another kind or length is no Ed25519 key', () => {
    const { vkey } = ed25519Keys('a', SEED);
    expect(readVerifierKey(vkey)).toMatchObject({ name: 'a', type: 1 });
    expect(() => ed25519Verifier('a+8a5a93e2+/w==')).toThrow(expect.objectContaining({ kind: 'key' }));
  });

  it('that is private is not quoted when it is wrong', () => {
    const { skey } = ed25519Keys('log.example', SEED);
    const wrong = skey.replace('log.example', 'log.elsewhere');
    expect(() => ed25519Signer(wrong)).toThrow('the id of a private key is not its own');
    expect(() => ed25519Signer(`${skey}*`)).toThrow(/^not <name>\+<id>\+<key>: a private key$/);
  });

  it('signature lines come alone from a witness, and are read alone', () => {
    expect(readSignatures(GO.line)).toMatchObject([{ name: 'PeterNeumann', id: 'c74f20a3' }]);
  });
});
