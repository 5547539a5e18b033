import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { Providers } from '../../../src/providers/types.ts';
import { createSessions, openDatabase } from './database.ts';
import { actions, allowedIn, type CaseData, firstData, type Status, transitionOf } from './hand-rules.ts';
import { listen, type ServerSettings } from './listen.ts';
import { createBenchProviders } from './providers.ts';
import { bodies, noBody } from './schemas.ts';

const SCHEMA = `
CREATE TABLE cases (
  id TEXT PRIMARY KEY, owner INTEGER NOT NULL, status TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL,
  opened_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX cases_open ON cases (owner) WHERE status NOT IN ('withdrawn', 'notEligible');
CREATE TABLE events (
  id INTEGER PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id), seq INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, actor INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (case_id, seq)
)`;

interface CaseColumns {
  id: string;
  owner: number;
  status: Status;
  seq: number;
  data: string;
}

/** Providers in memory take no time: nothing would ever be aborted. */
const neverAborted = new AbortController().signal;

type EventRequest = FastifyRequest<{ Params: { id: string }; Body: Record<string, string> }>;

/**
 * What people write by hand: a status column, a table of transitions, an event row, a schema for each body. No chain, no
 * vault, no forms in the answer, nothing that goes on after a crash.
 */
export async function startHand(settings: ServerSettings, people: readonly PersonSample[]): Promise<string> {
  const db = openDatabase(settings, SCHEMA);
  const personOf = createSessions(db);
  const providers = createBenchProviders(people);
  const cases = createCases(db);
  const app = Fastify();

  app.post('/v1/matters/:matter/cases', { schema: { body: noBody } }, async (request, reply) => {
    const owner = personOf(request);
    if (owner === undefined) return refuse(reply, 401, 'unauthenticated');
    const id = randomUUID();
    if (!cases.open(id, owner)) return refuse(reply, 409, 'case-open-already');
    return reply.code(201).send(view({ id, status: 'entering', seq: 1 }, firstData));
  });

  for (const [event, body] of Object.entries(bodies)) {
    app.post(`/v1/cases/:id/events/${event}`, { schema: { body } }, async (request, reply) =>
      take(event, request as EventRequest, reply),
    );
  }

  async function take(event: string, request: EventRequest, reply: FastifyReply) {
    const owner = personOf(request);
    if (owner === undefined) return refuse(reply, 401, 'unauthenticated');
    const found = cases.find(request.params.id);
    if (found?.owner !== owner) return refuse(reply, 404, 'case-not-found');
    const data = JSON.parse(found.data) as CaseData;
    const transition = transitionOf(found.status, event);
    if (!transition || transition.guard?.(data) === false) return refuse(reply, 409, 'event-not-allowed');
    const next = await act(event, found, data, request.body, providers);
    const status = next.status ?? transition.to;
    const seq = found.seq + 1;
    if (!cases.move({ ...found, status, seq }, next.data, event, request.body))
      return refuse(reply, 409, 'conflict');
    return view({ id: found.id, status, seq }, next.data);
  }

  return listen(app);
}

async function act(
  event: string,
  found: CaseColumns,
  data: CaseData,
  body: Record<string, string>,
  providers: Providers,
): Promise<{ status?: Status; data: CaseData }> {
  const call = { key: `${found.id}:${found.seq}`, signal: neverAborted };
  const action = actions[event];
  return action ? action({ caseId: found.id, data, body, providers, call }) : { data };
}

function view({ id, status, seq }: Pick<CaseColumns, 'id' | 'status' | 'seq'>, data: CaseData) {
  const face = status === 'capturing' ? { face: { token: data.faceToken } } : {};
  return { id, status, seq, allowed: allowedIn(status, data), data: face };
}

function refuse(reply: FastifyReply, status: number, code: string) {
  return reply.code(status).send({ code });
}

/** The case and its event in one transaction; a row that moved on meanwhile is not overwritten. */
function createCases(db: Database.Database) {
  const insertCase = db.prepare(
    `INSERT INTO cases VALUES (?, ?, 'entering', 1, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const findCase = db.prepare<[string], CaseColumns>(
    'SELECT id, owner, status, seq, data FROM cases WHERE id = ?',
  );
  const updateCase = db.prepare(
    'UPDATE cases SET status = ?, seq = ?, data = ?, updated_at = ? WHERE id = ? AND seq = ?',
  );
  const insertEvent = db.prepare(
    'INSERT INTO events (case_id, seq, type, body, actor, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const open = db.transaction((id: string, owner: number) => {
    const at = new Date().toISOString();
    if (insertCase.run(id, owner, JSON.stringify(firstData), at, at).changes === 0) return false;
    insertEvent.run(id, 1, 'case.open', '{}', owner, at);
    return true;
  });
  const move = db.transaction((row: CaseColumns, data: CaseData, type: string, body: object) => {
    const at = new Date().toISOString();
    const { id, status, seq, owner } = row;
    if (updateCase.run(status, seq, JSON.stringify(data), at, id, seq - 1).changes === 0) return false;
    insertEvent.run(id, seq, type, JSON.stringify(body), owner, at);
    return true;
  });
  return {
    find: (id: string) => findCase.get(id),
    open: (id: string, owner: number) => open.immediate(id, owner),
    move: (row: CaseColumns, data: CaseData, type: string, body: object) =>
      move.immediate(row, data, type, body),
  };
}
