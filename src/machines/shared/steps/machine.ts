import { assign, cancel, emit, raise, setup } from 'xstate';
import { startOfNextDayInChina, todayInChina } from '../dates.ts';
import { outside } from '../outside.ts';

/** What the steps before a matter's own form remember. JSON only; no personal value ever. */
export interface StepsContext {
  sms: {
    sentKey: string | null;
    wrongTries: number;
    paused: boolean;
    usable: 'none' | 'yes' | 'expired' | 'used';
  };
  registration: {
    agreements: { id: string; version: string }[];
    acceptedAt: string | null;
    unusualPeriod: boolean;
  };
  face: {
    consent: { version: string; at: string; channel: string } | null;
    failures: number;
    day: string | null;
    locked: boolean;
    /** When the provider's token ends. */
    expiresAt: string | null;
    failure: 'mismatch' | 'unavailable' | 'expired' | 'unfinished' | null;
  };
}

export const firstStepsContext: StepsContext = {
  sms: { sentKey: null, wrongTries: 0, paused: false, usable: 'none' },
  registration: { agreements: [], acceptedAt: null, unusualPeriod: false },
  face: { consent: null, failures: 0, day: null, locked: false, expiresAt: null, failure: null },
};

/** Events of the shared steps, as the machine sees them: facts and the time they were stamped with. */
export type StepsEvent = { at: string } & (
  | { type: 'identity.submit' }
  | { type: 'identity.retry' }
  | { type: 'registration.begin' }
  | { type: 'sms.request' }
  | { type: 'sms.begin' }
  | { type: 'sms.resume' }
  | {
      type: 'registration.submit';
      smsCode: 'right' | 'wrong';
      agreements: { id: string; version: string }[];
      unusualPeriod: boolean;
    }
  | { type: 'face.begin'; consentVersion: string; channel: string }
  | { type: 'face.finish' }
  | { type: 'case.retry' }
);

/** What the caller is told although the event was taken; `pointer` names the field it is about. */
export type StepsProblem = { type: 'problem'; code: string; pointer?: string };

/** What the machine says to itself: nobody else may. */
export const stepsRaises = ['sms.begin', 'sms.resume'];

/** Figure 6 [ours]. */
const SMS_CODE_LIVES_MS = 5 * 60_000;
const SMS_PAUSE_MS = 60_000;
const SMS_WRONG_TRIES = 5;
/** Figure 7 [ours]: failures a day before the step is locked until the next. */
export const FACE_FAILURES_A_DAY = 5;
/** A provider that says nothing of its token's end. */
const FACE_TOKEN_LIVES_MS = 10 * 60_000;

const typed = setup({
  types: {
    context: {} as StepsContext,
    events: {} as StepsEvent,
    emitted: {} as StepsProblem,
  },
});

interface Given {
  context: StepsContext;
  event: {
    type: string;
    smsCode?: string;
    output?: { registered?: boolean; created?: boolean; outcome?: string };
  };
}

/**
 * XState types a state and an action by the machine they were written for, down to its actor ref. These fit every
 * machine whose context and events include the ones above, which its types cannot say: `never` fits everywhere.
 */
function shareable(part: object): never {
  return part as never;
}

export const stepsActors = {
  findPerson: outside<{ registered: boolean }>(),
  sendCode: outside<{ sentKey: string }>(),
  createAccount: outside<{ created: boolean }>(),
  startFace: outside<{ expiresAt: string }>(),
  checkFace: outside<{ outcome: 'pass' | 'mismatch' | 'unfinished' }>(),
};

export const stepsGuards = {
  isRegistered: ({ event }: Given) => event.output?.registered === true,
  isCreated: ({ event }: Given) => event.output?.created === true,
  facePassed: ({ event }: Given) => event.output?.outcome === 'pass',
  faceUnfinished: ({ event }: Given) => event.output?.outcome === 'unfinished',
  mayRequestCode: ({ context }: Given) => !context.sms.paused,
  /** The edge compares the code; whether there is one to compare is the machine's own knowledge. */
  codeRight: ({ context, event }: Given) => context.sms.usable === 'yes' && event.smsCode === 'right',
  lastWrongTry: ({ context }: Given) => context.sms.wrongTries >= SMS_WRONG_TRIES - 1,
  /** Failures of the same person in other cases count too; a pass after them does not. */
  tooManyFailures: ({ event }: Given) => 'limitReached' in event,
  faceUnlocked: ({ context }: Given) => !context.face.locked,
  lastFaceFailure: ({ context, event }: Given) =>
    failuresOn(context.face, timeOf(event)) >= FACE_FAILURES_A_DAY - 1,
};

export const stepsDelays = {
  smsCodeExpires: SMS_CODE_LIVES_MS,
  /** Until the token's own end, however often the person comes back to it. */
  faceTokenExpires: ({ context, event }: Given) => {
    const left = Date.parse(context.face.expiresAt ?? '') - Date.parse(timeOf(event));
    return Number.isNaN(left) ? FACE_TOKEN_LIVES_MS : Math.max(0, left);
  },
  /** 5 failures lock the step until the next day in China. */
  faceLockEnds: ({ event }: Given) => {
    const at = timeOf(event);
    return Date.parse(startOfNextDayInChina(at)) - Date.parse(at);
  },
};

const actions = {
  pauseSms: typed.assign({ sms: ({ context }) => ({ ...context.sms, paused: true }) }),
  resumeSms: typed.assign({ sms: ({ context }) => ({ ...context.sms, paused: false }) }),
  forgetCode: typed.assign({
    sms: ({ context }) => ({ ...context.sms, sentKey: null, wrongTries: 0, usable: 'none' as const }),
  }),
  codeExpired: typed.assign({ sms: ({ context }) => ({ ...context.sms, usable: 'expired' as const }) }),
  codeUsed: typed.assign({ sms: ({ context }) => ({ ...context.sms, usable: 'used' as const }) }),
  countWrongCode: typed.assign({
    sms: ({ context }) => ({ ...context.sms, wrongTries: context.sms.wrongTries + 1 }),
  }),
  keepAgreements: typed.assign({
    registration: ({ context, event }) =>
      event.type === 'registration.submit'
        ? { agreements: event.agreements, acceptedAt: event.at, unusualPeriod: event.unusualPeriod }
        : context.registration,
  }),
  keepConsent: typed.assign({
    face: ({ context, event }) =>
      event.type === 'face.begin'
        ? {
            ...context.face,
            consent: { version: event.consentVersion, at: event.at, channel: event.channel },
          }
        : context.face,
  }),
  countFaceFailure: typed.assign({
    face: ({ context, event }) => ({
      ...context.face,
      failures: failuresOn(context.face, timeOf(event)) + 1,
      day: todayInChina(timeOf(event)),
      failure: 'mismatch' as const,
    }),
  }),
  faceUnavailable: typed.assign({
    face: ({ context }) => ({ ...context.face, failure: 'unavailable' as const }),
  }),
  faceExpired: typed.assign({ face: ({ context }) => ({ ...context.face, failure: 'expired' as const }) }),
  faceUnfinished: typed.assign({
    face: ({ context }) => ({ ...context.face, failure: 'unfinished' as const }),
  }),
  faceClear: typed.assign({ face: ({ context }) => ({ ...context.face, failure: null }) }),
  lockFace: typed.assign({ face: ({ context }) => ({ ...context.face, locked: true }) }),
  /** A new day, all its tries. */
  unlockFace: typed.assign({
    face: ({ context }) => ({ ...context.face, locked: false, failures: 0 }),
  }),
};

const stepsSetup = setup({
  types: {
    context: {} as StepsContext,
    events: {} as StepsEvent,
    emitted: {} as StepsProblem,
  },
  actors: stepsActors,
  guards: stepsGuards,
  delays: stepsDelays,
  actions,
});

export const stepsActions = shareable(actions);

/** The time an event was stamped with. Results of effects carry it too, although XState's types do not say so. */
function timeOf(event: object): string {
  if ('at' in event && typeof event.at === 'string') return event.at;
  throw new Error('an event without a time');
}

/** Yesterday's failures do not count today. */
function failuresOn(face: StepsContext['face'], at: string): number {
  return face.day === todayInChina(at) ? face.failures : 0;
}

/** How many tries are left on the day of the last failure. */
export function faceAttemptsLeft(face: StepsContext['face']): number {
  return FACE_FAILURES_A_DAY - face.failures;
}

/** Figure 5: name and ID number. A known number under another name gets the same answer as an unknown one. */
const identityState = stepsSetup.createStateConfig({
  id: 'identity',
  initial: 'entering',
  // The pause goes on when the registration is left, or leaving it would be a way around it.
  on: { 'sms.resume': { actions: 'resumeSms' } },
  states: {
    entering: {
      on: { 'identity.submit': 'checking' },
    },
    checking: {
      meta: { shows: ['person'] },
      invoke: {
        id: 'findPerson',
        src: 'findPerson',
        onDone: [{ guard: 'isRegistered', target: '#faceVerification' }, { target: 'notFound' }],
        onError: 'unavailable',
      },
    },
    notFound: {
      meta: { message: 'person-not-found', shows: ['person'] },
      on: { 'registration.begin': '#registration', 'identity.retry': 'entering' },
    },
    unavailable: {
      meta: { message: 'service-busy', shows: ['person'] },
      on: { 'case.retry': 'checking', 'identity.retry': 'entering' },
    },
  },
});

/** Figure 6: the form, and beside it the code that proves the mobile number. */
const registrationState = stepsSetup.createStateConfig({
  id: 'registration',
  type: 'parallel',
  // A code of an earlier visit must not outlive the timer that would have ended it.
  entry: 'forgetCode',
  on: {
    'sms.resume': { actions: 'resumeSms' },
  },
  states: {
    form: {
      initial: 'filling',
      states: {
        filling: {
          meta: { shows: ['person', 'registration'] },
          on: {
            'identity.retry': '#identity',
            'sms.request': {
              guard: 'mayRequestCode',
              actions: raise(({ event }) => ({ type: 'sms.begin', at: event.at })),
            },
            'registration.submit': [
              { guard: 'codeRight', target: 'creating', actions: 'keepAgreements' },
              {
                actions: [
                  'countWrongCode',
                  emit({ type: 'problem', code: 'sms-code-wrong', pointer: '/smsCode' }),
                ],
              },
            ],
          },
        },
        creating: {
          meta: { shows: ['person', 'registration'] },
          invoke: {
            id: 'createAccount',
            src: 'createAccount',
            onDone: [
              {
                guard: 'isCreated',
                target: '#faceVerification',
                actions: cancel('sms.resume'),
              },
              { target: 'filling', actions: emit({ type: 'problem', code: 'already-registered' }) },
            ],
            onError: 'unavailable',
          },
        },
        unavailable: {
          meta: { message: 'service-busy', shows: ['person', 'registration'] },
          on: { 'case.retry': 'creating', 'identity.retry': '#identity' },
        },
      },
    },
    smsCode: {
      initial: 'none',
      on: {
        // The button stands in the form: while an account is being made there is none.
        'sms.begin': {
          target: '.sending',
          actions: [
            'pauseSms',
            'forgetCode',
            raise(({ event }) => ({ type: 'sms.resume', at: event.at }), {
              id: 'sms.resume',
              delay: SMS_PAUSE_MS,
            }),
          ],
        },
      },
      states: {
        none: {},
        sending: {
          invoke: {
            id: 'sendCode',
            src: 'sendCode',
            onDone: {
              target: 'sent',
              actions: assign({
                sms: ({ context, event }) => ({
                  ...context.sms,
                  sentKey: event.output.sentKey,
                  wrongTries: 0,
                  usable: 'yes' as const,
                }),
              }),
            },
            // Nothing was sent, so there is nothing to wait for.
            onError: { target: 'failed', actions: ['resumeSms', cancel('sms.resume')] },
          },
        },
        sent: {
          meta: { message: 'sms-sent' },
          after: { smsCodeExpires: 'expired' },
          on: {
            'registration.submit': [
              { guard: 'codeRight', target: 'used' },
              { guard: 'lastWrongTry', target: 'used' },
            ],
          },
        },
        expired: { entry: 'codeExpired' },
        used: { entry: 'codeUsed' },
        failed: { meta: { message: 'sms-failed' } },
      },
    },
  },
});

/** Figure 7: a consent of its own, then the provider's word and nobody else's. */
const faceVerificationState = stepsSetup.createStateConfig({
  id: 'faceVerification',
  initial: 'consenting',
  states: {
    consenting: {
      meta: { shows: ['person', 'consent'] },
      on: { 'face.begin': { target: 'starting', actions: 'keepConsent' } },
    },
    starting: {
      meta: { shows: ['person'] },
      invoke: {
        id: 'startFace',
        src: 'startFace',
        onDone: {
          target: 'capturing',
          actions: [
            'faceClear',
            assign({
              face: ({ context, event }) => ({ ...context.face, expiresAt: event.output.expiresAt }),
            }),
          ],
        },
        onError: { target: 'failed', actions: 'faceUnavailable' },
      },
    },
    capturing: {
      meta: { message: 'face-capturing', shows: ['person', 'faceSession'] },
      after: { faceTokenExpires: { target: 'failed', actions: 'faceExpired' } },
      on: { 'face.finish': 'checking' },
    },
    checking: {
      meta: { shows: ['person'] },
      invoke: {
        id: 'checkFace',
        src: 'checkFace',
        onDone: [
          { guard: 'tooManyFailures', target: 'locked' },
          {
            guard: 'facePassed',
            target: '#eligibility',
            actions: 'faceClear',
          },
          {
            guard: 'faceUnfinished',
            target: 'capturing',
            actions: 'faceUnfinished',
          },
          { guard: 'lastFaceFailure', target: 'locked', actions: 'countFaceFailure' },
          { target: 'failed', actions: 'countFaceFailure' },
        ],
        onError: { target: 'failed', actions: 'faceUnavailable' },
      },
    },
    failed: {
      meta: { message: 'face-failed', shows: ['person', 'consent', 'faceAttempts'] },
      on: { 'face.begin': { target: 'starting', actions: 'keepConsent' } },
    },
    locked: {
      entry: 'lockFace',
      exit: 'unlockFace',
      meta: { message: 'face-locked', shows: ['person', 'faceAttempts'] },
      after: { faceLockEnds: 'consenting' },
      on: { 'face.begin': { guard: 'faceUnlocked', target: 'starting' } },
    },
  },
});

export const identity = shareable(identityState);
export const registration = shareable(registrationState);
export const faceVerification = shareable(faceVerificationState);
