export type EnterpriseCodeReason = 'length' | 'characters' | 'check-digit';

/** Digits and capitals without I, O, S, V, Z, which look like others. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CHARACTERS = new RegExp(`^[${ALPHABET}]*$`);
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

function normaliseEnterpriseCode(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

/** GB 32100-2015, the unified social credit code. */
export function checkEnterpriseCode(text: string): { reason: EnterpriseCodeReason } | undefined {
  const code = normaliseEnterpriseCode(text);
  if (code.length !== 18) return { reason: 'length' };
  if (!CHARACTERS.test(code)) return { reason: 'characters' };
  return checkCharacterOf(code) === code.charAt(17) ? undefined : { reason: 'check-digit' };
}

function checkCharacterOf(code: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * ALPHABET.indexOf(code.charAt(at)), 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}
