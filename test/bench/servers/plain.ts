import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Snapshot } from 'xstate';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { factsOf } from '../walk.ts';
import { createSessions, openDatabase } from './database.ts';
import { listen, type ServerSettings } from './listen.ts';
import { type CaseActor, createActors, type Personal, type Settled } from './plain-actors.ts';
import { createBenchProviders } from './providers.ts';
import { bodies, noBody } from './schemas.ts';

const SCHEMA = `
CREATE TABLE cases (
  id TEXT PRIMARY KEY, owner INTEGER NOT NULL, seq INTEGER NOT NULL, snapshot TEXT NOT NULL, personal TEXT NOT NULL,
  opened_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX cases_owner ON cases (owner);
CREATE TABLE events (
  id INTEGER PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id), seq INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, actor INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (case_id, seq)
)`;

interface CaseColumns {
  id: string;
  owner: number;
  seq: number;
  snapshot: string;
  personal: string;
}

type EventRequest = FastifyRequest<{ Params: { id: string }; Body: Record<string, string> }>;

/**
 * The same machine the way its manual shows it: an actor revived from its persisted snapshot for each request, its promises
 * run where they are invoked, the snapshot stored again. No chain, no vault, no forms; a crash loses what was under way.
 */
export async function startPlain(settings: ServerSettings, people: readonly PersonSample[]): Promise<string> {
  const db = openDatabase(settings, SCHEMA);
  const personOf = createSessions(db);
  const actors = createActors(createBenchProviders(people));
  const cases = createCases(db);
  const app = Fastify();

  app.post('/v1/matters/:matter/cases', { schema: { body: noBody } }, async (request, reply) => {
    const owner = personOf(request);
    if (owner === undefined) return refuse(reply, 401, 'unauthenticated');
    const id = randomUUID();
    const settled = await actors.open(id);
    cases.open({ id, owner, seq: 1, snapshot: JSON.stringify(settled.snapshot), personal: '{}' });
    return reply.code(201).send(view(id, 1, settled, {}));
  });

  for (const [event, body] of Object.entries(bodies)) {
    app.post(`/v1/cases/:id/events/${event}`, { schema: { body } }, async (request, reply) =>
      take(event, request as EventRequest, reply),
    );
  }

  async function take(type: string, request: EventRequest, reply: FastifyReply) {
    const owner = personOf(request);
    if (owner === undefined) return refuse(reply, 401, 'unauthenticated');
    const found = cases.find(request.params.id);
    if (found?.owner !== owner) return refuse(reply, 404, 'case-not-found');
    const { id } = found;
    const personal = { ...(JSON.parse(found.personal) as Personal), ...personalOf(type, request.body) };
    const actor = actors.revive(id, JSON.parse(found.snapshot) as Snapshot<unknown>, personal);
    const event = { ...request.body, ...factsOf(type), at: new Date().toISOString(), type };
    if (!actor.can(event)) return refuse(reply, 409, 'event-not-allowed', actor);
    const settled = await actor.send(event);
    const row = { ...found, seq: found.seq + 1, snapshot: JSON.stringify(settled.snapshot) };
    if (!cases.move({ ...row, personal: JSON.stringify(personal) }, type, request.body))
      return refuse(reply, 409, 'conflict');
    return view(id, row.seq, settled, personal);
  }

  return listen(app);
}

/** What the machine must not see, for it ends in its snapshot. */
function personalOf(type: string, body: Record<string, string>): Personal {
  if (type !== 'identity.submit') return {};
  return { name: body.name ?? '', idNumber: body.idNumber ?? '' };
}

function view(id: string, seq: number, { status, value, allowed }: Settled, personal: Personal) {
  return { id, seq, status, value, allowed, data: { face: { token: personal.faceToken } } };
}

function refuse(reply: FastifyReply, status: number, code: string, actor?: CaseActor) {
  actor?.stop();
  return reply.code(status).send({ code });
}

/** The case and its event in one transaction; a row that moved on meanwhile is not overwritten. */
function createCases(db: Database.Database) {
  const insertCase = db.prepare('INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)');
  const findCase = db.prepare<[string], CaseColumns>(
    'SELECT id, owner, seq, snapshot, personal FROM cases WHERE id = ?',
  );
  const updateCase = db.prepare(
    'UPDATE cases SET seq = ?, snapshot = ?, personal = ?, updated_at = ? WHERE id = ? AND seq = ?',
  );
  const insertEvent = db.prepare(
    'INSERT INTO events (case_id, seq, type, body, actor, at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const open = db.transaction(({ id, owner, seq, snapshot, personal }: CaseColumns) => {
    const at = new Date().toISOString();
    insertCase.run(id, owner, seq, snapshot, personal, at, at);
    insertEvent.run(id, seq, 'case.open', '{}', owner, at);
  });
  const move = db.transaction((row: CaseColumns, type: string, body: object) => {
    const at = new Date().toISOString();
    const { id, owner, seq, snapshot, personal } = row;
    if (updateCase.run(seq, snapshot, personal, at, id, seq - 1).changes === 0) return false;
    insertEvent.run(id, seq, type, JSON.stringify(body), owner, at);
    return true;
  });
  return {
    find: (id: string) => findCase.get(id),
    open: (row: CaseColumns) => open.immediate(row),
    move: (row: CaseColumns, type: string, body: object) => move.immediate(row, type, body),
  };
}
