import type { Frontier } from './checker-frontier.ts';
import { isAcknowledged, isWrite, type Operation, plainFacts, seqOf } from './checker-record.ts';
import type { Moment, Truth } from './checker-truth.ts';
import { shorten, type Violation, type ViolationKind } from './checker-violation.ts';

/** Which entry came of which request. */
export interface Placement {
  /** Of each entry that a person wrote, the requests that may have written it: more than one only under a key. */
  requestsOf: Map<number, Operation[]>;
  /** The entry under a key, for every request that was made under it. */
  keyedSeqOf: Map<Operation, number>;
  violations: Violation[];
}

/** The keyed digest that entries carry. */
export type DigestKey = (scope: string, key: string) => string;

/** Finds the entry of every acknowledged event, and the request of every entry. */
export function placeRequests(
  operations: Operation[],
  truth: Truth,
  frontier: Frontier,
  digestKey: DigestKey,
): Placement {
  const writes = operations.filter(isWrite);
  const placement: Placement = { requestsOf: new Map(), keyedSeqOf: new Map(), violations: [] };
  placeKeyed(writes, truth, placement, digestKey);
  placeKeyless(
    writes.filter((each) => each.key === undefined && isAcknowledged(each)),
    truth,
    placement,
    frontier,
  );
  explainRest(writes, truth, placement);
  for (const [seq, requests] of placement.requestsOf) checkPlace(seq, requests, truth, frontier, placement);
  return placement;
}

function placeKeyed(writes: Operation[], truth: Truth, placement: Placement, digestKey: DigestKey): void {
  const keyed = writes.filter((each) => each.key !== undefined);
  const groups = Map.groupBy(keyed, (each) => digestKey(scopeOf(each, truth), each.key ?? ''));
  for (const [digest, requests] of groups) {
    const seq = truth.findKey(digest);
    const [first] = requests.filter(isAcknowledged);
    if (seq === undefined) {
      if (first) placement.violations.push(lost(first, truth));
      continue;
    }
    for (const request of requests) placement.keyedSeqOf.set(request, seq);
    const may = requests.filter((each) => isAcknowledged(each) || each.answer === undefined);
    if (may.length > 0) placement.requestsOf.set(seq, may);
  }
}

function scopeOf({ kind, caseId }: Operation, { owner }: Truth): string {
  return kind === 'open' ? `open:${owner}` : `case:${caseId}:${owner}`;
}

/** An entry for each of them, all different: the most that can be found (Kuhn), and then what comes nearest. */
function placeKeyless(requests: Operation[], truth: Truth, placement: Placement, frontier: Frontier): void {
  const own = truth.moments.filter(({ entry }) => isOwn(entry.actor.role) && entry.key === undefined);
  const takenBy = new Map<Moment, Operation>();
  const left = requests.filter((each) => !placeOne(each, new Set()));
  for (const [moment, request] of takenBy) placement.requestsOf.set(moment.entry.seq, [request]);
  for (const request of left) {
    const near = own.find((moment) => !takenBy.has(moment) && isNear(request, moment, truth));
    if (near) {
      takenBy.set(near, request);
      placement.requestsOf.set(near.entry.seq, [request]);
    } else placement.violations.push(lost(request, truth));
  }

  function placeOne(request: Operation, tried: Set<Moment>): boolean {
    for (const moment of own) {
      if (tried.has(moment) || !fits(request, moment, truth, frontier)) continue;
      tried.add(moment);
      const other = takenBy.get(moment);
      if (other && !placeOne(other, tried)) continue;
      takenBy.set(moment, request);
      return true;
    }
    return false;
  }
}

function isOwn(role: string): boolean {
  return role !== 'system';
}

function fits(request: Operation, moment: Moment, truth: Truth, frontier: Frontier): boolean {
  const { seq } = moment.entry;
  return (
    isNear(request, moment, truth) &&
    isSameEvent(request, moment) &&
    answersFor(request, seq, truth) &&
    (request.ifMatch === undefined || request.ifMatch === seq - 1) &&
    seq > (frontier.before(request.invokedAt)?.seq ?? 0)
  );
}

/** Where it would be looked for, if some rule was broken. */
function isNear(request: Operation, moment: Moment, truth: Truth): boolean {
  const told = seqOf(request) ?? 0;
  const from = truth.settledFrom(moment.entry.seq) ?? truth.length;
  return moment.entry.type === typeOf(request) && moment.entry.seq <= told && told <= from;
}

function typeOf({ kind, event }: Operation): string {
  return kind === 'open' ? 'case.open' : (event ?? '');
}

function isSameEvent(request: Operation, { entry }: Moment): boolean {
  const facts = plainFacts(entry.data);
  const names = new Set([...Object.keys(facts), ...Object.keys(request.facts)]);
  return entry.type === typeOf(request) && [...names].every((name) => facts[name] === request.facts[name]);
}

/** An answer shows the case where the work of its event had settled; 202 says that it had not yet. */
function answersFor(request: Operation, seq: number, truth: Truth): boolean {
  const told = seqOf(request) ?? 0;
  const settled = truth.settledFrom(seq) ?? Number.POSITIVE_INFINITY;
  return request.answer?.status === 202 ? told >= seq && told < settled : told === settled;
}

/** Entries that no acknowledged request accounts for. One whose outcome nobody knows may have written one. */
function explainRest(writes: Operation[], truth: Truth, placement: Placement): void {
  const rest = truth.moments.filter(
    ({ entry }) => isOwn(entry.actor.role) && !placement.requestsOf.has(entry.seq),
  );
  const keyless = new Set(writes.filter((each) => each.key === undefined && !isAcknowledged(each)));
  for (const moment of rest) {
    const { seq, key } = moment.entry;
    const asked =
      key === undefined
        ? [...keyless].filter((each) => isSameEvent(each, moment))
        : writes.filter((each) => placement.keyedSeqOf.get(each) === seq);
    const unknown = asked.find((each) => each.answer === undefined);
    if (unknown) {
      placement.requestsOf.set(seq, [unknown]);
      keyless.delete(unknown);
    } else placement.violations.push(unasked(moment, asked, truth));
  }
}

function unasked(moment: Moment, refused: Operation[], truth: Truth): Violation {
  const found = describeMoment(moment);
  if (refused.length === 0) {
    const expected = 'a request for every entry of a person';
    return { kind: 'entry-without-request', caseId: truth.caseId, expected, found, operations: [] };
  }
  const expected = 'no entry of a request that was refused';
  return {
    kind: 'refused-but-stored',
    caseId: truth.caseId,
    expected,
    found,
    operations: refused.slice(0, 3),
  };
}

function checkPlace(
  seq: number,
  requests: Operation[],
  truth: Truth,
  frontier: Frontier,
  { violations }: Placement,
): void {
  const report = (kind: ViolationKind, expected: string, found: string, operations: Operation[]) =>
    violations.push({ kind, caseId: truth.caseId, expected, found, operations });
  const moment = truth.at(seq);
  const [first] = requests.toSorted((a, b) => a.invokedAt - b.invokedAt);
  if (!moment || !first) return;
  const what = describeMoment(moment);
  if (!requests.some((each) => isSameEvent(each, moment))) {
    report('entry-differs-from-request', 'the entry that was asked for', what, requests);
  }
  if (requests.every(({ ifMatch }) => ifMatch !== undefined && ifMatch !== seq - 1)) {
    report('if-match-ignored', `an entry at seq ${(first.ifMatch ?? 0) + 1} or a refusal`, what, requests);
  }
  const seen = frontier.before(first.invokedAt);
  if (seen && seen.seq >= seq) {
    report('entry-in-the-past', `an entry after seq ${seen.seq}, which had been seen`, what, [
      first,
      seen.operation,
    ]);
  }
  for (const request of requests.filter(isAcknowledged)) {
    if (answersFor(request, seq, truth)) continue;
    const expected = `the case at seq ${truth.settledFrom(seq)}, where the work of entry ${seq} had settled, or 202 before`;
    report('answer-out-of-place', expected, `seq ${seqOf(request)}`, [request]);
  }
}

function lost(request: Operation, truth: Truth): Violation {
  const told = truth.at(seqOf(request) ?? 0);
  const found = told ? `at seq ${told.entry.seq} stands ${describeMoment(told)}` : `${truth.length} entries`;
  const expected = `an entry of its own for ${typeOf(request)}, which was acknowledged`;
  return { kind: 'acknowledged-event-lost', caseId: truth.caseId, expected, found, operations: [request] };
}

function describeMoment({ entry, digest }: Moment): string {
  const facts = Object.entries(plainFacts(entry.data)).map(([name, value]) => ` ${name}=${value}`);
  return `entry ${entry.seq} ${entry.type}${facts.join('')} ${shorten(digest)}${entry.key ? ' under a key' : ''}`;
}
