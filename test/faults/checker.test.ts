import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { StoredEntry } from '../../src/engine/types.ts';
import { startTestApp } from '../helpers.ts';
import { connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { newWalker, nextEvent } from '../load/walker.ts';
import { check, type Evidence } from './checker.ts';
import { createRecorder, isAcknowledged, type Operation } from './checker-record.ts';
import { describeViolation, describeViolations, type ViolationKind } from './checker-violation.ts';
import { type Client, createClient } from './concurrency-client.ts';
import { gather } from './concurrency-run.ts';

/** One person, one case, everything once: what a run is made of, in a known order. */
async function recordOneCase(): Promise<Evidence> {
  const [person] = inventPeople(1);
  if (!person) throw new Error('nobody');
  const kit = await startTestApp({ clock: { ...systemClock, move: () => {} }, people: [person] });
  const recorder = createRecorder();
  const url = await kit.app.listen({ host: '127.0.0.1', port: 0 });
  const connection = connect(url);
  try {
    const { token } = await newWalker(connection, person);
    const auditor = (await kit.staff('auditor')).token ?? '';
    const clientOf = (caseId: string) =>
      createClient({
        url,
        recorder,
        connections: [connection],
        person: 'p0',
        name: 'p0.0',
        token,
        auditor,
        caseId,
      });
    await clientOf('').open('open');
    const { id } = (await clientOf('').open('open'))?.body ?? {};
    await useEverything(clientOf(id), person);
    await kit.worker.idle();
    return await gather(recorder.operations, kit.runtime.store, kit.runtime.vault);
  } finally {
    connection.close();
    await kit.close();
  }
}

async function useEverything(client: Client, person: Parameters<typeof nextEvent>[1]): Promise<void> {
  const view = async () => (await client.read())?.body;
  const next = async (conditions = {}) => {
    const move = nextEvent(await view(), person);
    if (move?.before) await client.play(move.before.path, move.before.body);
    if (move) await client.send(move.event, move.body, conditions);
  };
  await client.send('identity.submit', { name: person.name, idNumber: person.idNumber }, { key: 'identity' });
  await client.send(
    'identity.submit',
    { name: person.name, idNumber: person.idNumber },
    { key: 'identity', ifMatch: 1 },
  );
  await client.send('notice.declare', {}, { key: 'identity' });
  await next();
  await next();
  const stream = client.follow(1);
  const { seq } = await view();
  await client.send('notice.acknowledge', { clause: 'c1' }, { key: 'clause' });
  await client.send('notice.acknowledge', { clause: 'c2' }, { ifMatch: seq + 1 });
  await client.send('notice.acknowledge', { clause: 'c3' }, { ifMatch: seq });
  await client.send('form.submit', { ethnicity: '汉族', reason: 'voluntary' });
  await client.send('notice.acknowledge', { clause: 'c3' });
  await client.readHistory();
  await client.read(3);
  await client.read(99);
  await client.send('case.withdraw', {}, { key: 'withdraw' });
  await client.read();
  await stream.ended;
}

let clean: Evidence;
beforeAll(async () => {
  clean = await recordOneCase();
});

/** Something that is wrong with the evidence, and nothing else. */
type Fault = (evidence: Faulty) => void;

interface Faulty {
  operations: Operation[];
  entries: StoredEntry[];
  row: { seq: number };
  /** The only request like that, or the `n`-th. */
  the: (like: (operation: Operation) => boolean, n?: number) => Operation;
}

function checkWith(fault: Fault): ReturnType<typeof check> {
  const operations = structuredClone(clean.operations);
  const histories = structuredClone(clean.histories);
  const [history] = histories;
  if (!history?.row) throw new Error('no history');
  const the: Faulty['the'] = (like, n = 0) => {
    const found = operations.filter(like)[n];
    if (!found) throw new Error('no such request');
    return found;
  };
  const faulty = { operations, entries: history.entries, row: history.row, the };
  fault(faulty);
  return check({ ...clean, operations: faulty.operations, histories });
}

const sends = (event: string) => (operation: Operation) => operation.event === event;
const reads = ({ kind, asOf }: Operation) => kind === 'read' && asOf === undefined;
const under = (key: string) => (operation: Operation) => operation.kind === 'event' && operation.key === key;
const coded =
  (code: string) =>
  ({ answer }: Operation) =>
    answer?.code === code;
const streams = ({ kind }: Operation) => kind === 'stream';

function viewOf({ answer }: Operation) {
  if (!answer?.view) throw new Error('no view');
  return answer.view;
}

function refuse(operation: Operation, status: number, code: string): void {
  operation.answer = { status, code, digest: '', met: {} };
}

/** Writes an entry again with something changed, as whoever owns the disk could. */
function rewrite(
  entries: StoredEntry[],
  seq: number,
  change: (entry: Record<string, unknown>) => object,
): void {
  const stored = entries[seq - 1];
  if (!stored) throw new Error('no such entry');
  entries[seq - 1] = { ...stored, bytes: JSON.stringify(change(JSON.parse(stored.bytes))) };
}

const faults: Record<ViolationKind, Fault> = {
  'gap-in-seq': ({ entries }) => void entries.splice(4, 1),
  'seq-used-twice': ({ entries }) => void entries.splice(4, 0, ...entries.slice(4, 5)),
  'chain-broken': ({ entries }) => rewrite(entries, 3, (entry) => ({ ...entry, prev: '' })),
  'replay-differs': ({ entries }) =>
    rewrite(entries, 3, (entry) => ({ ...entry, state: { digest: 'sha256:0' } })),
  'row-differs': ({ row }) => void row.seq--,
  'key-applied-twice': ({ entries }) => {
    const { key } = JSON.parse(entries[1]?.bytes ?? '');
    rewrite(entries, 4, (entry) => ({ ...entry, key }));
  },
  'acknowledged-event-lost': ({ entries }) => void entries.pop(),
  'refused-but-stored': ({ the }) => refuse(the(sends('face.begin')), 429, 'too-many-requests'),
  'entry-without-request': (evidence) => {
    evidence.operations = evidence.operations.filter((each) => !sends('face.begin')(each));
  },
  'entry-differs-from-request': ({ the }) => {
    the(under('clause')).facts.clause = 'c6';
  },
  'if-match-ignored': ({ the }) => {
    the(under('clause')).ifMatch = 1;
  },
  'entry-in-the-past': ({ operations, the }) => {
    const withdrawal = the(under('withdraw'));
    withdrawal.invokedAt = withdrawal.returnedAt + operations.length * 2 + 1;
    withdrawal.returnedAt = withdrawal.invokedAt + 1;
  },
  'answer-out-of-place': ({ the }) => {
    the(under('clause')).answer = the(sends('face.begin')).answer;
  },
  'answers-differ-under-one-key': ({ the }) => {
    the(under('identity'), 1).answer = { status: 202, digest: 'other', view: viewOf(the(under('identity'))) };
  },
  'key-forgotten': ({ the }) => refuse(the(under('identity'), 1), 409, 'event-not-allowed'),
  'key-mixed-up': ({ the }) => refuse(the(sends('notice.declare')), 409, 'event-not-allowed'),
  'answer-of-another-case': ({ the }) => {
    viewOf(the(reads)).id = 'another';
  },
  'wrong-head': ({ the }) => {
    viewOf(the(reads)).head = viewOf(the(reads, 2)).head;
  },
  'view-differs': ({ the }) => {
    viewOf(the(reads)).allowed = ['form.submit'];
  },
  'bodies-differ': ({ the }) => {
    viewOf(the(reads)).digest = 'other';
  },
  'stale-read': ({ the }) => {
    the(reads, 3).answer = the(reads).answer;
  },
  'history-differs': ({ the }) => {
    const [first] = the(({ kind }) => kind === 'history').answer?.history ?? [];
    if (first) first.digest = 'sha256:0';
  },
  'refusal-unexplained': ({ the }) => {
    the(coded('event-not-allowed')).answer = {
      status: 409,
      code: 'event-not-allowed',
      digest: '',
      met: { states: ['form.normal'], allowed: [] },
    };
  },
  'stream-gap': ({ the }) => void the(streams).answer?.messages?.splice(2, 1),
  'unexpected-answer': ({ the }) => refuse(the(reads), 500, 'internal'),
};

const moreFaults: [what: string, kind: ViolationKind, fault: Fault][] = [
  [
    'an ETag of another seq',
    'wrong-head',
    ({ the }) => {
      const { answer } = the(reads);
      if (answer) answer.etag = '"1"';
    },
  ],
  [
    'a case as of another seq than was asked for',
    'stale-read',
    ({ the }) => {
      the(({ asOf }) => asOf === 3).answer = the(reads, 2).answer;
    },
  ],
  [
    'an entry that was acknowledged and is not found as of its seq',
    'stale-read',
    ({ the }) => {
      the(({ asOf }) => asOf === 99).asOf = 5;
    },
  ],
  [
    'a history without its newest entry',
    'stale-read',
    ({ the }) => void the(({ kind }) => kind === 'history').answer?.history?.pop(),
  ],
  [
    'a stream that ends before the case does',
    'stream-gap',
    ({ the }) => void the(streams).answer?.messages?.pop(),
  ],
  [
    'a stream that does not go on where it was left',
    'stream-gap',
    ({ the }) => void the(streams).answer?.messages?.shift(),
  ],
  [
    'a conflict with the very seq that was asked for',
    'refusal-unexplained',
    ({ the }) => {
      const conflict = the(coded('version-conflict'));
      conflict.ifMatch = conflict.answer?.met?.seq ?? 0;
    },
  ],
  [
    'a refusal of an event that was allowed all the time',
    'refusal-unexplained',
    ({ the }) => {
      the(coded('event-not-allowed')).event = 'notice.acknowledge';
    },
  ],
  [
    '202 for work that was done long before',
    'answer-out-of-place',
    ({ the }) => {
      const { answer } = the(sends('face.begin'));
      if (answer) answer.status = 202;
    },
  ],
  [
    'another body under a used key that is taken',
    'key-mixed-up',
    ({ the }) => {
      the(under('identity'), 1).bodyDigest = 'other';
    },
  ],
  [
    'the same body under a used key that is called another',
    'key-mixed-up',
    ({ the }) => refuse(the(under('identity'), 1), 422, 'idempotency-mismatch'),
  ],
  [
    'an answer with a case that is not there',
    'acknowledged-event-lost',
    ({ the }) => {
      the(({ kind }) => kind === 'open', 1).caseId = 'nowhere';
    },
  ],
];

describe('the checker', () => {
  it('finds nothing in a record that is right', () => {
    const violations = check(clean);
    expect(violations.length, describeViolations(violations)).toBe(0);
    expect(clean.operations.filter(isAcknowledged).length).toBeGreaterThan(10);
  });

  it.each(Object.entries(faults))('finds %s', (kind, fault) => {
    expect(checkWith(fault).map((violation) => violation.kind)).toContain(kind);
  });

  it.each(moreFaults)('finds %s', (_what, kind, fault) => {
    expect(checkWith(fault).map((violation) => violation.kind)).toContain(kind);
  });

  it('lets a request whose outcome nobody knows have written its entry, or not', () => {
    for (const event of ['face.begin', 'form.submit']) {
      const forget: Fault = ({ the }) => {
        the(sends(event)).answer = undefined;
      };
      expect(checkWith(forget)).toEqual([]);
    }
  });

  it('says what it expected, what it found and which requests show it', () => {
    const [violation] = checkWith(faults['stale-read']);
    expect(violation && describeViolation(violation)).toMatch(
      /^stale-read in case \S+\n {2}expected: seq \d+ or later.*\n {2}found: {4}seq 3\n {2}#\d+ p0\.0 \[\d+–\d+\] .*\n {2}#\d+ .* read → 200 seq 3/,
    );
  });
});
