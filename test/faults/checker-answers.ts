import type { Frontier, Horizon } from './checker-frontier.ts';
import type { Operation, SeenView } from './checker-record.ts';
import type { Placement } from './checker-requests.ts';
import type { Looks, Truth } from './checker-truth.ts';
import { shorten, type Violation, type ViolationKind } from './checker-violation.ts';

/** What the answers of one case are held against. */
export interface Known {
  truth: Truth;
  frontier: Frontier;
  horizon: Horizon;
  placement: Placement;
}

/** Everything that can be said of answers one by one: whose case, which entry, how fresh, and whether a refusal was right. */
export function findAnswerViolations(operations: Operation[], known: Known): Violation[] {
  return [
    ...operations.flatMap((operation) =>
      viewsOf(operation).flatMap((view) => checkView(view, operation, known)),
    ),
    ...operations.flatMap((operation) => checkAnswer(operation, known)),
    ...findDifferentBodies(operations, known.truth),
  ];
}

function report(
  known: Known | Truth,
  kind: ViolationKind,
  expected: string,
  found: string,
  operations: Operation[],
): Violation {
  const { caseId } = 'truth' in known ? known.truth : known;
  return { kind, caseId, expected, found, operations };
}

function viewsOf({ answer }: Operation): SeenView[] {
  return [...(answer?.view ? [answer.view] : []), ...(answer?.messages?.map(({ view }) => view) ?? [])];
}

function checkView(view: SeenView, operation: Operation, known: Known): Violation[] {
  const { truth } = known;
  if (view.id !== truth.caseId) {
    return [report(known, 'answer-of-another-case', `case ${truth.caseId}`, `case ${view.id}`, [operation])];
  }
  const digest = truth.at(view.seq)?.digest ?? 'no entry';
  const looks = truth.looksAt(view.seq);
  const found: Violation[] = [];
  if (digest !== view.head) {
    const expected = `head ${shorten(digest)} at seq ${view.seq}`;
    found.push(report(known, 'wrong-head', expected, shorten(view.head), [operation]));
  }
  if (looks && describeLooks(looks) !== describeLooks(view)) {
    found.push(report(known, 'view-differs', describeLooks(looks), describeLooks(view), [operation]));
  }
  return found;
}

function describeLooks({ status, states, allowed }: Looks): string {
  return `${status} in ${states.join(' ')}, allowed: ${allowed.join(' ')}`;
}

function findDifferentBodies(operations: Operation[], truth: Truth): Violation[] {
  const seen = operations.flatMap((operation) =>
    viewsOf(operation)
      .filter(({ id }) => id === truth.caseId)
      .map((view) => ({ view, operation })),
  );
  return [...Map.groupBy(seen, ({ view }) => view.seq).values()].flatMap(([first, ...others]) => {
    const other = others.find(({ view }) => view.digest !== first?.view.digest);
    if (!first || !other) return [];
    const expected = `body ${first.view.digest} at seq ${first.view.seq}`;
    const both = [first.operation, other.operation];
    return [report(truth, 'bodies-differ', expected, `body ${other.view.digest}`, both)];
  });
}

function checkAnswer(operation: Operation, known: Known): Violation[] {
  const { answer, kind } = operation;
  // 503 is the server's right: it took nothing in.
  if (!answer || answer.status === 503) return [];
  if (answer.etag !== undefined && answer.view && answer.etag !== `"${answer.view.seq}"`) {
    return [report(known, 'wrong-head', `ETag "${answer.view.seq}"`, answer.etag, [operation])];
  }
  switch (kind) {
    case 'read':
      return checkRead(operation, known);
    case 'history':
      return checkHistory(operation, known);
    case 'stream':
      return checkStream(operation, known);
    case 'open':
    case 'event':
      return checkEventAnswer(operation, known);
  }
}

function checkRead(operation: Operation, known: Known): Violation[] {
  const { asOf, answer, invokedAt } = operation;
  const bound = known.frontier.before(invokedAt);
  if (answer?.view) {
    const { seq } = answer.view;
    if (asOf !== undefined && seq !== asOf) {
      return [report(known, 'stale-read', `the case at seq ${asOf}`, `seq ${seq}`, [operation])];
    }
    return asOf === undefined ? checkFresh(seq, operation, known) : [];
  }
  if (asOf === undefined || answer?.code !== 'not-found') return [unexpected(operation, known)];
  // Nothing stood there yet, it says: then nobody can have been told of it.
  return asOf > (bound?.seq ?? 0) ? [] : checkFresh(asOf - 1, operation, known);
}

function checkFresh(seq: number, operation: Operation, known: Known): Violation[] {
  const bound = known.frontier.before(operation.invokedAt);
  if (!bound || seq >= bound.seq) return [];
  const expected = `seq ${bound.seq} or later, which #${bound.operation.number} had been told of before`;
  return [report(known, 'stale-read', expected, `seq ${seq}`, [bound.operation, operation])];
}

function checkHistory(operation: Operation, known: Known): Violation[] {
  const { history } = operation.answer ?? {};
  if (!history) return [unexpected(operation, known)];
  const other = history.findIndex(({ seq, digest }, index) => {
    const moment = known.truth.moments[index];
    return moment?.entry.seq !== seq || moment.digest !== digest;
  });
  if (other >= 0) {
    const expected = `entry ${other + 1} ${shorten(known.truth.moments[other]?.digest ?? 'none')}`;
    const { seq = 0, digest = '' } = history[other] ?? {};
    return [report(known, 'history-differs', expected, `entry ${seq} ${shorten(digest)}`, [operation])];
  }
  return checkFresh(history.at(-1)?.seq ?? 0, operation, known);
}

function checkStream(operation: Operation, known: Known): Violation[] {
  const { answer, lastEventId, invokedAt } = operation;
  if (answer?.status === 429) return [];
  if (!answer?.messages) return [unexpected(operation, known)];
  const ids = answer.messages.map(({ id }) => id);
  const [first] = ids;
  const last = ids.at(-1) ?? lastEventId;
  // A stream ends by itself when the case is over and all of it was told; 204 says the same.
  if (answer.ended && last !== known.truth.length) {
    return [
      report(known, 'stream-gap', `an end at seq ${known.truth.length}`, `an end at ${last}`, [operation]),
    ];
  }
  if (first === undefined) return [];
  const bound = known.frontier.before(invokedAt)?.seq ?? 0;
  // After a seq that was known, it goes on with the next; otherwise with the case as it stands.
  const from = lastEventId !== undefined && lastEventId <= bound ? lastEventId + 1 : undefined;
  const expected = ids.map((_, index) => (from ?? first) + index);
  if (ids.join() !== expected.join()) {
    return [report(known, 'stream-gap', expected.join(' '), ids.join(' '), [operation])];
  }
  return from === undefined ? checkFresh(first, operation, known) : [];
}

const REFUSALS = new Set([403, 409, 412, 422, 429]);

function checkEventAnswer(operation: Operation, known: Known): Violation[] {
  const { answer, event } = operation;
  if (!answer || answer.view || answer.status === 201) return [];
  // A file that somebody else has taken out meanwhile.
  if (answer.code === 'not-found' && event === 'material.remove') return [];
  if (!REFUSALS.has(answer.status)) return [unexpected(operation, known)];
  return answer.code === 'version-conflict'
    ? checkConflict(operation, known)
    : checkRefusal(operation, known);
}

function unexpected(operation: Operation, known: Known): Violation {
  const { status, code } = operation.answer ?? { status: 0 };
  const expected = `an answer that this request can have`;
  return report(known, 'unexpected-answer', expected, `${status} ${code ?? ''}`, [operation]);
}

/** The seqs at which the case can have stood while a request was looked at that came to nothing. */
function seqsDuring(
  operation: Operation,
  { frontier, horizon, placement }: Known,
): [from: number, to: number] {
  const from = frontier.before(operation.invokedAt)?.seq ?? 1;
  const keyed = placement.keyedSeqOf.get(operation);
  // Once its key was used, it would have been answered by the key.
  const to = Math.min(
    horizon.at(operation.returnedAt),
    keyed === undefined ? Number.POSITIVE_INFINITY : keyed - 1,
  );
  return [from, to];
}

function checkConflict(operation: Operation, known: Known): Violation[] {
  const [from, to] = seqsDuring(operation, known);
  const seq = operation.answer?.met?.seq ?? 0;
  if (seq !== operation.ifMatch && seq >= from && seq <= to) return [];
  const expected = `a conflict with a seq from ${from} to ${to} that is not the one asked for`;
  return [report(known, 'refusal-unexplained', expected, `seq ${seq}`, [operation])];
}

/** The case must have looked as the refusal says, at some seq it can have had then, and not have taken the event. */
function checkRefusal(operation: Operation, known: Known): Violation[] {
  const { met, code } = operation.answer ?? {};
  if (!met?.states || !met.allowed) return [];
  const [from, to] = met.seq === undefined ? seqsDuring(operation, known) : [met.seq, met.seq];
  const described = (looks: { states: string[]; allowed: string[] }) =>
    `${looks.states.join(' ')}, allowed: ${looks.allowed.join(' ')}`;
  const said = described({ states: met.states, allowed: met.allowed });
  for (let seq = from; seq <= to; seq++) {
    const looks = known.truth.looksAt(seq);
    if (!looks || described(looks) !== said) continue;
    if (met.seq !== undefined || !looks.allowed.includes(operation.event ?? '')) return [];
  }
  const expected = `a refusal that fits the case at some seq from ${from} to ${to}`;
  return [report(known, 'refusal-unexplained', expected, `${code} in ${said}`, [operation])];
}
