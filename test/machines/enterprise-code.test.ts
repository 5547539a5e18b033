import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkEnterpriseCode } from '../../src/machines/shared/enterprise-code.ts';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const good = ['11100000000013338W', '91350100M000100Y43', '91370105MA3C00011T'];

describe('a unified social credit code', () => {
  test.each(good)('%s is accepted', (code) => {
    expect(checkEnterpriseCode(code)).toBeUndefined();
  });

  test.each([
    ['91350100M000100Y4Z', 'characters'],
    ['91350100M000100Y44', 'check-digit'],
    ['91350100M000100Y4', 'length'],
    ['', 'length'],
    ['I1350100M000100Y43', 'characters'],
  ])('%s is refused because of its %s', (code, reason) => {
    expect(checkEnterpriseCode(code)).toEqual({ reason });
  });

  test('the first 18 characters of an item code are the code of the authority', () => {
    expect(checkEnterpriseCode('11100000000013338W1000117040000'.slice(0, 18))).toBeUndefined();
  });

  test('small and full-width letters and spaces around mean the same code', () => {
    expect(checkEnterpriseCode(' 91350100ｍ000100y43 ')).toBeUndefined();
  });

  test('one wrong character anywhere is always found', () => {
    const changes = fc.tuple(fc.constantFrom(...good), fc.nat(17), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(changes, ([code, at, by]) => {
        const other = alphabet.charAt((alphabet.indexOf(code.charAt(at)) + by) % 31);
        const changed = code.slice(0, at) + other + code.slice(at + 1);
        expect(checkEnterpriseCode(changed)).toEqual({ reason: 'check-digit' });
      }),
    );
  });
});
