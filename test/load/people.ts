import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const DAY_MS = 86_400_000;
/** 999 orders a day. */
const ORDERS = 999;

/**
 * Any number of invented engineers for a world under load, the same on every call. Their county code, 379999, was
 * never given to a county, and no operator has the mobile numbers.
 */
export function inventPeople(count: number, registered = true): PersonSample[] {
  return Array.from({ length: count }, (_, index) => inventPerson(index, registered));
}

function inventPerson(index: number, registered: boolean): PersonSample {
  const birthDate = new Date(Date.UTC(1980, 0, 1) + Math.floor(index / ORDERS) * DAY_MS)
    .toISOString()
    .slice(0, 10);
  const order = 1 + (index % ORDERS);
  return {
    invented: true,
    name: nameOf(index),
    idNumber: idNumberOf(birthDate, order),
    mobile: `154${String(10_000_000 + index)}`,
    registered,
    register: 'valid',
    employerName: '晴川示例工程监理有限公司',
    specialties: ['房屋建筑工程'],
    sex: order % 2 === 1 ? '1' : '2',
    birthDate,
  };
}

const DIGITS = '零一二三四五六七八九';

function nameOf(index: number): string {
  return `例${String(index).replace(/\d/g, (digit) => DIGITS.charAt(Number(digit)))}`;
}

function idNumberOf(birthDate: string, order: number): string {
  const body = `379999${birthDate.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return `${body}${CHECK_CHARACTERS[sum % 11]}`;
}
