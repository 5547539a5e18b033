import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../engine/errors.ts';

/** How long an answer waits for the work an event started, at most and by default. */
const MAX_WAIT_SECONDS = 10;

/** @throws Problem malformed unless it is 1 to 200 visible ASCII characters. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = oneHeader(request, 'idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) throw new Problem({ code: 'malformed' });
  return key;
}

/** The seq of `If-Match: "<seq>"`; undefined when any will do. @throws Problem malformed */
export function ifMatchOf(request: FastifyRequest): number | undefined {
  const tag = oneHeader(request, 'if-match');
  if (tag === undefined || tag.trim() === '*') return undefined;
  const seq = /^"(\d{1,15})"$/.exec(tag.trim())?.[1];
  if (seq === undefined) throw new Problem({ code: 'malformed' });
  return Number(seq);
}

/** Milliseconds from `Prefer: wait=N` (RFC 7240). A preference that makes no sense is no error. */
export function waitMsOf(request: FastifyRequest): number {
  const preferences = (oneHeader(request, 'prefer') ?? '').split(/[,;]/);
  const wait = preferences.map((one) => /^\s*wait\s*=\s*"?(\d{1,6})"?\s*$/i.exec(one)?.[1]).find(Boolean);
  return Math.min(wait === undefined ? MAX_WAIT_SECONDS : Number(wait), MAX_WAIT_SECONDS) * 1000;
}

/** The seq a stream goes on from. @throws Problem malformed */
export function lastEventIdOf(request: FastifyRequest): number | undefined {
  const id = oneHeader(request, 'last-event-id');
  if (id === undefined || id === '') return undefined;
  if (!/^\d{1,15}$/.test(id)) throw new Problem({ code: 'malformed' });
  return Number(id);
}

export function setETag(reply: FastifyReply, seq: number): FastifyReply {
  return reply.header('etag', `"${seq}"`);
}

/** A header given twice comes joined or as a list; neither is one of ours. */
export function oneHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  if (Array.isArray(value)) throw new Problem({ code: 'malformed' });
  return value;
}
