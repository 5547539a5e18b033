import type { FastifyRequest } from 'fastify';
import type { CaseRow } from '../db/store.ts';
import { Problem } from '../engine/errors.ts';
import { recordRead } from '../engine/reads.ts';
import { findMatter, getCase, type Runtime } from '../engine/runtime.ts';
import type { Matter } from '../engine/types.ts';
import { callerOf } from './auth.ts';
import { isGuideMatter } from './guide.ts';
import { readingOf } from './reading.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The case it is about, once it is certain that the caller may see it, and that their look is recorded. */
    entered: CaseRow | null;
  }
}

/**
 * The case, if the caller may see it; its matter's words then answer whatever else goes wrong. Before that only the
 * general words do, so that a case of somebody else answers as one that never was. A look at a case that is not the
 * caller's own is recorded first.
 * @throws Problem case-not-found, purpose-invalid, storage-unavailable when it cannot be recorded
 */
export async function enterCase(runtime: Runtime, request: FastifyRequest, id: string): Promise<CaseRow> {
  if (request.entered?.id === id) return request.entered;
  const caller = callerOf(request);
  const row = await getCase(runtime, id, caller);
  request.problems = findMatter(runtime, row)?.problems ?? {};
  const looks = request.method === 'GET' || request.method === 'HEAD';
  const isTheirs = row.owner === caller.id;
  request.entered = looks && !isTheirs ? await recordRead(runtime, row, readingOf(runtime, request)) : row;
  return request.entered;
}

/** @throws Problem matter-not-found, or matter-not-offered for one that the guide shows and nobody has built. */
export function getMatterNamed(runtime: Runtime, name: string): Matter {
  const matter = runtime.matters.get(name);
  if (matter) return matter;
  throw new Problem({ code: isGuideMatter(name) ? 'matter-not-offered' : 'matter-not-found' });
}
