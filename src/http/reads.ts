import type { FastifyInstance, FastifyRequest } from 'fastify';
import { recordReadOfMany } from '../engine/reads.ts';
import type { Runtime } from '../engine/runtime.ts';
import { callerOf } from './auth.ts';
import { enterCase } from './enter.ts';
import { readingOf } from './reading.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Shows a list of cases and is recorded with their number, once that is known. */
    counted?: true;
  }
}

/**
 * Every route that shows a case to somebody who is not its owner is recorded before it does, and so is every one that
 * shows many: here, by its address, so that no new route can forget it. What staff send leaves entries of its own.
 */
export function recordReads(app: FastifyInstance, runtime: Runtime): void {
  app.addHook('preHandler', async (request) => {
    const shown = shownBy(request.method, request.routeOptions.url);
    if (shown === 'case') await enterCase(runtime, request, idOf(request));
    if (shown === 'cases' && !request.routeOptions.config.counted) await recordMany(request);
  });
  app.addHook<unknown>('preSerialization', async (request, _reply, payload) => {
    if (request.routeOptions.config.counted) await recordMany(request, lengthOf(payload));
    return payload;
  });

  async function recordMany(request: FastifyRequest, count?: number): Promise<void> {
    // An applicant is shown none but their own.
    if (callerOf(request).role === 'applicant') return;
    await recordReadOfMany(runtime, readingOf(runtime, request), count);
  }
}

/** What a route shows to who may see it, by its method and pattern. */
export function shownBy(method: string, url = ''): 'case' | 'cases' | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (/\/cases\/:id(?:\/|$)/.test(url)) return 'case';
  const mayShowAny = url.startsWith('/v1/audit/') || /\/cases(?:\/|$)/.test(url);
  return mayShowAny && !url.startsWith('/v1/me/') ? 'cases' : undefined;
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function lengthOf(payload: unknown): number {
  const items = typeof payload === 'object' && payload !== null && 'items' in payload ? payload.items : [];
  return Array.isArray(items) ? items.length : 0;
}
