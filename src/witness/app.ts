import { hash } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../engine/runtime.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { type CosignRequest, readCosignRequest } from '../log/cosign-request.ts';
import { createDurableFolder } from '../log/durable.ts';
import { Misfit } from '../log/misfit.ts';
import { readNote, type Signer, signNote, type Verifier, writeSignatures } from '../log/note.ts';
import type { Head } from '../log/tree.ts';
import { decide, originOf } from './decide.ts';

export interface WitnessOptions {
  /** Where the last checkpoint of each log is kept. */
  folder: string;
  signer: Signer;
  /** The keys of the logs it knows; a key is called as its log. */
  logs: readonly Verifier[];
  clock: Pick<Clock, 'now'>;
}

interface Answer {
  status: number;
  body: string;
  type?: string;
}

const MAX_BODY_BYTES = 64 * 1024;

/** A witness (C2SP tlog-witness): cosigns what goes on from the last checkpoint it saw, and nothing else. */
export function buildWitness(options: WitnessOptions): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: MAX_BODY_BYTES, requestTimeout: 10_000 });
  const turns = new Map<string, Promise<unknown>>();
  /** One after the other for a log: between the look at the last checkpoint and the next one on disk nobody comes in. */
  const inTurn = <T>(origin: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(origin) ?? Promise.resolve()).then(work);
    turns.set(
      origin,
      turn.catch(() => {}),
    );
    return turn;
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post<{ Body: string | undefined }>('/add-checkpoint', async ({ body }, reply) => {
    const answer = await answerTo(options, body ?? '', inTurn);
    return reply
      .code(answer.status)
      .type(answer.type ?? 'text/plain; charset=utf-8')
      .send(answer.body);
  });
  return app;
}

type InTurn = <T>(origin: string, work: () => Promise<T>) => Promise<T>;

async function answerTo(options: WitnessOptions, body: string, inTurn: InTurn): Promise<Answer> {
  let request: CosignRequest;
  let origin: string;
  try {
    request = readCosignRequest(body);
    origin = originOf(request);
  } catch (error) {
    if (error instanceof Misfit) return { status: 400, body: `${error.message}\n` };
    throw error;
  }
  const verifiers = options.logs.filter(({ name }) => name === origin);
  if (verifiers.length === 0) return { status: 404, body: `no log ${origin} is known here\n` };
  return inTurn(origin, () => cosign(options, request, origin, verifiers));
}

async function cosign(
  { folder, signer, clock }: WitnessOptions,
  request: CosignRequest,
  origin: string,
  verifiers: readonly Verifier[],
): Promise<Answer> {
  const memory = createDurableFolder(folder);
  const place = hash('sha256', origin);
  const decision = decide(request, verifiers, findLast(await memory.find(place)));
  switch (decision.kind) {
    case 'refused':
      return { status: decision.status, body: `${decision.why}\n` };
    case 'conflict':
      return { status: 409, body: `${decision.size}\n`, type: 'text/x.tlog.size' };
    case 'cosign': {
      // Remembered first: a cosignature that went out must not be forgotten in a power cut.
      await memory.write([[place, request.checkpoint]]);
      const { text } = decision.checkpoint.note;
      const { signatures } = signNote(text, [signer], Math.floor(clock.now() / 1000));
      return { status: 200, body: writeSignatures(signatures) };
    }
  }
}

/** By the signatures of its time: they were checked before it was written, and its keys may have been rotated since. */
function findLast(note: Buffer | undefined): Head | undefined {
  return note && readCheckpoint(readNote(note).text);
}
