import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { pictureOf } from '../applicant.ts';
import { png } from '../helpers.ts';
import { type Call, type Connection, connect, type Reply } from '../load/connection.ts';
import { type Kind, MATTER, must, newWalker, nextEvent, pictureForm, Refused } from '../load/walker.ts';
import { type Claims, sha256 } from './acknowledged.ts';

/** An answer that was no success, and how long it took. */
export interface Refusal {
  event: string;
  status: number;
  code: string;
  retryAfter: string | undefined;
  ms: number;
}

export interface CrowdOptions {
  /** Each walks case after case: every third the forced branch, with a file. */
  people: PersonSample[];
  /** When given, somebody reads histories meanwhile, and what was shown is kept too. */
  auditor?: string;
}

/** Many clients, each with a person of its own, who keep everything they were told. They outlive the server. */
export interface Crowd {
  claims: Claims;
  refusals: Refusal[];
  /**
   * All walk on until `enough` says so, or until the server is gone. A request without an answer, or with a 5xx, is
   * sent again under its own key.
   * @throws Error on an answer that nobody should get.
   */
  walk(url: string, enough?: () => boolean): Promise<void>;
  /** Resolves once so many events were acknowledged in all. */
  reaches(count: number): Promise<void>;
  /** Whether each client was told of at least so many events since this was asked for. */
  sinceNow(): (events: number) => boolean;
  /** Walks until nobody waits for an answer to what was sent before. */
  catchUp(url: string): Promise<void>;
}

interface Client {
  index: number;
  person: PersonSample;
  kind: Kind;
  token?: string | undefined;
  told: number;
  walks: number;
  view?: CaseView | undefined;
  pending?: Pending | undefined;
}

/** What was sent and has no answer yet. */
interface Pending {
  event: string;
  /** Unknown while the case is being opened. */
  caseId?: string | undefined;
  call: Call;
  before?: Call;
  /** Digest of the file that goes with it. */
  file?: string;
}

/** A device may check an identity twenty times an hour, and new sessions and avatars are part of the load. */
const WALKS_A_SESSION = 4;
const LOOK_AGAIN_MS = 20;
const REFUSED_PAUSE_MS = 50;
/** Which of the newest events an onlooker looks behind. */
const NEWEST = 40;

export function createCrowd({ people, auditor }: CrowdOptions): Crowd {
  const claims: Claims = { said: [], seen: [], files: [], unanswered: () => clients.flatMap(unansweredOf) };
  const refusals: Refusal[] = [];
  const waiting = new Set<{ count: number; resolve: () => void }>();
  const clients = people.map(
    (person, index): Client => ({
      index,
      person,
      kind: index % 3 === 2 ? 'forced' : 'normal',
      told: 0,
      walks: 0,
    }),
  );

  async function walk(url: string, enough: () => boolean = () => false): Promise<void> {
    let gone = false;
    const over = () => gone || enough();
    const one = async (work: (connection: Connection) => Promise<void>) => {
      const connection = connect(url);
      try {
        while (!over()) await orRefused(() => work(connection));
      } catch (error) {
        gone = true;
        if (!isGone(error)) throw error;
      } finally {
        connection.close();
      }
    };
    const onlooker = auditor === undefined ? [] : [one((connection) => look(connection, auditor))];
    const walks = [
      ...clients.map((client) => one((connection) => takeStep(connection, client))),
      ...onlooker,
    ];
    const failed = (await Promise.allSettled(walks)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async function orRefused(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused) || error.reply.status < 500) throw error;
      refusals.push(refusalOf('', error.reply, performance.now() - began));
      await pause(REFUSED_PAUSE_MS);
    }
  }

  async function takeStep(connection: Connection, client: Client): Promise<void> {
    if (client.token === undefined) {
      client.token = (await newWalker(connection, client.person)).token;
      claims.files.push({ token: client.token, path: '/v1/me/avatar', digest: sha256(png()) });
    }
    client.pending ??= await choose(client, client.token);
    if (client.pending) await sendPending(connection, client, client.pending);
    else await lookAgain(connection, client, client.token);
  }

  async function sendPending(connection: Connection, client: Client, pending: Pending): Promise<void> {
    if (pending.before) await must(connection.call(pending.before));
    const began = performance.now();
    const reply = await connection.call(pending.call);
    const ms = performance.now() - began;
    if (reply.status >= 500) {
      refusals.push(refusalOf(pending.event, reply, ms));
      await pause(REFUSED_PAUSE_MS);
      return;
    }
    if (reply.status >= 300) throw new Error(`${pending.event}: ${reply.status} ${reply.text}`);
    client.pending = undefined;
    client.told += 1;
    keep(client, pending, reply);
    for (const each of waiting) if (claims.said.length >= each.count) each.resolve();
  }

  function keep(client: Client, pending: Pending, { headers, body }: Reply): void {
    const { event, file } = pending;
    const caseId: string = pending.caseId ?? body.id;
    const seq = Number(headers.etag?.replaceAll('"', ''));
    claims.said.push({ caseId, event, seq, ...(file === undefined ? { head: body.head } : {}) });
    if (file !== undefined) claims.files.push({ token: client.token ?? '', path: body.href, digest: file });
    // An upload is answered with the file, not with the case.
    if (file === undefined) client.view = body;
    else if (client.view) client.view = { ...client.view, allowed: [], states: [] };
    if (event === 'case.withdraw') startOver(client);
  }

  /** How a case went on that works by itself, or that took a file. */
  async function lookAgain(connection: Connection, client: Client, token: string): Promise<void> {
    const path = `/v1/cases/${client.view?.id}`;
    const { body } = await must(connection.call({ method: 'GET', path, token }));
    if (body.seq === client.view?.seq) await pause(LOOK_AGAIN_MS);
    client.view = body;
    claims.seen.push({ caseId: body.id, seq: body.seq, head: body.head });
  }

  /** Somebody else may be shown what its sender has not been told yet: that must be there ever after too. */
  async function look(connection: Connection, token: string): Promise<void> {
    const newest = claims.said.slice(-NEWEST);
    const caseId = newest[randomInt(Math.max(1, newest.length))]?.caseId;
    if (caseId !== undefined) {
      const path = `/v1/audit/cases/${caseId}/history`;
      const { items } = (await must(connection.call({ method: 'GET', path, token }))).body;
      claims.seen.push({ caseId, seq: items.length, head: items.at(-1).digest });
    }
    await pause(LOOK_AGAIN_MS);
  }

  return {
    claims,
    refusals,
    walk,
    reaches: (count) =>
      new Promise((resolve) => {
        if (claims.said.length >= count) resolve();
        else waiting.add({ count, resolve });
      }),
    sinceNow() {
      const before = clients.map(({ told }) => told);
      return (events) => clients.every(({ told }, index) => told >= (before[index] ?? 0) + events);
    },
    async catchUp(url) {
      const open = new Set(clients.map(({ pending }) => pending).filter((pending) => pending !== undefined));
      await walk(url, () => !clients.some(({ pending }) => pending !== undefined && open.has(pending)));
    },
  };
}

function startOver(client: Client): void {
  client.view = undefined;
  client.walks += 1;
  if (client.walks % WALKS_A_SESSION === 0) client.token = undefined;
}

/** Undefined while the case works by itself. */
async function choose(client: Client, token: string): Promise<Pending | undefined> {
  const { view, person, kind } = client;
  const headers = { 'idempotency-key': randomUUID() };
  if (!view) {
    const path = `/v1/matters/${MATTER}/cases`;
    return { event: 'case.open', call: { method: 'POST', path, token, headers, body: {} } };
  }
  if (view.status === 'done') throw new Error(`over, and nobody withdrew it: ${view.states.join(' ')}`);
  const isSubmitted = view.states.some((state) => state.startsWith('submitted.'));
  const next = isSubmitted ? { event: 'case.withdraw', body: {} } : nextEvent(view, person, kind);
  if (!next) return undefined;
  const { event, body, before } = next;
  const send = { method: 'POST' as const, token, headers };
  if (event === 'material.add') return addFile(client, view.id, send, { ...body });
  return {
    event,
    caseId: view.id,
    call: { ...send, path: `/v1/cases/${view.id}/events/${event}`, body },
    ...(before === undefined ? {} : { before: { method: 'POST' as const, ...before } }),
  };
}

/** A picture of its own for each walk. */
async function addFile(
  client: Client,
  caseId: string,
  send: Omit<Call, 'path'>,
  fields: Record<string, string>,
): Promise<Pending> {
  const picture = await pictureOf(client.index * 1_000 + client.walks);
  const call = { ...send, path: `/v1/cases/${caseId}/attachments`, raw: pictureForm(picture, fields) };
  return { event: 'material.add', caseId, call, file: sha256(picture) };
}

function unansweredOf({ pending }: Client): { caseId: string; event: string }[] {
  return pending?.caseId === undefined ? [] : [{ caseId: pending.caseId, event: pending.event }];
}

function refusalOf(event: string, { status, headers, body }: Reply, ms: number): Refusal {
  return {
    event,
    status,
    code: body?.code ?? '',
    retryAfter: headers['retry-after'],
    ms,
  };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^E(?:CONN|PIPE)/.test(String(error.code));
}
