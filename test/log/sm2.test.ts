import { describe, expect, it } from 'vitest';
import { readVerifierKey, SIGNATURE_TYPES, writeVerifierKey } from '../../src/log/note.ts';
import { openSigners, openVerifiers } from '../../src/log/signatures.ts';
import { sm2Keys, sm2Signer, sm2Verifier } from '../../src/log/sm2.ts';

/** The example of GM/T 0003.5: curve, identity, message and signature. */
const STANDARD = {
  secret: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  x: '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020',
  y: 'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
};
const keys = sm2Keys('log.example', Buffer.from(STANDARD.secret, 'hex'));
const SIGNATURE = Buffer.from(`3046022100${STANDARD.r}022100${STANDARD.s}`, 'hex');

describe('SM2 with SM3', () => {
  it('is that of the standard: its key, and its signature of its message', () => {
    const point = readVerifierKey(keys.vkey).material.subarray(-65).toString('hex');
    expect(point).toBe(`04${STANDARD.x}${STANDARD.y}`);
    expect(sm2Verifier(keys.vkey).verifies('message digest', SIGNATURE)).toBe(true);
    expect(sm2Verifier(keys.vkey).verifies('message digesu', SIGNATURE)).toBe(false);
  });

  it('signs so that its own verifier believes it, and no other text', () => {
    const signature = sm2Signer(keys.skey).sign('a text\n', 0);
    expect(sm2Verifier(keys.vkey).verifies('a text\n', signature)).toBe(true);
    expect(sm2Verifier(keys.vkey).verifies('b text\n', signature)).toBe(false);
    const other = sm2Keys('log.example', Buffer.alloc(32, 5));
    expect(sm2Verifier(other.vkey).verifies('a text\n', signature)).toBe(false);
  });

  it('takes bytes that are no signature for none', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('3000', 'hex'), Buffer.alloc(72, 1)]) {
      expect(sm2Verifier(keys.vkey).verifies('a text\n', bytes)).toBe(false);
    }
  });

  it('is told from Ed25519 by its key alone, and refuses what is no key of it', async () => {
    expect((await openVerifiers([keys.vkey])).map(({ id }) => id)).toEqual([readVerifierKey(keys.vkey).id]);
    expect((await openSigners([keys.skey])).map(({ id }) => id)).toEqual([readVerifierKey(keys.vkey).id]);
    const { material } = readVerifierKey(keys.vkey);
    const bent = Buffer.from(material).fill(1, material.length - 1);
    for (const wrong of [material.subarray(1), bent]) {
      const vkey = writeVerifierKey('log.example', SIGNATURE_TYPES.other, wrong);
      await expect(openVerifiers([vkey])).rejects.toMatchObject({ kind: 'key' });
    }
  });
});
