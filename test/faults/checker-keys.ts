import { isAcknowledged, isWrite, type Operation, wishOf } from './checker-record.ts';
import type { Violation, ViolationKind } from './checker-violation.ts';

/** What requests under one key are owed: the first answer again, or a word that the key is another's. */
export function findKeyViolations(operations: Operation[]): Violation[] {
  const keyed = operations.filter((each) => isWrite(each) && each.key !== undefined);
  const groups = Map.groupBy(keyed, ({ kind, key }) => `${kind} ${key}`);
  return [...groups.values()].flatMap(checkGroup);
}

function checkGroup(group: Operation[]): Violation[] {
  const acknowledged = group.filter(isAcknowledged).toSorted((a, b) => a.returnedAt - b.returnedAt);
  const [first, ...again] = acknowledged;
  const refused = group.filter((each) => each.answer && !isAcknowledged(each));
  if (!first) return checkUnused(group, refused);
  return [
    ...again.flatMap((other) => checkAgain(first, other)),
    ...refused.flatMap((other) => checkRefused(first, other)),
  ];
}

/** A key under which nothing was taken cannot be in the way; one whose outcome nobody knows can. */
function checkUnused(group: Operation[], refused: Operation[]): Violation[] {
  if (refused.length < group.length) return [];
  return refused
    .filter(isCalledAnother)
    .map((other) => report('key-mixed-up', 'no word of another request, for there was none', [other]));
}

function checkAgain(first: Operation, other: Operation): Violation[] {
  if (wishOf(other) !== wishOf(first))
    return [report('key-mixed-up', 'idempotency-mismatch', [first, other])];
  if (isSameAnswer(first, other)) return [];
  return [report('answers-differ-under-one-key', answerOf(first), [first, other])];
}

/** Before the first answer was given, a refusal may have come first; afterwards the key is known. */
function checkRefused(first: Operation, other: Operation): Violation[] {
  if (other.answer?.status === 503) return [];
  const isLater = other.invokedAt > first.returnedAt;
  if (wishOf(other) !== wishOf(first)) {
    if (!isLater || isCalledAnother(other)) return [];
    return [report('key-mixed-up', 'idempotency-mismatch', [first, other])];
  }
  if (isCalledAnother(other)) return [report('key-mixed-up', 'the first answer again', [first, other])];
  return isLater ? [report('key-forgotten', 'the first answer again', [first, other])] : [];
}

/** `operations` ends with the one that is wrong. */
function report(kind: ViolationKind, expected: string, operations: Operation[]): Violation {
  const wrong = operations.at(-1);
  return { kind, caseId: wrong?.caseId ?? '', expected, found: wrong ? answerOf(wrong) : '', operations };
}

function isCalledAnother({ answer }: Operation): boolean {
  return answer?.code === 'idempotency-mismatch';
}

function isSameAnswer({ answer: one }: Operation, { answer: other }: Operation): boolean {
  return one?.status === other?.status && one?.digest === other?.digest && one?.etag === other?.etag;
}

function answerOf({ answer }: Operation): string {
  if (!answer) return 'nothing';
  const { status, code, etag, digest } = answer;
  return `${status}${code === undefined ? '' : ` ${code}`}, ETag ${etag ?? 'none'}, body ${digest}`;
}
