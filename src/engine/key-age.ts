import type { Vault } from '../vault/vault.ts';

/** A backup older than the wrapping key opens for nobody: so long, at most, may an erased person be read in one. */
const MAX_AGE_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

export function keyAgeMs(vault: Pick<Vault, 'wrapping'>, nowMs: number): number {
  return Math.max(0, nowMs - Date.parse(vault.wrapping().madeAt));
}

/** Undefined while the wrapping key is young enough. */
export function wordsOnOldKey(vault: Pick<Vault, 'wrapping'>, nowMs: number): string | undefined {
  const days = Math.floor(keyAgeMs(vault, nowMs) / DAY_MS);
  if (days <= MAX_AGE_DAYS) return undefined;
  return `the wrapping key is ${days} days old, at most ${MAX_AGE_DAYS} are meant: run banjian key renew`;
}
