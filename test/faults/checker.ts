import type { Matter } from '../../src/engine/types.ts';
import { findAnswerViolations } from './checker-answers.ts';
import { createFrontier, createHorizon } from './checker-frontier.ts';
import { findKeyViolations } from './checker-keys.ts';
import type { Operation } from './checker-record.ts';
import { type DigestKey, placeRequests } from './checker-requests.ts';
import { createTruth, findHistoryViolations, type History, type Truth } from './checker-truth.ts';
import type { Violation } from './checker-violation.ts';

/** All that is needed to judge a run after it is over. */
export interface Evidence {
  operations: Operation[];
  histories: History[];
  matter: Matter;
  digestKey: DigestKey;
}

/**
 * Judges a run by what was asked, what was answered and what stands in the end. It knows nothing of how the server came
 * to its answers: it looks for one order of events, the history's, in which every answer could have been given.
 */
export function check({ operations, histories, matter, digestKey }: Evidence): Violation[] {
  const byCase = Map.groupBy(operations, ({ caseId }) => caseId);
  const truths: Truth[] = [];
  const cases = [...histories, ...withoutHistory(byCase, histories)].flatMap((history) => {
    const truth = createTruth(matter, history);
    truths.push(truth);
    const own = byCase.get(truth.caseId) ?? [];
    return [...findHistoryViolations(history, truth), ...checkCase(own, truth, digestKey)];
  });
  return [...cases, ...findDoubleKeys(truths)];
}

/** A case that was asked about, or answered with, and is not there. An opening that failed asked about none. */
function withoutHistory(byCase: Map<string, Operation[]>, histories: History[]): History[] {
  const there = new Set(histories.map(({ caseId }) => caseId));
  const missing = [...byCase.keys()].filter((caseId) => caseId !== '' && !there.has(caseId));
  return missing.map((caseId) => ({ caseId, entries: [], row: undefined }));
}

function checkCase(operations: Operation[], truth: Truth, digestKey: DigestKey): Violation[] {
  const frontier = createFrontier(operations);
  const placement = placeRequests(operations, truth, frontier, digestKey);
  const firstInvokedAt = new Map(
    [...placement.requestsOf].map(([seq, requests]) => [
      seq,
      Math.min(...requests.map(({ invokedAt }) => invokedAt)),
    ]),
  );
  const horizon = createHorizon(truth.length, firstInvokedAt);
  return [
    ...placement.violations,
    ...findKeyViolations(operations),
    ...findAnswerViolations(operations, { truth, frontier, horizon, placement }),
  ];
}

/** Over all cases: an opening tapped twice would stand in two of them. */
function findDoubleKeys(truths: Truth[]): Violation[] {
  const keyed = truths.flatMap(({ caseId, moments }) =>
    moments.flatMap(({ entry }) => (entry.key ? [{ caseId, key: entry.key, seq: entry.seq }] : [])),
  );
  return [...Map.groupBy(keyed, ({ key }) => key).values()].flatMap(([first, ...others]) =>
    others.map(({ caseId, seq }) => ({
      kind: 'key-applied-twice' as const,
      caseId,
      expected: `one entry under a key: entry ${first?.seq} of ${first?.caseId}`,
      found: `entry ${seq} under the same key`,
      operations: [],
    })),
  );
}
