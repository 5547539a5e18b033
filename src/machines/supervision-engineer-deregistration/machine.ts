import { assign, emit, setup } from 'xstate';
import { outside } from '../shared/outside.ts';
import {
  faceVerification,
  firstStepsContext,
  identity,
  registration,
  type StepsContext,
  type StepsEvent,
  type StepsProblem,
  stepsActions,
  stepsActors,
  stepsDelays,
  stepsGuards,
} from '../shared/steps/machine.ts';

export const CLAUSES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] as const;
export type Clause = (typeof CLAUSES)[number];
export type Kind = 'normal' | 'forced';

export interface Material {
  id: string;
  material: string;
  digest: string;
  size: number;
  mediaType: string;
  width: number;
  height: number;
}

export interface DeregistrationContext extends StepsContext {
  register: { specialties: string[] };
  ineligible: 'no-valid-entry' | 'already-deregistered' | 'open-elsewhere' | null;
  notice: { clauses: Record<Clause, string | null>; declaredAt: string | null };
  form: {
    kind: Kind | null;
    reason: string | null;
    forcedReason: string | null;
    specialty2: string | null;
    pledge: { version: string; at: string } | null;
  };
  materials: Material[];
  filing: { number: string | null; withdrawalWanted: boolean };
}

type FormFacts = { reason?: string; forcedReason?: string; specialty2?: string };

type DeregistrationEvent =
  | StepsEvent
  | ({ at: string } & (
      | { type: 'notice.acknowledge'; clause: Clause }
      | { type: 'notice.declare' }
      | { type: 'notice.proceed'; kind: Kind }
      | ({ type: 'form.save' } & FormFacts)
      | ({ type: 'form.submit' } & FormFacts)
      | { type: 'form.back' }
      | { type: 'pledge.accept'; pledgeVersion: string }
      | { type: 'material.add'; attachment: Material }
      | { type: 'material.remove'; attachment: string }
      | { type: 'case.withdraw' }
    ));

interface RegisterRead {
  status: 'valid' | 'deregistered' | 'none';
  specialties: string[];
}

interface FilingFacts {
  kind: string;
  reason: string;
  materials: Material[];
}

/** Figure 9 [ours]. */
const MAX_MATERIALS = 9;

const firstContext: DeregistrationContext = {
  ...firstStepsContext,
  register: { specialties: [] },
  ineligible: null,
  notice: { clauses: { c1: null, c2: null, c3: null, c4: null, c5: null, c6: null }, declaredAt: null },
  form: { kind: null, reason: null, forcedReason: null, specialty2: null, pledge: null },
  materials: [],
  filing: { number: null, withdrawalWanted: false },
};

export const machine = setup({
  types: {
    context: {} as DeregistrationContext,
    events: {} as DeregistrationEvent,
    emitted: {} as StepsProblem,
  },
  actors: {
    ...stepsActors,
    readRegister: outside<RegisterRead>(),
    fileDeregistration: outside<{ filingNumber: string }, FilingFacts>(),
  },
  guards: {
    ...stepsGuards,
    /** The register's right of way is held by another open case of the same person. */
    openElsewhere: ({ event }) => 'claimTaken' in event,
    entryValid: ({ event }) => readOutput<RegisterRead>(event)?.status === 'valid',
    entryDeregistered: ({ event }) => readOutput<RegisterRead>(event)?.status === 'deregistered',
    clausesAcknowledged: ({ context }) => CLAUSES.every((clause) => context.notice.clauses[clause] !== null),
    declared: ({ context }) => context.notice.declaredAt !== null,
    declaredAndForced: ({ context, event }) =>
      context.notice.declaredAt !== null && event.type === 'notice.proceed' && event.kind === 'forced',
    normalComplete: ({ context }) => context.form.pledge !== null,
    forcedComplete: ({ context }) => context.form.pledge !== null && context.materials.length > 0,
    roomForMaterial: ({ context }) => context.materials.length < MAX_MATERIALS,
    withdrawalWanted: ({ context }) => context.filing.withdrawalWanted,
    isForced: ({ context }) => context.form.kind === 'forced',
  },
  delays: stepsDelays,
  actions: {
    acknowledge: assign({
      notice: ({ context, event }) =>
        event.type === 'notice.acknowledge'
          ? withClause(context.notice, event.clause, event.at)
          : context.notice,
    }),
    declare: assign({
      notice: ({ context, event }) => ({
        ...context.notice,
        declaredAt: context.notice.declaredAt ?? ('at' in event ? event.at : null),
      }),
    }),
    chooseNormal: assign({
      form: ({ context }) => ({ ...context.form, kind: 'normal' as const, forcedReason: null }),
      materials: [],
    }),
    chooseForced: assign({
      form: ({ context }) => ({ ...context.form, kind: 'forced' as const, reason: null }),
    }),
    keepForm: assign({
      form: ({ context, event }) =>
        event.type === 'form.save' || event.type === 'form.submit'
          ? withFacts(context.form, event)
          : context.form,
    }),
    acceptPledge: assign({
      form: ({ context, event }) =>
        event.type === 'pledge.accept'
          ? { ...context.form, pledge: { version: event.pledgeVersion, at: event.at } }
          : context.form,
    }),
    addMaterial: assign({
      materials: ({ context, event }) =>
        event.type === 'material.add' ? withMaterial(context.materials, event.attachment) : context.materials,
    }),
    removeMaterial: assign({
      materials: ({ context, event }) =>
        event.type === 'material.remove'
          ? context.materials.filter((material) => material.id !== event.attachment)
          : context.materials,
    }),
    keepRegister: assign({
      register: ({ context, event }) => ({
        specialties: readOutput<RegisterRead>(event)?.specialties ?? context.register.specialties,
      }),
    }),
    keepFiling: assign({
      filing: ({ context, event }) => ({
        ...context.filing,
        number: readOutput<{ filingNumber: string }>(event)?.filingNumber ?? context.filing.number,
      }),
    }),
    wantWithdrawal: assign({ filing: ({ context }) => ({ ...context.filing, withdrawalWanted: true }) }),
    notInRegister: assign({ ineligible: 'no-valid-entry' }),
    alreadyDeregistered: assign({ ineligible: 'already-deregistered' }),
    openElsewhere: assign({ ineligible: 'open-elsewhere' }),
    /** Work outside, done after the entry is written: a forced case does not wait for the enterprise, which is told. */
    tellEnterprise: () => {},
    /** Work outside: a filing that may have reached the authority is taken back. */
    withdrawFiling: () => {},
  },
})
  .createMachine({
    id: 'supervision-engineer-deregistration',
    context: firstContext,
    initial: 'identity',
    on: { 'case.withdraw': '.withdrawn' },
    states: {
      // Figure 5
      identity,
      // Figure 6
      registration,
      // Figure 7
      faceVerification,

      // The engineer's register says whether there is anything to deregister.
      eligibility: {
        id: 'eligibility',
        initial: 'checking',
        states: {
          checking: {
            meta: { message: 'face-passed', shows: ['person'] },
            invoke: {
              id: 'readRegister',
              src: 'readRegister',
              onDone: [
                {
                  guard: 'openElsewhere',
                  target: '#notEligible',
                  actions: ['openElsewhere', emit({ type: 'problem', code: 'case-open-already' })],
                },
                {
                  guard: 'entryValid',
                  target: '#notice',
                  actions: 'keepRegister',
                },
                {
                  guard: 'entryDeregistered',
                  target: '#notEligible',
                  actions: 'alreadyDeregistered',
                },
                { target: '#notEligible', actions: 'notInRegister' },
              ],
              onError: 'unavailable',
            },
          },
          unavailable: {
            meta: { message: 'service-busy', shows: ['person'] },
            on: { 'case.retry': 'checking' },
          },
        },
      },

      // Figure 8, step 1 of 3
      notice: {
        id: 'notice',
        initial: 'reading',
        states: {
          reading: {
            meta: { step: 1, shows: ['person', 'notice'] },
            on: {
              'notice.acknowledge': { actions: 'acknowledge' },
              'notice.declare': { guard: 'clausesAcknowledged', actions: 'declare' },
              'notice.proceed': [
                { guard: 'declaredAndForced', target: '#form.forced', actions: 'chooseForced' },
                { guard: 'declared', target: '#form.normal', actions: 'chooseNormal' },
              ],
            },
          },
        },
      },

      // Figure 9, step 2 of 3
      form: {
        id: 'form',
        initial: 'normal',
        on: {
          'form.save': { actions: 'keepForm' },
          'form.back': '#notice',
          'pledge.accept': { actions: 'acceptPledge' },
        },
        states: {
          // Figure 9-1
          normal: {
            meta: { step: 2, shows: ['person', 'register', 'form'] },
            on: { 'form.submit': { guard: 'normalComplete', target: '#submitting', actions: 'keepForm' } },
          },
          // Figure 9-2
          forced: {
            meta: { step: 2, shows: ['person', 'register', 'form', 'materials'] },
            on: {
              'material.add': { guard: 'roomForMaterial', actions: 'addMaterial' },
              'material.remove': { actions: 'removeMaterial' },
              'form.submit': { guard: 'forcedComplete', target: '#submitting', actions: 'keepForm' },
            },
          },
        },
      },

      submitting: {
        id: 'submitting',
        meta: { step: 2, shows: ['person', 'register', 'form', 'materials'] },
        // A filing that is on its way cannot be called back: it is taken back once it has arrived.
        on: { 'case.withdraw': { actions: 'wantWithdrawal' } },
        invoke: {
          id: 'fileDeregistration',
          src: 'fileDeregistration',
          input: ({ context }) => ({
            kind: context.form.kind ?? '',
            reason: context.form.reason ?? context.form.forcedReason ?? '',
            materials: context.materials,
          }),
          onDone: [
            { guard: 'withdrawalWanted', target: '#withdrawn', actions: ['keepFiling', 'withdrawFiling'] },
            { guard: 'isForced', target: '#submitted.received', actions: ['keepFiling', 'tellEnterprise'] },
            { target: '#submitted.awaitingEnterprise', actions: 'keepFiling' },
          ],
          onError: [
            { guard: 'withdrawalWanted', target: '#withdrawn', actions: 'withdrawFiling' },
            { target: 'submissionFailed' },
          ],
        },
      },
      submissionFailed: {
        meta: { step: 2, message: 'service-busy', shows: ['person', 'register', 'form', 'materials'] },
        on: {
          'case.retry': 'submitting',
          'case.withdraw': { target: '#withdrawn', actions: 'withdrawFiling' },
        },
      },

      // Figure 10, step 3 of 3: the applicant's part is done, the authority's begins
      submitted: {
        id: 'submitted',
        initial: 'awaitingEnterprise',
        meta: { step: 3, message: 'submitted', shows: ['person', 'register', 'form', 'materials', 'filing'] },
        on: { 'case.withdraw': { target: '#withdrawn', actions: 'withdrawFiling' } },
        states: {
          awaitingEnterprise: {},
          received: {},
        },
      },

      notEligible: { id: 'notEligible', type: 'final', meta: { message: 'not-eligible', shows: ['person'] } },
      withdrawn: { id: 'withdrawn', type: 'final', meta: { message: 'withdrawn' } },
    },
  })
  .provide({ actions: stepsActions });

/** A named action sees every event of the machine: XState does not tell it which effect's result brought it here. */
function readOutput<Output>(event: object): Output | undefined {
  return 'output' in event ? (event.output as Output) : undefined;
}

/** The first tick of a clause is the one that counts. */
function withClause(
  notice: DeregistrationContext['notice'],
  clause: Clause,
  at: string,
): DeregistrationContext['notice'] {
  return { ...notice, clauses: { ...notice.clauses, [clause]: notice.clauses[clause] ?? at } };
}

/** A draft keeps what it had where nothing new is said. */
function withFacts(form: DeregistrationContext['form'], facts: FormFacts): DeregistrationContext['form'] {
  return {
    ...form,
    reason: facts.reason ?? form.reason,
    forcedReason: facts.forcedReason ?? form.forcedReason,
    specialty2: facts.specialty2 ?? form.specialty2,
  };
}

/** The same file twice is one file. */
function withMaterial(materials: Material[], added: Material): Material[] {
  return [...materials.filter((material) => material.id !== added.id), added];
}
