import { type IncomingMessage, request } from 'node:http';
import type { CaseView } from '../../src/engine/present.ts';
import { png } from '../helpers.ts';
import type { Call, Connection, Reply } from '../load/connection.ts';
import { MATTER, pictureForm } from '../load/walker.ts';
import {
  type Answer,
  digestOfJson,
  plainFacts,
  type Recorder,
  type Request,
  readView,
} from './checker-record.ts';

/** One person's device, several connections of it: everything it asks is kept with its answer. */
export interface Client {
  open(key?: string): Promise<Reply | undefined>;
  send(event: string, body: object, conditions?: Conditions): Promise<Reply | undefined>;
  read(asOf?: number): Promise<Reply | undefined>;
  readHistory(): Promise<Reply | undefined>;
  /** Follows the case until it is told to stop, or the case ends. */
  follow(lastEventId?: number): Following;
  /** What the person does outside the service. */
  play(path: string, body: object): Promise<unknown>;
}

export interface Following {
  stop(): Promise<void>;
  /** When it is over, by itself or not. */
  ended: Promise<void>;
}

export interface Conditions {
  key?: string | undefined;
  ifMatch?: number | undefined;
  /** Seconds that the answer may wait for work elsewhere. */
  wait?: number | undefined;
}

export interface ClientOptions {
  url: string;
  recorder: Recorder;
  connections: Connection[];
  person: string;
  name: string;
  token: string;
  auditor: string;
  caseId: string;
}

export function createClient(options: ClientOptions): Client {
  const { recorder, connections, person, name, token, auditor, caseId } = options;
  const path = `/v1/cases/${caseId}`;
  const asked = (part: Partial<Request> & Pick<Request, 'kind'>, body: object = {}): Request => ({
    person,
    client: name,
    caseId,
    bodyDigest: digestOfJson(body),
    facts: plainFacts(body),
    ...part,
  });
  let turn = 0;
  const call = (one: Call) =>
    connections[turn++ % connections.length]?.call(one) ?? Promise.reject(new Error());
  return {
    open: (key) =>
      recorder.keep(asked({ kind: 'open', caseId: '', ...(key === undefined ? {} : { key }) }), () =>
        call({
          method: 'POST',
          path: `/v1/matters/${MATTER}/cases`,
          token,
          body: {},
          headers: headersOf({ key }),
        }),
      ),
    send: (event, body, conditions = {}) =>
      recorder.keep(asked({ kind: 'event', event, ...given(conditions) }, body), () =>
        call({ ...placeOf(path, event, body), method: 'POST', token, headers: headersOf(conditions) }),
      ),
    read: (asOf) =>
      recorder.keep(asked({ kind: 'read', ...(asOf === undefined ? {} : { asOf }) }), () =>
        call({ method: 'GET', path: asOf === undefined ? path : `${path}?asOf=${asOf}`, token }),
      ),
    readHistory: () =>
      recorder.keep(asked({ kind: 'history' }), () =>
        call({ method: 'GET', path: `/v1/audit/cases/${caseId}/history`, token: auditor }),
      ),
    follow: (lastEventId) =>
      follow(options, asked({ kind: 'stream', ...(lastEventId === undefined ? {} : { lastEventId }) })),
    play: (to, body) => call({ method: 'POST', path: to, body }).catch(() => undefined),
  };
}

/** A file goes another way than what is only said. */
function placeOf(path: string, event: string, body: object): Pick<Call, 'path' | 'body' | 'raw'> {
  if (event !== 'material.add') return { path: `${path}/events/${event}`, body };
  return { path: `${path}/attachments`, raw: pictureForm(png(), { ...body }) };
}

function given({ key, ifMatch }: Conditions): Pick<Request, 'key' | 'ifMatch'> {
  return { ...(key === undefined ? {} : { key }), ...(ifMatch === undefined ? {} : { ifMatch }) };
}

function headersOf({ key, ifMatch, wait }: Conditions): Record<string, string> {
  return {
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
  };
}

/** A connection of its own, closed once it has been read for long enough. */
function follow({ url, token, recorder }: ClientOptions, asked: Request): Following {
  const { caseId, lastEventId: last } = asked;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(last === undefined ? {} : { 'last-event-id': String(last) }),
  };
  const invokedAt = recorder.now();
  const sent = request(`${url}/v1/cases/${caseId}/stream`, { agent: false, headers });
  const responding = new Promise<IncomingMessage | undefined>((resolve) => {
    sent.once('response', resolve).on('error', () => resolve(undefined));
  });
  const ended = responding.then(async (response) => {
    recorder.add(asked, invokedAt, response && (await readStream(response, recorder)));
  });
  sent.end();
  return {
    async stop() {
      await responding;
      sent.destroy();
      await ended;
    },
    ended,
  };
}

async function readStream(response: IncomingMessage, recorder: Recorder): Promise<Answer> {
  const status = response.statusCode ?? 0;
  const messages: NonNullable<Answer['messages']> = [];
  const isWhole = await readMessages(response, recorder, messages);
  return { status, digest: '', messages, ended: isWhole && (status === 200 || status === 204) };
}

/** Whether it came to its end. */
async function readMessages(
  response: IncomingMessage,
  recorder: Recorder,
  messages: NonNullable<Answer['messages']>,
): Promise<boolean> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const blocks = `${text}${chunk}`.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) messages.push(...readMessage(block, recorder.now()));
    }
    return response.complete;
  } catch {
    return false;
  }
}

function readMessage(block: string, at: number): NonNullable<Answer['messages']> {
  const [, id, data] = /^id: (\d+)\nevent: case\ndata: (.*)$/.exec(block) ?? [];
  if (id === undefined || data === undefined) return [];
  return [{ at, id: Number(id), view: readView(JSON.parse(data) as CaseView) }];
}
