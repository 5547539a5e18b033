import type { Page } from '../store.ts';

/** Where a list goes on: the last row's place in its order, for nobody to read. */
function writeCursor(...place: (string | number)[]): string {
  return Buffer.from(place.join(' ')).toString('base64url');
}

/** Undefined for a cursor that is not ours. */
export function readCursor(cursor: string, shape: RegExp): string[] | undefined {
  return shape.exec(Buffer.from(cursor, 'base64url').toString())?.slice(1);
}

/** One row more than asked for was read: it tells that there are more. */
export function pageOf<Found, Row>(
  found: Found[],
  limit: number,
  placeOf: (last: Found) => (string | number)[],
  toRow: (one: Found) => Row,
): Page<Row> {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last ? writeCursor(...placeOf(last)) : undefined;
  return { rows: page.map(toRow), next };
}
