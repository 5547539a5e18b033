import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateValue } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { activeLeaves } from '../../src/engine/present.ts';
import type { JsonObject } from '../../src/engine/types.ts';
import {
  type DeregistrationContext,
  machine,
} from '../../src/machines/supervision-engineer-deregistration/machine.ts';
import { type Applicant, newApplicant, pictureOf, registrationOf, type Walker } from '../applicant.ts';
import { startTestApp, type TestApp, turn } from '../helpers.ts';
import { person } from '../promises/people.ts';

/**
 * The shortest way to every state of the machine, as XState finds it, walked over HTTP: whatever the machine says can
 * happen does happen there, and leads to the same state.
 */

interface Move {
  type: string;
  [fact: string]: unknown;
}

const AT = '2026-11-23T02:00:00.000Z';
const done = (effect: string, output: JsonObject): Move => ({ type: `xstate.done.actor.${effect}`, output });
const failed = (effect: string): Move => ({
  type: `xstate.error.actor.${effect}`,
  error: { code: 'ProviderDown' },
});

const moves: Move[] = [
  { type: 'identity.submit' },
  done('findPerson', { registered: true }),
  done('findPerson', { registered: false }),
  failed('findPerson'),
  { type: 'registration.begin' },
  { type: 'sms.request' },
  done('sendCode', { sentKey: 'key' }),
  failed('sendCode'),
  { type: 'sms.resume' },
  { type: 'registration.submit', smsCode: 'right', agreements: [], unusualPeriod: false },
  { type: 'registration.submit', smsCode: 'wrong', agreements: [], unusualPeriod: false },
  done('createAccount', { created: true }),
  done('createAccount', { created: false }),
  failed('createAccount'),
  { type: 'face.begin', consentVersion: '1', channel: 'web' },
  done('startFace', { expiresAt: '2026-11-23T02:10:00.000Z' }),
  failed('startFace'),
  { type: 'face.finish' },
  done('checkFace', { outcome: 'pass' }),
  done('checkFace', { outcome: 'mismatch' }),
  failed('checkFace'),
  done('readRegister', { status: 'valid', specialties: ['房屋建筑工程'] }),
  done('readRegister', { status: 'deregistered', specialties: [] }),
  done('readRegister', { status: 'none', specialties: [] }),
  failed('readRegister'),
  ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((clause) => ({ type: 'notice.acknowledge', clause })),
  { type: 'notice.declare' },
  { type: 'notice.proceed', kind: 'normal' },
  { type: 'notice.proceed', kind: 'forced' },
  { type: 'form.back' },
  { type: 'pledge.accept', pledgeVersion: '1' },
  { type: 'material.add', attachment: { id: 'a', material: 'arbitration' } },
  { type: 'form.submit' },
  done('fileDeregistration', { filingNumber: 'ZX1' }),
  failed('fileDeregistration'),
  { type: 'case.withdraw' },
  ...timersOf(),
];

const paths = getShortestPaths(machine, {
  events: moves.map((move) => ({ ...move, at: AT })) as never[],
  // Where it is, and what decides where it can go; the rest of the context would only multiply the ways there.
  serializeState: (state: { value: StateValue; context: DeregistrationContext }) => keyOf(state),
} as never).filter((path) => isPossible(path.steps as never));

describe(`each of ${paths.length} shortest paths through the machine, walked over HTTP`, () => {
  let kit: TestApp;
  let applicant: Applicant;
  let found: Walker;
  beforeEach(async () => {
    kit = await startTestApp();
    applicant = await newApplicant(kit);
  });
  afterEach(() => kit.close());

  for (const path of paths) {
    it(titleOf(path.steps.slice(1).map((step) => step.event.type)), async () => {
      const { id } = await applicant.open();
      found = personFor(path.steps.map((step) => step.event as unknown as Move));
      const steps = path.steps.slice(1).map((step) => ({
        move: step.event as unknown as Move,
        leaves: activeLeaves(step.state as never),
      }));
      for (let at = 0; at < steps.length; ) {
        const length = burst(steps, at);
        const moving = steps.slice(at, at + length);
        await make(
          id,
          moving.map((step) => step.move),
        );
        const view = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
        expect(view.states, titleOf(moving.map((step) => step.move.type))).toEqual(moving.at(-1)?.leaves);
        at += length;
      }
      expect((await replayOf(id)).every((each) => each.holds)).toBe(true);
    });
  }

  async function replayOf(id: string): Promise<{ holds: boolean }[]> {
    const auditor = await kit.staff('auditor');
    return (await auditor.get(`/v1/audit/cases/${id}/replay`)).json().items;
  }

  /** One move of a person or a clock, with the answers of the effects it starts. */
  async function make(id: string, [move, ...results]: Move[]): Promise<void> {
    if (!move) return;
    prepareWorld(move, results);
    if (move.type.startsWith('xstate.after') || move.type === 'sms.resume') return runOut(id, move.type);
    const wait = { prefer: 'wait=0' };
    const answer =
      move.type === 'material.add'
        ? await applicant.upload(id, 'arbitration', await pictureOf(1))
        : await applicant.send(id, move.type, await bodyOf(id, move, results), wait);
    expect(answer.status, answer.text).toBeLessThan(move.smsCode === 'wrong' ? 423 : 300);
    await turn();
    if (results.some((result) => result.type.startsWith('xstate.error'))) await exhaust();
    else if (results.length > 0) await kit.advance(0);
  }

  /** Three tries, with 0.5 s and 1 s between them. */
  async function exhaust(): Promise<void> {
    await kit.worker.idle();
    await kit.advance(500);
    await kit.advance(1_000);
  }

  async function runOut(id: string, type: string): Promise<void> {
    const row = await kit.runtime.store.findCase(id);
    const dueAt = row?.state.timers[type]?.dueAt ?? '';
    await kit.advance(Date.parse(dueAt) - kit.clock.now());
  }

  /** Sets the simulators up so that the effects answer as the path says; without an answer they must hang. */
  function prepareWorld(move: Move, results: Move[]): void {
    const hangs = (effect: string) => !results.some((result) => result.type.endsWith(`.${effect}`));
    const breaks = (effect: string) =>
      results.some((result) => result.type === `xstate.error.actor.${effect}`);
    for (const [effect, provider] of EFFECTS) {
      if (breaks(effect)) kit.simulator.control.fail(provider, { failNext: 3 });
      else if (STARTS[move.type]?.includes(effect) && hangs(effect)) {
        kit.simulator.control.fail(provider, { delayMs: 3_600_000 });
      }
    }
  }

  async function bodyOf(id: string, move: Move, results: Move[]): Promise<object> {
    switch (move.type) {
      case 'identity.submit':
        return whoFits(results);
      case 'sms.request':
        return { mobile: person.unregistered.mobile };
      case 'registration.submit': {
        const form = registrationOf(kit.simulator.control, person.unregistered.mobile);
        const none = { smsCode: '000000' };
        if (results.some((result) => isCreated(result, false))) await registerElsewhere(id);
        return move.smsCode === 'right' ? form : { ...form, ...none };
      }
      case 'face.begin':
        return { consent: true };
      case 'face.finish':
        return finishFace(id, results);
      case 'notice.acknowledge':
        return { clause: move.clause };
      case 'notice.proceed':
        return { kind: move.kind };
      case 'form.submit':
        return formOf(id);
      default:
        return {};
    }
  }

  /** Somebody made the account meanwhile, with the same ID number. */
  async function registerElsewhere(id: string): Promise<void> {
    const { runtime, simulator } = kit;
    const row = await runtime.store.findCase(id);
    const wrapped = await runtime.store.findPersonKey(row?.owner ?? '');
    if (!row || !wrapped) throw new Error('no case');
    const { name, idNumber, mobile } = person.unregistered;
    const account = { name, idNumber, mobile, idType: 'resident-id-card', passwordHash: '' };
    const validity = { idValidFrom: '2020-01-01', idValidTo: 'long-term' };
    const call = { key: 'elsewhere', signal: new AbortController().signal };
    await simulator.providers.people.register({ ...account, ...validity }, call);
  }

  async function finishFace(id: string, results: Move[]): Promise<object> {
    const { data } = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    const [result] = results;
    const output = result?.output as { outcome?: 'pass' | 'mismatch' } | undefined;
    if (result && output?.outcome) kit.simulator.control.setFaceOutcome(data.face.token, output.outcome);
    return { token: data.face.token };
  }

  async function formOf(id: string): Promise<object> {
    const { states } = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    const reason = states.includes('form.forced') ? { forcedReason: 'arbitration' } : { reason: 'voluntary' };
    return { ethnicity: '汉族', ...reason };
  }

  function whoFits(results: Move[]): object {
    const known = results.some((result) => (result.output as { registered?: boolean })?.registered === true);
    const { name, idNumber } = known ? found : person.unregistered;
    return { name, idNumber };
  }
});

const EFFECTS = [
  ['findPerson', 'people'],
  ['sendCode', 'sms'],
  ['createAccount', 'people'],
  ['startFace', 'faces'],
  ['checkFace', 'faces'],
  ['readRegister', 'register'],
  ['fileDeregistration', 'register'],
] as const;

/** Which effects a move starts, one after the other. */
const STARTS: Record<string, string[]> = {
  'identity.submit': ['findPerson'],
  'sms.request': ['sendCode'],
  'registration.submit': ['createAccount'],
  'face.begin': ['startFace'],
  'face.finish': ['checkFace', 'readRegister'],
  'form.submit': ['fileDeregistration'],
};

/** Whom the register has as the path says. */
function personFor(path: Move[]): Walker {
  const statuses = path.map((move) => (move.output as { status?: string } | undefined)?.status);
  if (statuses.includes('deregistered')) return person.deregistered;
  return statuses.includes('none') ? person.noEntry : person.ordinary;
}

function isCreated(move: Move, created: boolean): boolean {
  return (move.output as { created?: boolean } | undefined)?.created === created;
}

/** Whatever waits for a provider is over, one way or the other, before any timer of a minute or more runs out. */
function isPossible(steps: { event: Move; state: { children: object } }[]): boolean {
  return steps.every(({ event }, index) => {
    const runsOut = event.type.startsWith('xstate.after') || event.type === 'sms.resume';
    return !runsOut || Object.keys(steps[index - 1]?.state.children ?? {}).length === 0;
  });
}

/** A move and the results that follow it happen in one go. */
function burst(steps: { move: Move }[], from: number): number {
  const rest = steps.slice(from + 1);
  const next = rest.findIndex(({ move }) => !/^xstate\.(?:done|error)\.actor/.test(move.type));
  return next < 0 ? steps.length - from : next + 1;
}

function timersOf(): Move[] {
  return machine.events
    .filter((type) => String(type).startsWith('xstate.after'))
    .map((type) => ({ type: String(type) }));
}

/** What decides the way on, where it does: elsewhere it would only multiply the ways. */
function keyOf({ value, context }: { value: StateValue; context: DeregistrationContext }): string {
  const { sms, face, notice, form, materials } = context;
  const ticks = Object.values(notice.clauses).filter((at) => at !== null).length;
  const [place = ''] = typeof value === 'string' ? [value] : Object.keys(value);
  const decisive: Record<string, unknown> = {
    registration: [sms.paused, sms.usable, sms.usable === 'yes' ? sms.wrongTries : 0],
    faceVerification: face.failures,
    notice: [ticks, notice.declaredAt !== null],
    form: [form.pledge !== null, materials.length],
    submitting: form.kind,
    submissionFailed: form.kind,
  };
  return JSON.stringify([value, decisive[place]]);
}

function titleOf(types: string[]): string {
  return types.map((type) => type.replace(/^xstate\.(done|error)\.actor\./, '$1 ')).join(' → ');
}
