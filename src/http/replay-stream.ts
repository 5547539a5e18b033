import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inLanguage } from '../engine/errors.ts';
import { speaksFor, type Told } from '../engine/tell.ts';
import type { Language } from '../engine/types.ts';
import { JSON_TYPE } from './case-bytes.ts';

/** One JSON value a line. */
export const LINES_TYPE = 'application/x-ndjson';
/** A long history must not keep everyone else waiting. */
const ITEMS_A_TURN = 20;

interface Look {
  language: Language;
  diff: boolean;
}

/** Writes a history as it is run again: one JSON object, or for those who ask for it a line for each of its items. */
export function sendReplay(
  request: FastifyRequest,
  reply: FastifyReply,
  told: Iterable<Told>,
  look: Look,
): FastifyReply {
  const asLines = (request.headers.accept ?? '').includes(LINES_TYPE);
  const frame = asLines ? LINES : OBJECT;
  reply.type(asLines ? `${LINES_TYPE}; charset=utf-8` : JSON_TYPE).header('vary', 'Accept, Accept-Language');
  // A stream is sent as it is: the schema describes it, and a test holds the two together.
  return reply.send(Readable.from(write(told, look, frame), { objectMode: false }) as never);
}

interface Frame {
  open: string;
  between: string;
  close(holds: boolean): string;
}
const OBJECT: Frame = {
  open: '{"items":[',
  between: ',',
  close: (holds) => `],"holds":${holds}}`,
};
const LINES: Frame = { open: '', between: '\n', close: (holds) => `\n{"holds":${holds}}\n` };

async function* write(told: Iterable<Told>, look: Look, frame: Frame): AsyncGenerator<string> {
  let holds = true;
  let items = 0;
  yield frame.open;
  for (const each of told) {
    holds &&= speaksFor(each);
    yield `${items > 0 ? frame.between : ''}${JSON.stringify(describe(each, look))}`;
    if (++items % ITEMS_A_TURN === 0) await setImmediate();
  }
  yield frame.close(holds);
}

function describe(told: Told, { language, diff }: Look) {
  if (told.kind === 'broken') return told;
  const { seq, type, at, actor, data, state } = told.entry;
  if (told.kind === 'refused') {
    return { kind: 'refused', seq, type, title: inLanguage(told.title, language), at, actor, facts: data };
  }
  const { digest, holds, narration } = told;
  const { title, states, status, changes, ...rest } = narration;
  const result = { states, status, recorded: state.digest, digest, holds };
  const said = { title: inLanguage(title, language), ...rest, ...(diff ? { changes } : {}) };
  return { seq, type, at, actor, ...result, ...said };
}
