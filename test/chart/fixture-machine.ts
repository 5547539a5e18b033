import { assign, fromPromise, setup } from 'xstate';

const work = fromPromise(async () => ({ found: true }));

/** A deregistration as the HTTP contract tells it: nested, parallel, with history, timers, effects and inner events. */
export const fixtureMachine = setup({
  types: { context: {} as { attempts: number; clauses: string[] }, events: {} as { type: string } },
  actors: {
    lookUp: work,
    sendCode: work,
    createAccount: work,
    startFace: work,
    checkFace: work,
    readRegister: work,
    file: work,
  },
  guards: {
    found: () => true,
    attemptsLeft: (_args, _params: { max: number }) => true,
    registered: () => true,
    allClausesRead: () => true,
    isForced: () => true,
    codeSent: () => true,
  },
  actions: { tick: () => {}, keepDraft: () => {}, notify: () => {}, tellRegion: () => {} },
  delays: { resendAfter: 60_000, faceExpires: 300_000 },
}).createMachine({
  id: 'deregistration',
  context: { attempts: 0, clauses: [] },
  initial: 'identity',
  on: { 'case.withdraw': { target: '.withdrawn', actions: 'notify' } },
  states: {
    identity: {
      initial: 'entering',
      meta: { step: 1 },
      states: {
        entering: { on: { 'identity.submit': 'checking' } },
        checking: {
          tags: ['busy'],
          invoke: {
            src: 'lookUp',
            onDone: [{ guard: 'found', target: '#deregistration.faceVerification' }, { target: 'notFound' }],
            onError: 'unavailable',
          },
        },
        notFound: {
          on: { 'registration.begin': '#deregistration.registration', 'identity.retry': 'entering' },
        },
        unavailable: { on: { 'identity.retry': 'checking' }, after: { 30000: 'checking' } },
      },
    },
    registration: {
      type: 'parallel',
      onDone: 'faceVerification',
      states: {
        form: {
          initial: 'filling',
          states: {
            filling: { on: { 'registration.submit': { guard: 'codeSent', target: 'creating' } } },
            creating: {
              tags: ['busy'],
              invoke: { src: 'createAccount', id: 'creation', onDone: 'created', onError: 'filling' },
            },
            created: { type: 'final' },
          },
        },
        smsCode: {
          initial: 'none',
          on: { 'registration.submit': { guard: 'codeSent', target: '.used' } },
          states: {
            none: { on: { 'sms.request': 'sending' } },
            sending: { tags: ['busy'], invoke: { src: 'sendCode', onDone: 'sent', onError: 'none' } },
            sent: { after: { resendAfter: 'none' } },
            used: { type: 'final' },
          },
        },
      },
    },
    faceVerification: {
      initial: 'consenting',
      states: {
        consenting: { on: { 'face.begin': 'starting' } },
        starting: { invoke: { src: 'startFace', onDone: 'capturing', onError: 'failed' } },
        capturing: { on: { 'face.finish': 'checking' }, after: { faceExpires: 'failed' } },
        checking: {
          invoke: {
            src: 'checkFace',
            onDone: [{ guard: 'found', target: '#deregistration.eligibility' }, { target: 'failed' }],
            onError: {
              target: 'failed',
              actions: assign({ attempts: ({ context }) => context.attempts + 1 }),
            },
          },
        },
        failed: {
          always: { guard: ({ context }) => context.attempts > 4, target: 'locked' },
          on: { 'face.begin': { guard: { type: 'attemptsLeft', params: { max: 5 } }, target: 'starting' } },
        },
        locked: { after: { 86400000: 'consenting' } },
      },
    },
    eligibility: {
      initial: 'checking',
      states: {
        checking: {
          invoke: {
            src: 'readRegister',
            onDone: [
              { guard: 'registered', target: '#deregistration.notice' },
              { target: '#deregistration.notEligible' },
            ],
            onError: 'unavailable',
          },
        },
        unavailable: { on: { 'eligibility.retry': 'checking' } },
      },
    },
    notice: {
      initial: 'reading',
      states: {
        reading: {
          on: {
            'notice.acknowledge': { actions: 'tick' },
            'notice.declare': { guard: 'allClausesRead', target: 'declared' },
          },
        },
        declared: {
          on: {
            'notice.proceed': [
              { guard: 'isForced', target: '#deregistration.form.forced' },
              { target: '#deregistration.form.normal' },
            ],
          },
        },
      },
    },
    form: {
      initial: 'normal',
      on: {
        'form.save': { actions: ['keepDraft'] },
        'form.back': 'notice',
        'pledge.accept': { actions: { type: 'tellRegion', params: { level: 2 } } },
        'form.submit': 'submitting',
      },
      states: {
        normal: {},
        forced: {},
        asLeft: { type: 'history', history: 'deep', target: 'normal' },
      },
    },
    submitting: { invoke: { src: 'file', onDone: 'submitted', onError: 'form.asLeft' } },
    submitted: { type: 'final' },
    notEligible: { type: 'final' },
    withdrawn: { type: 'final' },
  },
});
