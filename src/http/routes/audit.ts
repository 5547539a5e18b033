import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CaseFilter, CaseRow } from '../../db/store.ts';
import { readEntry } from '../../engine/entry.ts';
import { Problem } from '../../engine/errors.ts';
import { restore } from '../../engine/interpret.ts';
import { activeLeaves } from '../../engine/present.ts';
import { type Replayed, replay } from '../../engine/replay.ts';
import { findMatter, findPersonKey, getMatter, type Runtime } from '../../engine/runtime.ts';
import type { Matter, StoredEntry } from '../../engine/types.ts';
import { type Evidence, verifyCase } from '../../engine/verify.ts';
import type { VaultRow } from '../../vault/vault.ts';
import { callerAs } from '../auth.ts';
import { limitOf, summariseCase } from '../case-list.ts';
import { enterCase } from '../enter.ts';
import { casePath, pageQuery } from '../openapi.ts';
import { casePageSchema, historySchema, replaySchema, verificationSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

type App = Parameters<FastifyPluginAsyncZod>[0];

const tags = ['audit'];
const ofCase = { problems: ['forbidden', 'case-not-found', 'form-invalid'] };

/** For auditors alone: officers have no business here. */
export function auditRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    searchRoute(app, runtime);
    historyRoute(app, runtime);
    replayRoute(app, runtime);
    verificationRoute(app, runtime);
  };
}

/** Stored times are UTC with milliseconds and compared as text, so every other way to write one is turned into that. */
const time = z.iso
  .datetime({ offset: true })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()));

const searchQuery = z.strictObject({
  matter: z.string().max(100).optional(),
  state: z
    .string()
    .max(200)
    .regex(/^[\w.-]+$/)
    .optional()
    .describe('A leaf, dotted, or the beginning of one'),
  openedFrom: time.optional().describe('Inclusive'),
  openedTo: time.optional().describe('Exclusive'),
  ...pageQuery,
});

function searchRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases',
    {
      config: { counted: true, problems: ['forbidden', 'form-invalid'] },
      schema: {
        tags,
        summary: 'Finds cases, newest first',
        querystring: searchQuery,
        response: { 200: casePageSchema },
      },
    },
    async ({ query: { limit, ...wanted } }, reply) => {
      const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
      const filter: CaseFilter = { ...Object.fromEntries(given), limit: limitOf(limit) };
      const { rows, next } = await runtime.store.searchCases(filter);
      return reply.send({ items: rows.map((row) => summariseCase(row)), next: next ?? null });
    },
  );
}

function historyRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/history',
    {
      config: ofCase,
      schema: {
        tags,
        summary: 'Every entry, with refusals among them if asked for',
        params: casePath,
        querystring: z.strictObject({ refusals: z.enum(['true', 'false']).optional() }),
        response: { 200: historySchema },
      },
    },
    async (request, reply) => {
      const { id } = await enterCase(runtime, request, request.params.id);
      const accepted = await runtime.store.readEntries(id, 'accepted');
      const refused = request.query.refusals === 'true' ? await runtime.store.readEntries(id, 'refused') : [];
      const items = [...accepted, ...refused].map(readStored);
      // A stable sort: of the same moment, what was accepted stands first.
      return reply.send({ items: items.toSorted((a, b) => compareText(a.entry.at, b.entry.at)) });
    },
  );
}

function readStored({ bytes, digest }: StoredEntry) {
  return { digest, bytes, entry: { ...readEntry(bytes) } };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function replayRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/replay',
    {
      config: ofCase,
      schema: {
        tags,
        summary: 'The history run again through the machine of its time',
        params: casePath,
        querystring: z.strictObject({
          to: z
            .string()
            .regex(/^[1-9]\d{0,8}$/)
            .optional()
            .describe('The last seq to run; all when left out'),
        }),
        response: { 200: replaySchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      const entries = await runtime.store.readEntries(row.id, 'accepted');
      const to = Number(request.query.to ?? entries.length);
      const matter = getMatter(runtime, row);
      const items = [...replay(matter, entries.slice(0, to))].map((each) => describeReplayed(matter, each));
      return reply.send({ holds: items.every(({ holds }) => holds), items });
    },
  );
}

function describeReplayed({ machine }: Matter, { entry, state, digest, holds }: Replayed) {
  return {
    seq: entry.seq,
    type: entry.type,
    at: entry.at,
    actor: entry.actor,
    states: activeLeaves(restore(machine, state)),
    status: state.status,
    recorded: entry.state.digest,
    digest,
    holds,
  };
}

function verificationRoute(app: App, runtime: Runtime): void {
  app.get(
    '/v1/audit/cases/:id/verification',
    {
      config: ofCase,
      schema: {
        tags,
        summary: 'Chains, replay, current row, open work and vault compared',
        params: casePath,
        response: { 200: verificationSchema },
      },
    },
    async (request, reply) => {
      const row = await enterCase(runtime, request, request.params.id);
      return reply.send(verifyCase(await gatherEvidence(runtime, row)));
    },
  );
}

/** How often a case is read again because it moved while it was read. */
const READS = 5;

/** @throws Problem busy when the case never stands still. */
async function gatherEvidence(runtime: Runtime, first: CaseRow): Promise<Evidence> {
  const { store } = runtime;
  let row = first;
  for (let read = 0; read < READS; read++) {
    const accepted = await store.readEntries(row.id, 'accepted');
    const refused = await store.readEntries(row.id, 'refused');
    const read = await store.readEntries(row.id, 'read');
    const tasks = await store.readTasks(row.id);
    const vault = await store.readVault(row.id);
    const now = (await store.findCase(row.id)) ?? row;
    if (now.seq === row.seq && now.refusals === row.refusals && now.reads === row.reads) {
      return {
        matter: findMatter(runtime, row),
        row,
        accepted,
        refused,
        read,
        tasks,
        vault: await lookInto(runtime, row, vault),
      };
    }
    row = now;
  }
  throw new Problem({ code: 'busy', retryAfterSeconds: 1 });
}

/** Whether each sealed value opens. Nobody is shown what is in it. */
async function lookInto(runtime: Runtime, row: CaseRow, vault: VaultRow[]): Promise<Evidence['vault']> {
  const person = await findPersonKey(runtime, row.owner).catch(() => undefined);
  const opens = (value: VaultRow) => {
    try {
      return person !== undefined && runtime.vault.openValues(person, [value]) !== undefined;
    } catch {
      return false;
    }
  };
  return vault.map((value) => ({ seq: value.seq, digest: value.digest, opens: opens(value) }));
}
