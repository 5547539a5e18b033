import { createHash } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seal, unseal } from '../../src/vault/seal.ts';
import { createVault, type PersonKey, type Vault, type VaultRow } from '../../src/vault/vault.ts';
import { epochOf, newestOf } from '../../src/vault/wrap.ts';
import { keysNamed, newPerson, openVault } from './fixtures.ts';

// People and numbers are invented.
const values = { name: '赵一', idNumber: '370105198006151238', mobile: '13800001234' };

describe('a personal value', () => {
  test('comes back as it was sealed, whatever it is', () => {
    const { vault, person } = openVault();
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary', minLength: 1 }),
        (value, field) => {
          const rows = sealAt(vault, person, { [field]: value });
          expect(Object.entries(vault.openValues(person, rows))).toEqual(Object.entries({ [field]: value }));
        },
      ),
    );
  });

  test('opens with the person’s key as the database holds it, after a restart too', () => {
    const vault = createVault(keysNamed('one'));
    const { id, wrappedKey } = vault.newPerson();
    const rows = sealAt(vault, vault.openPerson(id, wrappedKey), values);
    const later = createVault(keysNamed('one'));
    expect(later.openValues(later.openPerson(id, wrappedKey), rows)).toEqual(values);
  });

  test('the latest of a field counts, in whatever order the rows come', () => {
    const { vault, person } = openVault();
    const rows = [
      ...sealAt(vault, person, { name: 'first', mobile: 'kept' }, { seq: 2 }),
      ...sealAt(vault, person, { name: 'second' }, { seq: 10 }),
    ];
    const expected = { name: 'second', mobile: 'kept' };
    expect(vault.openValues(person, rows)).toEqual(expected);
    expect(vault.openValues(person, rows.toReversed())).toEqual(expected);
  });

  const moves: [where: string, move: (row: VaultRow) => VaultRow][] = [
    ['another case', (row) => ({ ...row, caseId: 'c2' })],
    ['another entry', (row) => ({ ...row, seq: 3 })],
    ['another field', (row) => ({ ...row, field: 'mobile' })],
    ['another digest', (row) => ({ ...row, digest: sha256('x') })],
  ];

  test.each(moves)('opens in its own place only, not under %s', (_where, move) => {
    const { vault, person } = openVault();
    const [row] = sealAt(vault, person, { name: values.name });
    expect(() => vault.openValues(person, row ? [move(row)] : [])).toThrow(Error);
  });

  test('does not open for another person, of this server or of another', () => {
    const { vault, person } = openVault();
    const rows = sealAt(vault, person, values);
    expect(() => vault.openValues(newPerson(vault), rows)).toThrow(Error);
    expect(() => vault.openValues({ ...newPerson(vault), personId: person.personId }, rows)).toThrow(Error);
    expect(() => vault.openValues({ ...person, personId: 'p2' }, rows)).toThrow(Error);
  });

  test('does not open with any one byte flipped or any end cut off', () => {
    const { vault, person } = openVault();
    const [row] = sealAt(vault, person, { name: values.name });
    const whole = row?.sealed ?? Buffer.of();
    for (let i = 0; i < whole.length; i++) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8((whole[i] ?? 0) ^ 1, i);
      for (const sealed of [flipped, whole.subarray(0, i)]) {
        expect(() => vault.openValues(person, row ? [{ ...row, sealed }] : [])).toThrow(Error);
      }
    }
  });

  test('stands nowhere in the sealed bytes, as itself or in any usual writing', () => {
    const { vault, person } = openVault();
    for (const [field, value] of Object.entries(values)) {
      const [row] = sealAt(vault, person, { [field]: value });
      const plain = Buffer.from(value);
      for (const writing of [plain, ...['hex', 'base64', 'base64url'].map((form) => encode(plain, form))]) {
        expect(row?.sealed.includes(writing)).toBe(false);
        expect(row?.digest.includes(writing.toString())).toBe(false);
      }
    }
  });

  test('sealed twice gives other bytes and another digest: nobody can tell that it is the same', () => {
    const { vault, person } = openVault();
    const [one] = sealAt(vault, person, values);
    const [two] = sealAt(vault, person, values);
    expect(one?.sealed).not.toEqual(two?.sealed);
    expect(one?.digest).not.toBe(two?.digest);
  });
});

describe('the digest of a personal value', () => {
  test('is that of RFC 9901, over the disclosure that only the person’s key opens', () => {
    const { vault, person } = openVault();
    const [row] = sealAt(vault, person, { name: values.name });
    const place = `${person.personId}|c1|2|name`;
    const disclosure = unseal(person.key, row?.sealed ?? Buffer.of(), place).toString();
    expect(sha256(disclosure)).toBe(row?.digest);
    const [salt, field, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as string[];
    expect({ field, value }).toEqual({ field: 'name', value: values.name });
    expect(Buffer.from(salt ?? '', 'base64url')).toHaveLength(16);
  });

  test('a disclosure made elsewhere opens as well: that of RFC 9901, section 4.2.3', () => {
    const { vault, person } = openVault();
    const disclosure = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
    const row = {
      caseId: 'c1',
      seq: 2,
      field: 'family_name',
      digest: 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0',
      sealed: seal(person.key, Buffer.from(disclosure), `${person.personId}|c1|2|family_name`),
    };
    expect(vault.openValues(person, [row])).toEqual({ family_name: 'Möbius' });
  });
});

describe('a person’s key', () => {
  test('is wrapped: without the key file it does not open', () => {
    const vault = createVault(keysNamed('one'));
    const { id, wrappedKey } = vault.newPerson();
    const stranger = createVault(keysNamed('another'));
    expect(() => stranger.openPerson(id, wrappedKey)).toThrow(Error);
    expect(() => createVault(keysNamed('one')).openPerson('p2', wrappedKey)).toThrow(Error);
  });

  test('opens as it was wrapped before it said its epoch', () => {
    const keys = keysNamed('one');
    const wrapping = newestOf(keys).key;
    const bare = seal(wrapping, Buffer.alloc(32, 5), 'person:p1');
    expect(epochOf(bare)).toBe(1);
    expect(createVault(keys).openPerson('p1', bare).key.export()).toEqual(Buffer.alloc(32, 5));
  });

  test('wrapped anew is the same key, and under the newest wrapping key there is nothing to do', () => {
    const old = keysNamed('one');
    const vault = createVault(old);
    const { id, wrappedKey } = vault.newPerson();
    const key = vault.openPerson(id, wrappedKey).key.export();
    expect(vault.rewrap(id, wrappedKey)).toBeUndefined();
    const [second] = keysNamed('two').wrapping();
    const both = { ...old, wrapping: () => [newestOf(old), { ...(second ?? newestOf(old)), epoch: 2 }] };
    const renewed = createVault(both).rewrap(id, wrappedKey) ?? Buffer.of();
    expect(epochOf(renewed)).toBe(2);
    expect(createVault(both).openPerson(id, renewed).key.export()).toEqual(key);
    expect(() => createVault(old).openPerson(id, renewed)).toThrow('epoch 2');
  });

  test('is 32 bytes of its own for each person, and is not in its wrapping', () => {
    const vault = createVault(keysNamed('one'));
    const people = Array.from({ length: 20 }, () => vault.newPerson());
    const keys = people.map(({ id, wrappedKey }) => ({
      wrappedKey,
      ...vault.openPerson(id, wrappedKey),
      key: vault.openPerson(id, wrappedKey).key.export(),
    }));
    expect(keys.every(({ key, wrappedKey }) => key.length === 32 && !wrappedKey.includes(key))).toBe(true);
    expect(new Set(keys.map(({ key }) => key.toString('hex'))).size).toBe(20);
    expect(new Set(keys.map(({ personId }) => personId)).size).toBe(20);
  });

  test('seals bytes of any kind, each for its own place', () => {
    const { vault, person } = openVault();
    const bytes = Buffer.from([0, 255, 1, 254]);
    const blob = vault.sealBytes(person, 'avatar', bytes);
    expect(vault.openBytes(person, 'avatar', blob)).toEqual(bytes);
    expect(() => vault.openBytes(person, 'nickname', blob)).toThrow(Error);
    expect(() => vault.openBytes(newPerson(vault), 'avatar', blob)).toThrow(Error);
  });

  test('opens nothing under a shortened proof, however little was sealed', () => {
    const { vault, person } = openVault();
    const blob = vault.sealBytes(person, 'nickname', Buffer.of());
    for (const length of [16, 20, 24, 25, 26, 27]) {
      expect(() => vault.openBytes(person, 'nickname', blob.subarray(0, length))).toThrow(Error);
    }
  });
});

describe('a code sent to a mobile', () => {
  const vault = createVault(keysNamed('one'));

  test('is six digits, the same for the same effect and mobile, after a restart too', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, mobile) => {
        const code = vault.codeFor(key, mobile);
        expect(code).toMatch(/^\d{6}$/);
        expect(createVault(keysNamed('one')).codeFor(key, mobile)).toBe(code);
      }),
    );
  });

  test('is another for another mobile, another effect, another server', () => {
    const codes = [
      vault.codeFor('c1:5:sms', '13800001234'),
      vault.codeFor('c1:5:sms', '13800001235'),
      vault.codeFor('c1:6:sms', '13800001234'),
      createVault(keysNamed('two')).codeFor('c1:5:sms', '13800001234'),
    ];
    expect(new Set(codes).size).toBe(4);
  });

  test('uses the whole range of six digits', () => {
    const codes = Array.from({ length: 2000 }, (_, i) => vault.codeFor(`c${i}:5:sms`, '13800001234'));
    expect(new Set(codes).size).toBeGreaterThan(1900);
    const first = new Set(codes.map((code) => code[0]));
    expect(first.size).toBe(10);
  });
});

describe('a password', () => {
  test('is kept as an argon2id hash of OWASP’s first choice, salted anew each time', async () => {
    const { vault } = openVault();
    const [one, two] = await Promise.all([vault.hashPassword('abc12345'), vault.hashPassword('abc12345')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(one).not.toContain('abc12345');
  });

  test('is told from any other by its hash', async () => {
    const hash = await openVault().vault.hashPassword('abc12345');
    expect(await verify(hash, 'abc12345')).toBe(true);
    expect(await verify(hash, 'abc12346')).toBe(false);
  });
});

describe('a keyed digest', () => {
  test('is the same for the same value and purpose, another for another, and depends on the server', () => {
    const vault = createVault(keysNamed('one'));
    const digest = vault.digestOf('subject', values.idNumber);
    expect(createVault(keysNamed('one')).digestOf('subject', values.idNumber)).toBe(digest);
    const others = [
      vault.digestOf('address', values.idNumber),
      vault.digestOf('subject', values.mobile),
      vault.digestOf('subject\0', values.idNumber.slice(1)),
      createVault(keysNamed('two')).digestOf('subject', values.idNumber),
      createHash('sha256').update(values.idNumber).digest('base64url'),
    ];
    expect(new Set([digest, ...others]).size).toBe(6);
  });

  test('a fingerprint differs by person, so that it tells nothing once the person is erased', () => {
    const { vault, person } = openVault();
    const print = vault.fingerprint(person, values.mobile);
    expect(vault.fingerprint(person, values.mobile)).toBe(print);
    expect(vault.fingerprint(person, values.name)).not.toBe(print);
    expect(vault.fingerprint(newPerson(vault), values.mobile)).not.toBe(print);
  });
});

/** Rows as the database would hold them after entry `seq` of case c1. */
function sealAt(
  vault: Vault,
  person: PersonKey,
  personal: Record<string, string>,
  { seq = 2 }: { seq?: number } = {},
): VaultRow[] {
  return vault.sealValues(person, 'c1', seq, personal).map((value) => ({ ...value, caseId: 'c1', seq }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function encode(plain: Buffer, form: string): Buffer {
  return Buffer.from(plain.toString(form as BufferEncoding));
}
