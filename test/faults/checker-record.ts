import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CaseView } from '../../src/engine/present.ts';
import type { Reply } from '../load/connection.ts';

/** What a client asked for. No value of a person is kept: bodies by their digest, plain choices as they are. */
export interface Request {
  /** Whose case it is, and which of their devices asks. */
  person: string;
  client: string;
  kind: 'open' | 'event' | 'read' | 'history' | 'stream';
  /** The case asked for; of an opening, the one that came of it. */
  caseId: string;
  event?: string;
  key?: string;
  ifMatch?: number;
  asOf?: number;
  lastEventId?: number;
  bodyDigest: string;
  /** Fields that an entry holds in clear. */
  facts: Record<string, string>;
}

/** A request with when it was made and what came back. `answer` is undefined when nobody knows what became of it. */
export interface Operation extends Request {
  number: number;
  /** Places in the order in which one process saw everything happen: finer than a clock, and never the same twice. */
  invokedAt: number;
  returnedAt: number;
  answer: Answer | undefined;
}

export interface Answer {
  status: number;
  /** Of a problem. */
  code?: string;
  /** Of the whole body, whatever the order of its members. */
  digest: string;
  etag?: string;
  view?: SeenView;
  /** What an answer without the case says of it: a problem, an attachment. */
  met?: { caseId?: string; seq?: number; states?: string[]; allowed?: string[] };
  history?: { seq: number; digest: string }[];
  messages?: { at: number; id: number; view: SeenView }[];
  /** Of a stream: the server ended it, not the reader. */
  ended?: boolean;
}

/** What a client saw of a case. */
export interface SeenView {
  id: string;
  seq: number;
  head: string;
  status: string;
  states: string[];
  allowed: string[];
  digest: string;
}

export interface Recorder {
  operations: Operation[];
  /** Each call is later than the one before. */
  now(): number;
  /** Keeps a request with its answer. What the socket throws leaves an operation whose outcome is unknown. */
  keep(request: Request, work: () => Promise<Reply>): Promise<Reply | undefined>;
  /** Keeps one whose answer was read in pieces. */
  add(request: Request, invokedAt: number, answer: Answer | undefined): void;
}

export function createRecorder(): Recorder {
  const operations: Operation[] = [];
  let moment = 0;
  const recorder: Recorder = {
    operations,
    now: () => ++moment,
    async keep(request, work) {
      const invokedAt = recorder.now();
      const reply = await work().catch(() => undefined);
      recorder.add(request, invokedAt, reply && readAnswer(request.kind, reply));
      return reply;
    },
    add(request, invokedAt, answer) {
      const caseId = request.caseId || (answer?.view?.id ?? answer?.met?.caseId ?? '');
      const number = operations.length + 1;
      operations.push({ ...request, caseId, number, invokedAt, returnedAt: recorder.now(), answer });
    },
  };
  return recorder;
}

const PLAIN_FIELDS = ['clause', 'kind', 'reason', 'forcedReason', 'specialty2'] as const;

/** The part of an event's body, or of an entry's data, that both hold in clear. */
export function plainFacts(fields: object): Record<string, string> {
  const given = Object.entries(fields).filter(([name]) => PLAIN_FIELDS.some((each) => each === name));
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

export function digestOfJson(value: unknown): string {
  const text = canonicalize(value) ?? '';
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

export function readView(view: CaseView): SeenView {
  const { id, seq, head, status, states, allowed } = view;
  return {
    id,
    seq,
    head,
    status,
    states,
    allowed: allowed.map(({ event }) => event),
    digest: digestOfJson(view),
  };
}

function readAnswer(kind: Request['kind'], { status, headers, body }: Reply): Answer {
  const answer: Answer = { status, digest: digestOfJson(body) };
  if (headers.etag !== undefined) answer.etag = headers.etag;
  if (status >= 400) {
    const { seq, state, allowed, case: other } = body ?? {};
    return { ...answer, code: String(body?.code), met: { caseId: other?.id, seq, states: state, allowed } };
  }
  // An attachment says nothing of its case but by its ETag.
  if (body.states === undefined && kind === 'event')
    return { ...answer, met: { seq: readTag(headers.etag) } };
  if (kind !== 'history') return { ...answer, view: readView(body) };
  const items: { digest: string; entry: { seq: number } }[] = body.items;
  return { ...answer, history: items.map(({ digest, entry }) => ({ seq: entry.seq, digest })) };
}

function readTag(etag = ''): number {
  return Number(/^"(\d+)"$/.exec(etag)?.[1]);
}

/** Whether the server said that it had taken the event: with the case, or with what the machine said against it. */
export function isAcknowledged({ answer }: Operation): boolean {
  if (answer?.view) return true;
  return answer?.met?.seq !== undefined && answer.code !== 'version-conflict';
}

/** The seq of the case that an answer speaks of. */
export function seqOf({ answer }: Operation): number | undefined {
  return answer?.view?.seq ?? answer?.met?.seq;
}

export function isWrite({ kind }: Operation): boolean {
  return kind === 'open' || kind === 'event';
}

/** What must be the same for two requests under one key to be the same request. */
export function wishOf({ kind, event, bodyDigest }: Operation): string {
  return `${kind} ${event ?? ''} ${bodyDigest}`;
}
