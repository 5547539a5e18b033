import { ProviderDown } from '../../src/providers/types.ts';
import { type Applicant, registrationOf, type Walker } from '../applicant.ts';
import type { TestApp } from '../helpers.ts';

/** Where in a case a provider's method is called, and what the case says before, during and after it. */
export interface Place {
  method: string;
  registered: boolean;
  kind?: 'normal' | 'forced';
  /** The state a person has come to. */
  from: string;
  /** What makes the call. */
  send(by: Applicant, id: string, who: Walker, kit: TestApp): Promise<{ status: number; states: string[] }>;
  /** The state that waits for the answer; undefined where nobody waits. */
  waits: string | undefined;
  /** The state with a right answer. */
  done: string;
  /** The state without one, and the event that tries again. */
  failed: string;
  again: string;
}

const NOW = { prefer: 'wait=0' };

async function sent(
  by: Applicant,
  id: string,
  event: string,
  body: object,
): Promise<{ status: number; states: string[] }> {
  const answer = await by.send(id, event, body, NOW);
  return { status: answer.status, states: answer.body.states };
}

const finishFace: Place['send'] = async (by, id, _who, kit) => {
  const { token } = (await by.ask('GET', `/v1/cases/${id}`)).body.data.face;
  kit.simulator.control.setFaceOutcome(token, 'pass');
  return sent(by, id, 'face.finish', { token });
};

export const places: Place[] = [
  {
    method: 'people.find',
    registered: true,
    from: 'identity.entering',
    send: (by, id, { name, idNumber }) => sent(by, id, 'identity.submit', { name, idNumber }),
    waits: 'identity.checking',
    done: 'faceVerification.consenting',
    failed: 'identity.unavailable',
    again: 'case.retry',
  },
  {
    method: 'sms.send',
    registered: false,
    from: 'registration.form.filling',
    send: (by, id, { mobile }) => sent(by, id, 'sms.request', { mobile }),
    waits: 'registration.smsCode.sending',
    done: 'registration.smsCode.sent',
    failed: 'registration.smsCode.failed',
    again: 'sms.request',
  },
  {
    method: 'people.register',
    registered: false,
    from: 'registration.smsCode.sent',
    send: (by, id, { mobile }, kit) =>
      sent(by, id, 'registration.submit', registrationOf(kit.simulator.control, mobile)),
    waits: 'registration.form.creating',
    done: 'faceVerification.consenting',
    failed: 'registration.form.unavailable',
    again: 'case.retry',
  },
  {
    method: 'faces.start',
    registered: true,
    from: 'faceVerification.consenting',
    send: (by, id) => sent(by, id, 'face.begin', { consent: true }),
    waits: 'faceVerification.starting',
    done: 'faceVerification.capturing',
    failed: 'faceVerification.failed',
    again: 'face.begin',
  },
  {
    method: 'faces.check',
    registered: true,
    from: 'faceVerification.capturing',
    send: finishFace,
    waits: 'faceVerification.checking',
    done: 'notice.reading',
    failed: 'faceVerification.failed',
    again: 'face.begin',
  },
  {
    method: 'register.read',
    registered: true,
    from: 'faceVerification.capturing',
    send: finishFace,
    waits: 'eligibility.checking',
    done: 'notice.reading',
    failed: 'eligibility.unavailable',
    again: 'case.retry',
  },
  {
    method: 'register.file',
    registered: true,
    from: 'form.normal',
    async send(by, id) {
      await by.send(id, 'pledge.accept');
      return sent(by, id, 'form.submit', { ethnicity: '汉族', reason: 'voluntary' });
    },
    waits: 'submitting',
    done: 'submitted.awaitingEnterprise',
    failed: 'submissionFailed',
    again: 'case.retry',
  },
  {
    method: 'register.withdraw',
    registered: true,
    from: 'submitted.awaitingEnterprise',
    send: (by, id) => sent(by, id, 'case.withdraw', {}),
    waits: undefined,
    done: 'withdrawn',
    failed: 'withdrawn',
    again: '',
  },
  {
    method: 'register.tellEnterprise',
    registered: true,
    kind: 'forced',
    from: 'form.forced',
    async send(by, id, who) {
      await by.walk(id, { ...who, kind: 'forced' }, 'submitted.received');
      return { status: 200, states: ['submitted.received'] };
    },
    waits: undefined,
    done: 'submitted.received',
    failed: 'submitted.received',
    again: '',
  },
];

/** One call on its way. */
export interface Calling {
  /** Which call of the method this is, from 1. */
  nth: number;
  /** The work as the simulator does it. */
  work: () => Promise<unknown>;
  /** Until so much time has passed. */
  after: (ms: number) => Promise<void>;
}

/**
 * `settles`: the case comes to where a right answer brings it, by itself. `fails`: it says that it did not work, and takes
 * another try. An answer that a method does not have is nothing to it: then `settles` is right for both.
 */
export interface Misbehaviour {
  title: string;
  behave: (calling: Calling) => Promise<unknown>;
  outcome: 'settles' | 'fails';
  /** Of these methods only. */
  only?: string[];
  /** Also in the short form. */
  short?: true;
}

/** What a provider might quote in an error, and nobody else may. */
export const CANARY = '张三丰379999198001010011';

const down = () => Promise.reject(new ProviderDown('down'));
const never = () => new Promise<never>(() => {});

/** Slow, down, late, twice. */
const untimely: Misbehaviour[] = [
  {
    title: 'answers after seven seconds',
    async behave({ after, work }) {
      await after(7_000);
      return work();
    },
    outcome: 'settles',
    short: true,
  },
  {
    title: 'is down once',
    behave: ({ nth, work }) => (nth === 1 ? down() : work()),
    outcome: 'settles',
  },
  {
    title: 'is down twice',
    behave: ({ nth, work }) => (nth <= 2 ? down() : work()),
    outcome: 'settles',
  },
  { title: 'is down', behave: down, outcome: 'fails', short: true },
  { title: 'never answers', behave: never, outcome: 'fails', short: true },
  {
    title: 'does the work, and its answer is lost once',
    async behave({ nth, work }) {
      const answer = await work();
      if (nth === 1) throw new ProviderDown('the answer was lost');
      return answer;
    },
    outcome: 'settles',
  },
  {
    title: 'does the work, and its answer comes after the time-out',
    async behave({ nth, work, after }) {
      const answer = await work();
      if (nth === 1) await after(11_000);
      return answer;
    },
    outcome: 'settles',
    short: true,
  },
  {
    title: 'says after the time-out that it failed',
    async behave({ nth, work, after }) {
      if (nth > 1) return work();
      await after(11_000);
      return down();
    },
    outcome: 'settles',
  },
  {
    title: 'answers the first call together with the second',
    behave: (() => {
      let first: ((answer: unknown) => void) | undefined;
      return async ({ nth, work }: Calling) => {
        const answer = await work();
        if (nth === 1) return new Promise((resolve) => (first = resolve));
        first?.(answer);
        return answer;
      };
    })(),
    outcome: 'settles',
  },
  {
    title: 'does the work twice at once, under the one key',
    async behave({ work }) {
      const [answer] = await Promise.all([work(), work()]);
      return answer;
    },
    outcome: 'settles',
    short: true,
  },
];

function throwing(what: unknown): Misbehaviour['behave'] {
  return () => {
    throw what;
  };
}

function named(name: unknown): Error {
  return Object.assign(new Error(CANARY), { name });
}

/** Fails in ways that are no failure it agreed on. */
const faulty: Misbehaviour[] = [
  { title: 'throws before it begins', behave: throwing(new Error(CANARY)), outcome: 'fails', short: true },
  { title: 'throws a text', behave: throwing(CANARY), outcome: 'fails' },
  { title: 'throws nothing', behave: throwing(undefined), outcome: 'fails' },
  { title: 'throws an object', behave: throwing({ message: CANARY }), outcome: 'fails' },
  { title: 'throws an error named after a person', behave: throwing(named(CANARY)), outcome: 'fails' },
  {
    title: 'throws an error with a name of 20 KB',
    behave: throwing(named('n'.repeat(20_000))),
    outcome: 'fails',
  },
  {
    title: 'throws an error with half a character in its name',
    behave: throwing(named('\ud800')),
    outcome: 'fails',
  },
  {
    title: 'throws an error whose name is no text',
    behave: throwing(named({ of: { many: 1.5 } })),
    outcome: 'fails',
  },
  {
    title: 'throws what throws when it is looked at',
    behave: throwing(trapped(new Error('x'))),
    outcome: 'fails',
  },
];

const GIVES_ANSWERS = places
  .map(({ method }) => method)
  .filter((method) => !['sms.send', 'register.withdraw', 'register.tellEnterprise'].includes(method));

function answering(title: string, answer: () => unknown, only = GIVES_ANSWERS): Misbehaviour {
  return { title: `answers ${title}`, behave: () => Promise.resolve(answer()), outcome: 'fails', only };
}

/** The right answer, changed. */
function changed(
  title: string,
  change: (answer: Record<string, unknown>) => unknown,
  only = GIVES_ANSWERS,
): Misbehaviour {
  const behave = async ({ work }: Calling) => change({ ...((await work()) as object) });
  return { title: `answers ${title}`, behave, outcome: 'fails', only };
}

/** All of a value's texts and numbers, made into something else. */
function each(change: (value: unknown) => unknown) {
  return (answer: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, change(value)]));
}

const oddities: [title: string, value: () => unknown][] = [
  ['null', () => null],
  ['an empty text', () => ''],
  ['zero', () => 0],
  ['false', () => false],
  ['a text', () => 'OK'],
  ['a number that is none', () => Number.NaN],
  ['a huge number', () => 10n ** 30n],
  ['a list', () => []],
  ['nothing known', () => ({})],
  ['a date', () => new Date(0)],
  ['a map', () => new Map([['registered', true]])],
  ['a function', () => () => true],
];

function cyclic(): object {
  const circle: Record<string, unknown> = {};
  circle.registered = circle;
  return circle;
}

function trapped(target: object = {}): object {
  return new Proxy(target, {
    get(_target, name) {
      // An answer that cannot even be awaited would be no answer.
      if (name === 'then') return undefined;
      throw new Error(CANARY);
    },
    ownKeys() {
      throw new Error(CANARY);
    },
  });
}

const garbage: Misbehaviour[] = [
  ...oddities.map(([title, value]) => answering(title, value)),
  answering(
    'undefined',
    () => undefined,
    GIVES_ANSWERS.filter((method) => method !== 'register.read'),
  ),
  answering('a circle', cyclic),
  answering('what throws when it is looked at', () => trapped()),
  {
    ...changed(
      'with all its values of another type',
      each(() => 42),
    ),
    short: true,
  },
  changed(
    'with all its values missing',
    each(() => undefined),
  ),
  changed(
    'with all its values null',
    each(() => null),
  ),
  changed(
    'with all its values nested',
    each((value) => ({ value })),
  ),
  {
    ...changed(
      'with texts of a megabyte',
      each(() => 'x'.repeat(1_000_000)),
    ),
    short: true,
  },
  changed(
    'with texts of 12 KB',
    each((value) => (typeof value === 'string' ? 'x'.repeat(12_000) : value)),
    ['faces.start', 'register.file'],
  ),
  changed(
    'with half characters',
    each((value) => (typeof value === 'string' ? '\ud800' : value)),
    ['faces.start', 'register.file'],
  ),
  changed(
    'with empty texts',
    each((value) => (typeof value === 'string' ? '' : value)),
    ['faces.start', 'register.file'],
  ),
];

const ENTRY = ['register.read'];
const FACE = ['faces.start'];

/** Of the right shape, and not to be believed. */
const lies: Misbehaviour[] = [
  changed('about another case', (answer) => ({ ...answer, subject: 'another' }), ['faces.check']),
  changed('with an outcome of its own', (answer) => ({ ...answer, outcome: 'maybe' }), ['faces.check']),
  changed(
    'about another person by number',
    (answer) => ({ ...answer, idNumber: '379999198001010011' }),
    ENTRY,
  ),
  changed('about another person by name', (answer) => ({ ...answer, name: '另一人' }), ENTRY),
  changed('with a status of its own', (answer) => ({ ...answer, status: 'pending' }), ENTRY),
  changed(
    'with a megabyte for an employer',
    (answer) => ({ ...answer, employerName: 'x'.repeat(1_000_000) }),
    ENTRY,
  ),
  changed(
    'with 10,000 specialties',
    (answer) => ({ ...answer, specialties: Array(10_000).fill('房屋建筑工程') }),
    ENTRY,
  ),
  changed(
    'with specialties that are no text',
    (answer) => ({ ...answer, specialties: [1, null, {}] }),
    ENTRY,
  ),
  changed('with a token no form takes back', (answer) => ({ ...answer, token: 'x'.repeat(201) }), FACE),
  changed('with an end that is no time', (answer) => ({ ...answer, expiresAt: 'tomorrow' }), FACE),
  changed(
    'with an address that runs in the page',
    (answer) => ({ ...answer, url: 'javascript:alert(1)' }),
    FACE,
  ),
];

export const misbehaviours: Misbehaviour[] = [...untimely, ...faulty, ...garbage, ...lies];
