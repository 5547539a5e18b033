import type { FastifyRequest } from 'fastify';
import type { CaseRow } from '../db/store.ts';
import { Problem } from '../engine/errors.ts';
import { findMatter, getCase, type Runtime } from '../engine/runtime.ts';
import type { Matter } from '../engine/types.ts';
import { callerOf } from './auth.ts';
import { isGuideMatter } from './guide.ts';

/**
 * The case, if the caller may see it; its matter's words then answer whatever else goes wrong. Before that only the
 * general words do, so that a case of somebody else answers as one that never was.
 * @throws Problem case-not-found
 */
export async function enterCase(runtime: Runtime, request: FastifyRequest, id: string): Promise<CaseRow> {
  const row = await getCase(runtime, id, callerOf(request));
  request.problems = findMatter(runtime, row)?.problems ?? {};
  return row;
}

/** @throws Problem matter-not-found, or matter-not-offered for one that the guide shows and nobody has built. */
export function getMatterNamed(runtime: Runtime, name: string): Matter {
  const matter = runtime.matters.get(name);
  if (matter) return matter;
  throw new Problem({ code: isGuideMatter(name) ? 'matter-not-offered' : 'matter-not-found' });
}
