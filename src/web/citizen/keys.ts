const PREFIX = 'banjian.key.';

/**
 * The idempotency key of one wish, the same until it is answered: over retries, and over a reload in between. It says
 * nothing of what was sent.
 */
export function keyOf(wish: string): string {
  const place = PREFIX + wish;
  const kept = sessionStorage.getItem(place);
  if (kept !== null) return kept;
  const key = crypto.randomUUID();
  sessionStorage.setItem(place, key);
  return key;
}

export function answered(wish: string): void {
  sessionStorage.removeItem(PREFIX + wish);
}
