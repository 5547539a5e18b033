import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { chartOf } from '../../chart/chart.ts';
import type { FailureCount, ReachedCount } from '../../db/store.ts';
import type { Runtime } from '../../engine/runtime.ts';
import { callerAs } from '../auth.ts';
import { overviewSchema } from '../schemas.ts';
import type { HttpContext } from '../services.ts';

type Stage = 'under-way' | 'submitted' | 'ended';

const DAY_MS = 86_400_000;
const DAYS = 30;
const OLDEST = 20;

/** The service seen as a whole: counts, and the ids of cases that wait for something. */
export function overviewRoutes({ runtime }: HttpContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', async (request) => void callerAs(request, 'auditor'));
    app.get(
      '/v1/audit/overview',
      {
        config: { problems: ['forbidden', 'form-invalid'] },
        schema: {
          tags: ['audit'],
          summary:
            'Cases opened and submitted day by day, where they stand and for how long, what fails and waits',
          querystring: z.strictObject({
            days: z
              .string()
              .regex(/^(?:[1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])$/)
              .optional()
              .describe(`So many days up to now, 1 to 366; ${DAYS} when left out`),
          }),
          response: { 200: overviewSchema },
        },
      },
      async ({ query }, reply) => reply.send(await overlook(runtime, Number(query.days ?? DAYS))),
    );
  };
}

async function overlook(runtime: Runtime, days: number): Promise<z.input<typeof overviewSchema>> {
  const { store, clock } = runtime;
  const now = clock.now();
  const at = new Date(now).toISOString();
  const period = { from: firstOf(now, days), to: new Date(now + 1).toISOString() };
  const reached = await store.countReached(period);
  const standing = await store.countStanding(at);
  const oldest = await store.listOldestWork(OLDEST);
  return {
    at,
    ...period,
    opened: await store.countOpened(period),
    reached: addUp(reached, runtime),
    standing: standing.map((each) => ({ ...each, stage: stageOf(runtime, each) })),
    failures: (await store.countFailures(period)).map(describeFailure),
    work: await store.countWork(),
    oldest: oldest.map(({ caseId, name, kind, attempts, dueAt }) => {
      return { case: caseId, name, kind: kind === 'action' ? kind : 'effect', attempts, since: dueAt };
    }),
  };
}

/** The first moment, in China, of the first of so many days. */
function firstOf(now: number, days: number): string {
  const ahead = 8 * 3_600_000;
  const today = Math.floor((now + ahead) / DAY_MS) * DAY_MS - ahead;
  return new Date(today - (days - 1) * DAY_MS).toISOString();
}

function addUp(counts: ReachedCount[], runtime: Runtime) {
  const sums = new Map<string, { day: string; stage: Stage; cases: number }>();
  for (const { day, cases, ...where } of counts) {
    const stage = stageOf(runtime, where);
    const sum = sums.get(`${day} ${stage}`) ?? { day, stage, cases: 0 };
    sum.cases += cases;
    sums.set(`${day} ${stage}`, sum);
  }
  return [...sums.values()];
}

/** Submitted is what stands at the last step of the stepper; a machine's last word ends it. */
function stageOf({ matters }: Runtime, { matter, states }: Pick<ReachedCount, 'matter' | 'states'>): Stage {
  const machine = matters.get(matter)?.machine;
  if (!machine) return 'under-way';
  const { nodes } = chartOf(machine);
  const last = Math.max(...nodes.map(({ meta }) => stepIn(meta)));
  const around = nodes.filter(({ id }) => states.some((leaf) => leaf === id || leaf.startsWith(`${id}.`)));
  if (around.some(({ type, parent }) => type === 'final' && parent === '')) return 'ended';
  return last > 0 && around.some(({ meta }) => stepIn(meta) === last) ? 'submitted' : 'under-way';
}

function stepIn(meta: Record<string, unknown> | undefined): number {
  return typeof meta?.step === 'number' ? meta.step : 0;
}

function describeFailure({ day, type, code, times }: FailureCount) {
  return { day, effect: type.slice('xstate.error.actor.'.length), code, times };
}
