/** `npm run test:faults` runs everything at the size the reports speak of; `npm test` runs the short form. */
export const isFull = process.env.FAULTS === 'full';

export function sized(short: number, full: number): number {
  return isFull ? full : short;
}

/** A figure for the reports; the short form stays silent. */
export function report(line: string): void {
  if (isFull) console.info(line);
}

/** The value that so much of them is not above: 0.5 for the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
