/** `npm run test:faults` runs everything at the size the reports speak of; `npm test` runs the short form. */
export const isFull = process.env.FAULTS === 'full';

export function sized(short: number, full: number): number {
  return isFull ? full : short;
}
