import type { Operation } from './checker-record.ts';

/** Everything that can be wrong. */
export type ViolationKind =
  // the history by itself
  | 'gap-in-seq'
  | 'seq-used-twice'
  | 'chain-broken'
  | 'replay-differs'
  | 'row-differs'
  | 'key-applied-twice'
  // what was asked and answered, against what stands
  | 'acknowledged-event-lost'
  | 'refused-but-stored'
  | 'entry-without-request'
  | 'entry-differs-from-request'
  | 'if-match-ignored'
  | 'entry-in-the-past'
  | 'answer-out-of-place'
  // requests under one key
  | 'answers-differ-under-one-key'
  | 'key-forgotten'
  | 'key-mixed-up'
  // answers
  | 'answer-of-another-case'
  | 'wrong-head'
  | 'view-differs'
  | 'bodies-differ'
  | 'stale-read'
  | 'history-differs'
  | 'refusal-unexplained'
  | 'stream-gap'
  | 'unexpected-answer';

export interface Violation {
  kind: ViolationKind;
  caseId: string;
  expected: string;
  found: string;
  operations: Operation[];
}

/** A finding as a person reads it: what, where, what should have been, and the requests it shows in. */
export function describeViolation({ kind, caseId, expected, found, operations }: Violation): string {
  return [
    `${kind} in case ${caseId}`,
    `  expected: ${expected}`,
    `  found:    ${found}`,
    ...operations.map((operation) => `  ${describeOperation(operation)}`),
  ].join('\n');
}

/** The first few in full, and how many there were of each kind. */
export function describeViolations(violations: Violation[], inFull = 5): string {
  const kinds = Object.entries(Object.groupBy(violations, ({ kind }) => kind));
  const counts = kinds.map(([kind, each]) => `${kind} × ${each?.length}`).join(', ');
  return [
    `${violations.length} violations: ${counts}`,
    ...violations.slice(0, inFull).map(describeViolation),
  ].join('\n');
}

function describeOperation(operation: Operation): string {
  const { number, client, kind, event, invokedAt, returnedAt } = operation;
  return `#${number} ${client} [${invokedAt}–${returnedAt}] ${event ?? kind}${conditions(operation)} → ${outcome(operation)}`;
}

function conditions({ key, ifMatch, asOf, lastEventId, facts }: Operation): string {
  const parts = { ...facts, key, 'If-Match': ifMatch, asOf, after: lastEventId };
  return Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
    .join('');
}

function outcome({ answer }: Operation): string {
  if (!answer) return 'unknown';
  const { status, code, view, met, history, messages } = answer;
  const said = [
    code,
    view && `seq ${view.seq} of ${view.id} head ${shorten(view.head)} in ${view.states.join(' ')}`,
    met?.seq === undefined ? undefined : `seq ${met.seq}`,
    history && `${history.length} entries`,
    messages && `messages ${messages.map(({ id }) => id).join(' ')}`,
  ];
  return [status, ...said.filter((part) => part !== undefined)].join(' ');
}

export function shorten(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 8);
}
