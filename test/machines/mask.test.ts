import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskDate, maskIdNumber, maskMobile, maskName } from '../../src/machines/shared/mask.ts';

// People and numbers are invented.
describe('a masked value', () => {
  test('an ID number keeps its first five digits', () => {
    expect(maskIdNumber('370105198006151238')).toBe('37010*************');
    expect(maskIdNumber('11010519491231002X')).toBe('11010*************');
  });

  test('a mobile number keeps three digits in front and four behind', () => {
    expect(maskMobile('13800001234')).toBe('138****1234');
  });

  test('a name keeps its first character', () => {
    expect(maskName('赵一')).toBe('赵*');
    expect(maskName('欧阳一二')).toBe('欧***');
    expect(maskName('阿依·努尔')).toBe('阿****');
    expect(maskName('')).toBe('');
  });

  test('a character beyond the basic plane counts as one and is never cut in half', () => {
    expect(maskName('赵𠮷')).toBe('赵*');
    expect(maskName('𠮷一')).toBe('𠮷*');
  });

  test('a date keeps its year', () => {
    expect(maskDate('1980-06-15')).toBe('1980-**-**');
  });

  test('a value of another shape shows nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-8]{0,10}$/), (text) => {
        expect(maskIdNumber(text)).toBe('*'.repeat(18));
        expect(maskMobile(text)).toBe('*'.repeat(11));
        expect(maskDate(text)).toBe('****-**-**');
      }),
    );
  });
});
