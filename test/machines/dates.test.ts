import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ageOn,
  checkIdValidity,
  expectedPeriod,
  isRealDate,
  isUnusualPeriod,
  startOfNextDayInChina,
  todayInChina,
} from '../../src/machines/shared/dates.ts';

const times = fc.date({
  min: new Date('2000-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});

describe('a date', () => {
  test.each(['2026-09-14', '2024-02-29', '2000-02-29', '1880-01-01'])('%s exists', (text) => {
    expect(isRealDate(text)).toBe(true);
  });

  test.each([
    '1991-02-30',
    '2025-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-9-14',
    '20260914',
    '2026-09-14T00:00:00Z',
    '2026-09-14\n',
    '',
    'long-term',
  ])('%j does not', (text) => {
    expect(isRealDate(text)).toBe(false);
  });

  test('every day of a calendar exists', () => {
    fc.assert(
      fc.property(times, (time) => {
        expect(isRealDate(time.toISOString().slice(0, 10))).toBe(true);
      }),
    );
  });
});

describe('the day in China', () => {
  test('it begins at 16:00 UTC', () => {
    expect(todayInChina('2026-09-14T15:59:59.999Z')).toBe('2026-09-14');
    expect(todayInChina('2026-09-14T16:00:00.000Z')).toBe('2026-09-15');
    expect(todayInChina('2026-12-31T23:30:00+08:00')).toBe('2026-12-31');
  });

  test('the next one starts at its midnight', () => {
    expect(startOfNextDayInChina('2026-09-14T15:59:59.999Z')).toBe('2026-09-14T16:00:00.000Z');
    expect(startOfNextDayInChina('2026-09-14T16:00:00.000Z')).toBe('2026-09-15T16:00:00.000Z');
  });

  test('the next one is always ahead, at most a day away, and another day', () => {
    fc.assert(
      fc.property(times, (time) => {
        const at = time.toISOString();
        const next = startOfNextDayInChina(at);
        const aheadMs = Date.parse(next) - time.getTime();
        expect(aheadMs).toBeGreaterThan(0);
        expect(aheadMs).toBeLessThanOrEqual(86_400_000);
        expect(todayInChina(next) > todayInChina(at)).toBe(true);
      }),
    );
  });
});

describe('an age', () => {
  test('it grows on the birthday', () => {
    expect(ageOn('1980-06-15', '2026-06-14')).toBe(45);
    expect(ageOn('1980-06-15', '2026-06-15')).toBe(46);
    expect(ageOn('1980-06-15', '1980-06-15')).toBe(0);
  });

  test('someone born on 29 February has a birthday on 1 March in a common year', () => {
    expect(ageOn('2000-02-29', '2025-02-28')).toBe(24);
    expect(ageOn('2000-02-29', '2025-03-01')).toBe(25);
    expect(ageOn('2000-02-29', '2024-02-29')).toBe(24);
  });
});

describe('the validity of an ID card', () => {
  // An invented card.
  const card = { from: '2020-01-01', to: '2040-01-01', birthDate: '1980-06-15', today: '2026-09-14' };

  test.each([
    ['inside its dates', card],
    ['on its first day', { ...card, today: '2020-01-01' }],
    ['on its last day', { ...card, today: '2040-01-01' }],
    ['without an end', { ...card, to: 'long-term' }],
    ['issued on the day of birth', { ...card, birthDate: '2020-01-01' }],
  ])('a card %s is valid', (_, valid) => {
    expect(checkIdValidity(valid)).toBeUndefined();
  });

  test.each([
    ['ends before it begins', { ...card, to: '2019-12-31' }, 'order'],
    ['ends on the day it begins', { ...card, to: '2020-01-01' }, 'order'],
    ['begins tomorrow', { ...card, today: '2019-12-31' }, 'not-yet'],
    ['begins tomorrow and never ends', { ...card, to: 'long-term', today: '2019-12-31' }, 'not-yet'],
    ['ended yesterday', { ...card, today: '2040-01-02' }, 'expired'],
    ['is older than its holder', { ...card, birthDate: '2020-01-02' }, 'before-birth'],
  ])('a card that %s is refused', (_, invalid, reason) => {
    expect(checkIdValidity(invalid)).toEqual({ code: 'id-validity', params: { reason } });
  });

  test.each([
    [0, 5],
    [15, 5],
    [16, 10],
    [25, 10],
    [26, 20],
    [45, 20],
    [46, 'long-term'],
    [90, 'long-term'],
  ])('a card issued at the age of %i is expected for %s', (age, period) => {
    expect(expectedPeriod(age)).toBe(period);
  });

  test.each([
    ['20 years at 39', { from: '2020-01-01', to: '2040-01-01', birthDate: '1980-06-15' }, false],
    ['10 years at 39', { from: '2020-01-01', to: '2030-01-01', birthDate: '1980-06-15' }, true],
    ['long-term at 39', { from: '2020-01-01', to: 'long-term', birthDate: '1980-06-15' }, true],
    ['long-term at 46', { from: '2026-06-15', to: 'long-term', birthDate: '1980-06-15' }, false],
    ['20 years at 46', { from: '2026-06-15', to: '2046-06-15', birthDate: '1980-06-15' }, true],
    ['20 years and a day at 39', { from: '2020-01-01', to: '2040-01-02', birthDate: '1980-06-15' }, true],
    ['10 years from 29 February', { from: '2016-02-29', to: '2026-02-28', birthDate: '1995-06-15' }, false],
    ['20 years from 29 February', { from: '2016-02-29', to: '2036-02-29', birthDate: '1980-06-15' }, false],
  ])('a card for %s is judged by the law', (_, card, unusual) => {
    expect(isUnusualPeriod(card)).toBe(unusual);
  });
});
