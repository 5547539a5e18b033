import { assign, fromPromise, setup } from 'xstate';
import { z } from 'zod';
import { personal } from '../../src/engine/classify.ts';
import type { EffectInput, Matter } from '../../src/engine/types.ts';

/** What the effect does; a test may change it. */
export interface Outside {
  check(input: EffectInput): Promise<{ fine: boolean }>;
}

interface Context {
  colour: string | null;
}
type Event = { at: string } & (
  | { type: 'note.send'; colour: string }
  | { type: 'note.close' }
  | { type: 'note.stamp' }
);

const form = z.strictObject({
  text: personal(z.string().min(1).max(50)),
  colour: z.enum(['red', 'blue']),
});
const nothing = z.strictObject({});

/** The least that has everything: a form with a personal value and a fact, an effect, a timer, a role. */
export function smallMatter(outside: Outside = { check: async () => ({ fine: true }) }): Matter {
  const machine = setup({
    types: { context: {} as Context, events: {} as Event, emitted: {} as { type: 'problem'; code: string } },
    actors: { check: fromPromise<{ fine: boolean }>(async () => ({ fine: true })) },
    delays: { noteExpires: 60_000 },
    guards: { isRed: ({ context }) => context.colour === 'red' },
    actions: {
      keep: assign({
        colour: ({ context, event }) => (event.type === 'note.send' ? event.colour : context.colour),
      }),
    },
  }).createMachine({
    id: 'small',
    context: { colour: null },
    initial: 'writing',
    states: {
      writing: { on: { 'note.send': { target: 'checking', actions: 'keep' } } },
      checking: { invoke: { id: 'check', src: 'check', onDone: 'sent', onError: 'writing' } },
      sent: {
        after: { noteExpires: 'expired' },
        on: { 'note.close': { guard: 'isRed', target: 'closed' }, 'note.stamp': 'closed' },
      },
      closed: { type: 'final' },
      expired: { type: 'final' },
    },
  });
  return {
    id: 'small',
    version: '1',
    machine,
    catalogue: {
      profession: 'constructor',
      kind: 'small',
      title: { zh: '小事项', en: 'A small matter' },
      itemCode: 'SMALL-1',
      guide: [{ label: { zh: '办理', en: 'How' } }],
      clauses: [],
      materials: [],
      agreements: [],
      notice: {},
      choices: {},
    },
    raises: [],
    events: {
      'note.send': { title: { zh: '发送', en: 'Send' }, roles: ['applicant'], forms: [form] },
      'note.close': { title: { zh: '关闭', en: 'Close' }, roles: ['applicant'], forms: [nothing] },
      'note.stamp': { title: { zh: '盖章', en: 'Stamp' }, roles: ['officer'], forms: [nothing] },
    },
    effects: {
      check: {
        timeoutMs: 5_000,
        attempts: 2,
        backoffMs: 1_000,
        output: z.strictObject({ fine: z.boolean() }),
        run: (input) => outside.check(input),
      },
    },
    actions: {},
    why: { isRed: () => ({ code: 'not-red' }) },
    problems: {
      'not-red': { status: 409, title: { zh: '只有红色可以关闭', en: 'Only a red note can be closed.' } },
    },
    view: ({ state, personal: values }) => ({
      step: null,
      message: null,
      data: {
        colour: (state.context.colour as string | null) ?? null,
        text: (values.text ?? '').slice(0, 1),
      },
    }),
  };
}
