import { isAcknowledged, isWrite, type Operation } from './checker-record.ts';

/** What a run was made of: a run in which nothing met anything proves nothing. */
export function summarise(operations: Operation[]) {
  const keyed = operations.filter((each) => isWrite(each) && each.key !== undefined && isAcknowledged(each));
  const coded = (code: string) => operations.filter(({ answer }) => answer?.code === code).length;
  return {
    operations: operations.length,
    cases: new Set(operations.map(({ caseId }) => caseId).filter((id) => id !== '')).size,
    acknowledged: operations.filter(isAcknowledged).filter(isWrite).length,
    answeredAgain:
      keyed.length - new Set(keyed.map(({ kind, caseId, key }) => `${kind} ${caseId} ${key}`)).size,
    mismatches: coded('idempotency-mismatch'),
    conflicts: coded('version-conflict'),
    notAllowed: coded('event-not-allowed'),
    acceptedWithProblem: operations.filter((each) => isAcknowledged(each) && each.answer?.code).length,
    files: operations.filter(({ event, answer }) => event === 'material.add' && answer?.status === 201)
      .length,
    reads: operations.filter(({ kind, answer }) => kind === 'read' && answer?.view).length,
    histories: operations.filter(({ answer }) => answer?.history).length,
    messages: operations.reduce((sum, { answer }) => sum + (answer?.messages?.length ?? 0), 0),
    busy: coded('busy'),
    unknown: operations.filter(({ answer }) => !answer).length,
    overlapping: countOverlapping(operations),
  };
}

/** Requests that came in while another of the same case was under way. */
function countOverlapping(operations: Operation[]): number {
  const requests = operations.filter(({ kind }) => kind !== 'stream');
  const byCase = [...Map.groupBy(requests, ({ caseId }) => caseId).values()];
  return byCase.flatMap((each) => {
    const sorted = each.toSorted((a, b) => a.invokedAt - b.invokedAt);
    let until = 0;
    return sorted.filter(({ invokedAt, returnedAt }) => {
      const overlaps = invokedAt < until;
      until = Math.max(until, returnedAt);
      return overlaps;
    });
  }).length;
}
