import { isAcknowledged, type Operation, seqOf } from './checker-record.ts';

/** Somebody had been told of a seq by then. */
export interface Sighting {
  at: number;
  seq: number;
  operation: Operation;
}

/** How far a case must have come by a moment: the highest seq anybody had been told of before. */
export interface Frontier {
  before(moment: number): Sighting | undefined;
}

export function createFrontier(operations: Operation[]): Frontier {
  const highest: Sighting[] = [];
  for (const sighting of operations.flatMap(sightingsOf).toSorted((a, b) => a.at - b.at)) {
    if (sighting.seq > (highest.at(-1)?.seq ?? 0)) highest.push(sighting);
  }
  return { before: (moment) => highest[countBefore(highest, moment) - 1] };
}

/** What was read as it once was is no news, unless nobody had heard of it: it must have been there all the same. */
function sightingsOf(operation: Operation): Sighting[] {
  const { answer, returnedAt } = operation;
  const messages = answer?.messages?.map(({ at, id }) => ({ at, seq: id, operation })) ?? [];
  const seq = answer?.history?.at(-1)?.seq ?? (isToldOf(operation) ? seqOf(operation) : undefined);
  return seq === undefined ? messages : [...messages, { at: returnedAt, seq, operation }];
}

/** An answer of another case says nothing of this one. */
function isToldOf(operation: Operation): boolean {
  const { answer, caseId } = operation;
  if (answer?.view) return answer.view.id === caseId;
  return isAcknowledged(operation) || answer?.code === 'version-conflict';
}

/** How many of them, in order of time, came before. */
function countBefore(sorted: { at: number }[], moment: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.at ?? Number.POSITIVE_INFINITY) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far a case can have come by a moment: no entry stands before its request was first made. */
export interface Horizon {
  at(moment: number): number;
}

export function createHorizon(length: number, firstInvokedAt: Map<number, number>): Horizon {
  const steps: { at: number; seq: number }[] = [];
  for (const [seq, at] of [...firstInvokedAt].toSorted(([a], [b]) => a - b)) {
    if (at > (steps.at(-1)?.at ?? 0)) steps.push({ at, seq });
  }
  // The first entry whose request was made after the moment, and all that follow it, were not there yet.
  return { at: (moment) => (steps[countBefore(steps, moment)]?.seq ?? length + 1) - 1 };
}
