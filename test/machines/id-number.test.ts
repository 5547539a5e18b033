import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { birthDateOf, checkIdNumber, normaliseIdNumber, sexOf } from '../../src/machines/shared/id-number.ts';

// Every number here is invented.
const today = '2026-09-14';
const good = [
  '11010519491231002X',
  '440524188001010014',
  '370105198006151238',
  '370105198006151246',
  '37010519800115005X',
  '810000199001010019',
];
const reasonOf = (text: string) => checkIdNumber(text, today)?.reason;

/** ISO 7064's own recursive form of MOD 11-2, to hold the table of weights against. */
function checkCharacter(body: string): string {
  let rest = 0;
  for (let at = 0; at < body.length; at += 1) rest = ((rest + Number(body.charAt(at))) * 2) % 11;
  return '10X98765432'.charAt(rest);
}

const bodies = fc
  .tuple(
    fc.constantFrom('110105', '370105', '650000', '810000', '830000'),
    fc.date({ min: new Date('1880-01-01'), max: new Date(today), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(
    ([region, birth, sequence]) =>
      region + birth.toISOString().slice(0, 10).replaceAll('-', '') + String(sequence).padStart(3, '0'),
  );
const goodNumbers = bodies.map((body) => body + checkCharacter(body));

describe('an ID number', () => {
  test.each(good)('%s is accepted', (number) => {
    expect(checkIdNumber(number, today)).toBeUndefined();
  });

  test.each([
    ['370105198006151233', 'check-digit'],
    ['370105199102300015', 'date'],
    ['370105203001010018', 'future'],
    ['99010519800101001X', 'region'],
    ['370105800615123', 'fifteen'],
    ['37010580061512', 'length'],
    ['3701051980061512388', 'length'],
    ['', 'length'],
    ['3701051980061512a8', 'characters'],
    ['X70105198006151238', 'characters'],
    ['37010519801315123X', 'date'],
  ])('%s is refused because of its %s', (number, reason) => {
    expect(reasonOf(number)).toBe(reason);
  });

  test('a birth today is no birth in the future', () => {
    const number = `37010520260914123${checkCharacter('37010520260914123')}`;
    expect(checkIdNumber(number, '2026-09-14')).toBeUndefined();
    expect(checkIdNumber(number, '2026-09-13')).toEqual({ reason: 'future' });
  });

  test('spaces around it, full-width digits and a small x mean the same number', () => {
    expect(normaliseIdNumber(' １１０１０５１９４９１２３１００２ｘ　')).toBe('11010519491231002X');
    expect(checkIdNumber('\t11010519491231002x\n', today)).toBeUndefined();
    expect(birthDateOf(' 11010519491231002x')).toBe('1949-12-31');
  });

  test('digits of other scripts are no digits', () => {
    expect(reasonOf('37010519800615123٨')).toBe('characters');
  });

  test('the birth date and the sex are read from it', () => {
    expect(birthDateOf('370105198006151238')).toBe('1980-06-15');
    expect(sexOf('370105198006151238')).toBe('1');
    expect(sexOf('370105198006151246')).toBe('2');
  });

  test('every number with a known province, a real date and the right check character is accepted', () => {
    fc.assert(
      fc.property(goodNumbers, (number) => {
        expect(reasonOf(number)).toBeUndefined();
      }),
    );
  });

  test('one wrong digit anywhere is always found', () => {
    const changes = fc.tuple(goodNumbers, fc.nat(16), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(changes, ([number, at, by]) => {
        const digit = (Number(number.charAt(at)) + by) % 10;
        expect(reasonOf(number.slice(0, at) + digit + number.slice(at + 1))).toBeDefined();
      }),
    );
  });

  test('a wrong check character is always found', () => {
    fc.assert(
      fc.property(goodNumbers, fc.nat(9), (number, by) => {
        const others = '0123456789X'.replace(number.charAt(17), '');
        expect(reasonOf(number.slice(0, 17) + others.charAt(by))).toBe('check-digit');
      }),
    );
  });

  test('two neighbouring digits changed about are always found', () => {
    fc.assert(
      fc.property(goodNumbers, fc.nat(15), (number, at) => {
        const [a, b] = [number.charAt(at), number.charAt(at + 1)];
        fc.pre(a !== b);
        expect(reasonOf(number.slice(0, at) + b + a + number.slice(at + 2))).toBeDefined();
      }),
    );
  });

  test('no text whatever makes the check fail with anything but a reason', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), (text) => {
        expect(reasonOf(text)).toBeDefined();
      }),
    );
  });
});
