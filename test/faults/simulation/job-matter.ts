import { assign, cancel, emit, raise, setup } from 'xstate';
import { z } from 'zod';
import { personal } from '../../../src/engine/classify.ts';
import type { EventDefinition, JsonObject, Matter, ProblemKind } from '../../../src/engine/types.ts';
import { defineMatter } from '../../../src/machines/define.ts';
import { outside } from '../../../src/machines/shared/outside.ts';

/** What is outside for it. */
export interface Workshop {
  inspect(): JsonObject | Promise<JsonObject>;
  reserve(): JsonObject;
}

type JobEvent = { at: string } & (
  | { type: 'job.note'; mark: number }
  | { type: 'job.start' | 'job.pause' | 'job.resume' | 'job.snooze' | 'job.withdraw' | 'case.retry' }
  | { type: 'snooze.over' }
);

const machine = setup({
  types: {
    context: {} as { marks: number[]; snoozes: number; place: number | null },
    events: {} as JobEvent,
    emitted: {} as { type: 'problem'; code: string },
  },
  actors: {
    inspect: outside<{ fine: boolean }, { marks: number[] }>(),
    reserve: outside<{ place: number }>(),
  },
  delays: { reminderDue: 30_000, patienceEnds: 4 * 60_000, pauseEnds: 30 * 60_000 },
  guards: {
    hasNotes: ({ context }) => context.marks.length > 0,
    isFine: ({ event }) => 'output' in event && (event.output as JsonObject).fine === true,
    deskTaken: ({ event }) => 'claimTaken' in event,
    deskBusy: ({ event }) => 'limitReached' in event,
    maySnooze: ({ context }) => context.snoozes < 3,
  },
  actions: {
    keepMark: assign({
      marks: ({ context, event }) =>
        event.type === 'job.note' ? [...context.marks, event.mark].slice(-4) : context.marks,
    }),
    countSnooze: assign({ snoozes: ({ context }) => context.snoozes + 1 }),
    /** Work outside. */
    remind: () => {},
    tellResult: () => {},
  },
}).createMachine({
  id: 'job',
  context: { marks: [], snoozes: 0, place: null },
  initial: 'drafting',
  on: { 'job.withdraw': '.withdrawn' },
  states: {
    drafting: {
      on: { 'job.note': { actions: 'keepMark' }, 'job.start': { guard: 'hasNotes', target: 'working' } },
    },
    working: {
      type: 'parallel',
      on: {
        'job.pause': 'paused',
        'job.note': { actions: ['keepMark', emit({ type: 'problem', code: 'noted-late' })] },
      },
      onDone: 'reserving',
      states: {
        inspection: {
          initial: 'running',
          states: {
            running: {
              invoke: {
                id: 'inspect',
                src: 'inspect',
                input: ({ context }) => ({ marks: context.marks }),
                onDone: [
                  { guard: 'isFine', target: 'passed' },
                  { target: 'failed', actions: emit({ type: 'problem', code: 'not-fine' }) },
                ],
                onError: 'failed',
              },
            },
            failed: { on: { 'case.retry': 'running' } },
            passed: { type: 'final' },
          },
        },
        reminder: {
          initial: 'waiting',
          states: {
            waiting: {
              after: { reminderDue: { target: 'reminded', actions: 'remind' } },
              on: { 'snooze.over': { target: 'reminded', actions: 'remind' } },
            },
            reminded: { type: 'final' },
          },
          on: {
            'job.snooze': {
              guard: 'maySnooze',
              actions: [
                'countSnooze',
                raise(({ event }) => ({ type: 'snooze.over', at: event.at }), {
                  id: 'snooze.over',
                  delay: 20_000,
                }),
              ],
            },
          },
        },
        where: { type: 'history', history: 'deep' },
      },
    },
    paused: {
      entry: cancel('snooze.over'),
      after: { pauseEnds: 'withdrawn' },
      on: { 'job.resume': 'working.where' },
    },
    reserving: {
      invoke: {
        id: 'reserve',
        src: 'reserve',
        onDone: [
          { guard: 'deskTaken', target: 'stuck', actions: emit({ type: 'problem', code: 'desk-taken' }) },
          { guard: 'deskBusy', target: 'stuck' },
          { target: 'holding', actions: assign({ place: ({ event }) => event.output.place }) },
        ],
        onError: 'stuck',
      },
    },
    stuck: { on: { 'case.retry': 'reserving' } },
    holding: { after: { patienceEnds: 'finished' } },
    finished: { type: 'final', entry: 'tellResult' },
    withdrawn: { type: 'final', entry: 'tellResult' },
  },
});

const QUICK = { timeoutMs: 5_000, attempts: 3, backoffMs: 500 };
const PATIENT = { timeoutMs: 10_000, attempts: Number.MAX_SAFE_INTEGER, backoffMs: 2_000 };

const mark = z.number().int();
const plain = z.strictObject({ mark });
const note = z.strictObject({ mark, text: personal(z.string().min(1).max(20)) });

/** At so many notes a minute a person is asked to wait. */
const NOTES_A_MINUTE = 2;
const RESERVATIONS_AN_HOUR = 3;

function event(definition: Partial<EventDefinition> = {}): EventDefinition {
  return { title: { zh: '样例', en: 'Sample' }, roles: ['applicant'], forms: [plain], ...definition };
}

function said(en: string): ProblemKind {
  return { status: 409, title: { zh: '样例', en } };
}

/** Made for the simulation: whatever a machine can ask of the engine, close together. Each event carries the mark of its request. */
export function createJobMatter(workshop: Workshop): Matter {
  return defineMatter({
    id: 'job',
    version: '1',
    machine,
    raises: ['snooze.over'],
    catalogue: {
      profession: '',
      kind: '',
      title: { zh: '样例', en: 'Sample' },
      itemCode: '',
      guide: null,
      clauses: [],
      materials: null,
      agreements: [],
      notice: {},
      choices: {},
    },
    events: {
      'job.note': event({
        forms: [note],
        prepare({ caller, tools }) {
          const marked = { scope: 'notes', subject: tools.digestOf('limit', caller.id) };
          const problem = { code: 'too-many-requests' };
          return { limits: [{ ...marked, max: NOTES_A_MINUTE, windowMs: 60_000, problem }], marks: [marked] };
        },
      }),
      'job.start': event(),
      'job.pause': event(),
      'job.resume': event(),
      'job.snooze': event(),
      'job.withdraw': event(),
      'case.retry': event(),
    },
    effects: {
      inspect: {
        ...QUICK,
        output: z.strictObject({ fine: z.boolean() }),
        run: async () => workshop.inspect(),
      },
      reserve: {
        ...QUICK,
        output: z.strictObject({ place: z.number().int(), note: personal(z.string()) }),
        run: async () => workshop.reserve(),
        settle({ output, tools }) {
          const subject = tools.digestOf('desk', JSON.stringify(output.place));
          const marked = { scope: 'reservations', subject };
          const problem = { code: 'too-many-requests' };
          return {
            claim: { scope: 'desk', subject },
            limits: [{ ...marked, max: RESERVATIONS_AN_HOUR, windowMs: 3_600_000, problem }],
            marks: [marked],
          };
        },
      },
    },
    actions: {
      remind: { ...PATIENT, run: async () => {} },
      tellResult: { ...PATIENT, run: async () => {} },
    },
    why: {},
    problems: {
      'noted-late': said('Noted late'),
      'not-fine': said('Not fine'),
      'desk-taken': said('Desk taken'),
    },
    view: ({ state }) => ({ step: null, message: null, data: { marks: state.context.marks ?? [] } }),
  });
}
