import { isRealDate } from './dates.ts';

export type IdNumberReason =
  | 'fifteen'
  | 'length'
  | 'characters'
  | 'region'
  | 'date'
  | 'future'
  | 'check-digit';

/** Province prefixes of GB/T 2260. Never finer: counties are renamed and dissolved, numbers stay. */
const PROVINCES = new Set(
  (
    '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 ' +
    '50 51 52 53 54 61 62 63 64 65 71 81 82 83'
  ).split(' '),
);
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** Phones type full-width digits and a small x: both mean what they look like. */
export function normaliseIdNumber(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

/** GB 11643-1999. `fifteen` is a number of the old kind: ask for the 18 digits of today's card. */
export function checkIdNumber(text: string, today: string): { reason: IdNumberReason } | undefined {
  const reason = findReason(normaliseIdNumber(text), today);
  return reason === undefined ? undefined : { reason };
}

/** YYYY-MM-DD, read from a number that has passed the check. */
export function birthDateOf(idNumber: string): string {
  const number = normaliseIdNumber(idNumber);
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

/** GB/T 2261.1 code (1 male, 2 female), read from a number that has passed the check. */
export function sexOf(idNumber: string): '1' | '2' {
  return Number(normaliseIdNumber(idNumber).charAt(16)) % 2 === 1 ? '1' : '2';
}

function findReason(number: string, today: string): IdNumberReason | undefined {
  if (/^\d{15}$/.test(number)) return 'fifteen';
  if (number.length !== 18) return 'length';
  if (!/^\d{17}[\dX]$/.test(number)) return 'characters';
  if (!PROVINCES.has(number.slice(0, 2))) return 'region';
  const birthDate = birthDateOf(number);
  if (!isRealDate(birthDate)) return 'date';
  if (birthDate > today) return 'future';
  return checkCharacterOf(number) === number.charAt(17) ? undefined : 'check-digit';
}

/** ISO 7064 MOD 11-2. */
function checkCharacterOf(number: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number.charAt(at)), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}
