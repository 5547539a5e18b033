import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { nextEvent } from '../load/walker.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32): a run is chosen by its seed, not by chance. */
export function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (probability: number) => next() < probability,
    pick: <T>(from: readonly [T, ...T[]]): T => from[Math.floor(next() * from.length)] ?? from[0],
    below: (count: number) => Math.floor(next() * count),
  };
}
export type Random = ReturnType<typeof createRandom>;

/** An event with its body; `before` is what the person does in front of the simulated camera. */
export interface Move {
  event: string;
  body: object;
  before?: { path: string; body: object };
}

const CLAUSES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] as const;
const REASONS = ['voluntary', 'over-65', 'employer-bankrupt', 'other'] as const;
const EVIDENCE = ['arbitration', 'court-judgment', 'death'] as const;
const DRAFTS = [{ ethnicity: '汉族' }, { ethnicity: '回族' }, {}] as const;
const ANYTHING = [
  'identity.submit',
  'identity.retry',
  'sms.request',
  'face.begin',
  'notice.acknowledge',
  'notice.declare',
  'notice.proceed',
  'form.save',
  'form.back',
  'form.submit',
  'pledge.accept',
  'case.retry',
] as const;

/**
 * What a device sends next that last saw this. While the case is to stay hot it goes round between clauses and form;
 * in the end it is submitted and withdrawn. Some of it is nonsense, as from a screen that was left open.
 */
export function chooseMove(random: Random, view: CaseView, person: PersonSample, toTheEnd: boolean): Move {
  const may = new Set(view.allowed.map(({ event }) => event));
  if (random.chance(0.1)) return moveOf(random, random.pick(ANYTHING), person);
  if (toTheEnd && random.chance(0.15)) return moveOf(random, 'case.withdraw', person);
  if (may.has('registration.begin')) return moveOf(random, random.pick(NOT_FOUND), person);
  if (may.has('registration.submit')) return registering(random, view, person);
  if (may.has('form.save') && !(toTheEnd && random.chance(0.5))) return drafting(random, view, person);
  if (may.has('notice.acknowledge') && random.chance(0.5))
    return moveOf(random, 'notice.acknowledge', person);
  if (may.has('notice.proceed') && random.chance(0.3)) return moveOf(random, 'notice.proceed', person);
  const kind = view.states.includes('form.forced') ? 'forced' : 'normal';
  return nextEvent(view, person, kind) ?? moveOf(random, random.pick(ANYTHING), person);
}

const NOT_FOUND = ['registration.begin', 'registration.begin', 'identity.retry'] as const;
const DRAFTING = ['form.save', 'form.save', 'form.save', 'pledge.accept', 'form.back'] as const;

/** Files come and go with the rest of a draft. */
function drafting(random: Random, view: CaseView, person: PersonSample): Move {
  const { attachments } = view.data;
  if (!Array.isArray(attachments) || random.chance(0.7)) return moveOf(random, random.pick(DRAFTING), person);
  const [first] = attachments as { id: string }[];
  if (first) return { event: 'material.remove', body: { attachment: first.id } };
  return moveOf(random, 'material.add', person);
}

function registering(random: Random, view: CaseView, person: PersonSample): Move {
  const event = view.states.includes('registration.smsCode.sent') ? 'registration.submit' : 'sms.request';
  return moveOf(random, random.chance(0.85) ? event : 'identity.retry', person);
}

export function moveOf(random: Random, event: string, person: PersonSample): Move {
  return { event, body: bodyOf(random, event, person) };
}

function bodyOf(random: Random, event: string, { name, idNumber, mobile }: PersonSample): object {
  switch (event) {
    case 'identity.submit':
      return { name, idNumber };
    case 'sms.request':
      return { mobile };
    case 'registration.submit':
      return wrongRegistration(mobile);
    case 'face.begin':
      return { consent: true };
    case 'notice.acknowledge':
      return { clause: random.pick(CLAUSES) };
    case 'notice.proceed':
      return { kind: random.pick(['normal', 'forced']) };
    case 'form.save':
      return random.chance(0.5) ? { reason: random.pick(REASONS) } : random.pick(DRAFTS);
    case 'material.add':
      return { material: random.pick(EVIDENCE) };
    case 'form.submit':
      return { ethnicity: '汉族', reason: random.pick(REASONS) };
    default:
      return {};
  }
}

/** Taken and answered 422: the wrong code is counted. A right one would cost a password hash each time. */
function wrongRegistration(mobile: string): object {
  return {
    idType: 'resident-id-card',
    idValidFrom: '2020-01-01',
    idValidTo: '2040-01-01',
    mobile,
    smsCode: '000000',
    password: 'abcd1234',
    passwordConfirmation: 'abcd1234',
    agreementsAccepted: true,
  };
}
