import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Matter } from '../../src/engine/types.ts';
import { loadMatters } from '../../src/machines/index.ts';
import type { Call } from '../../src/providers/types.ts';
import { type Applicant, newApplicant, type Walker } from '../applicant.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { inventPeople } from '../load/people.ts';
import { noProviders } from '../machines/no-providers.ts';
import { effectsOf, findStrays } from './crash-point-check.ts';
import { watchProviders } from './crash-point-patch.ts';
import { CANARY, type Misbehaviour, misbehaviours, type Place, places } from './providers-table.ts';
import { isFull } from './scale.ts';

vi.setConfig({ testTimeout: 60_000 });

const SECOND = 1_000;

/** What is wrong on purpose in the service itself, for the controls. */
interface Plant {
  matter?: (matter: Matter) => Partial<Matter>;
  call?: (call: Call, nth: number) => Call;
}

interface Setting {
  kit: TestApp;
  auditor: TestClient;
  matter: Matter;
  people: IterableIterator<Walker>;
  unregistered: IterableIterator<Walker>;
}

let now: Setting;
/** Which method does not do as it should, and how often it was called since. */
let wrong: { method: string; behave: Misbehaviour['behave']; calls: number } | undefined;

async function start({ matter: change, call: changeCall }: Plant = {}): Promise<Setting> {
  let kit: TestApp;
  const providers = watchProviders(noProviders, async (name, call, _send, input) => {
    const [provider, method] = name.split('.') as ['people', 'find'];
    const nth = wrong?.method === name ? ++wrong.calls : 0;
    const work = () => kit.simulator.providers[provider][method](input, changeCall?.(call, nth) ?? call);
    if (wrong?.method !== name) return work();
    const after = (ms: number) => new Promise<void>((resolve) => void kit.clock.after(ms, resolve));
    return wrong.behave({ nth, work, after });
  });
  const limits = { identityPerHour: 100_000, smsPerHour: 100_000 };
  const [loaded] = (await loadMatters(providers, limits)).values();
  if (!loaded) throw new Error('no matter');
  const matter = { ...loaded, ...change?.(loaded) };
  const samples = inventPeople(1_000).map((person, index) => ({ ...person, registered: index % 2 === 0 }));
  kit = await startTestApp({ matters: [matter], people: samples });
  const walkers = (registered: boolean) =>
    samples
      .filter((person) => person.registered === registered)
      .map((person) => ({ ...person, specialties: [...person.specialties] }))
      .values();
  return {
    kit,
    auditor: await kit.staff('auditor'),
    matter,
    people: walkers(true),
    unregistered: walkers(false),
  };
}

beforeAll(async () => {
  now = await start();
});
afterAll(() => now.kit.close());
afterEach(() => {
  wrong = undefined;
});

interface Standing {
  states: string[];
  message: string | null;
  seq: number;
  data: Record<string, unknown>;
  allowed: string[];
}

async function read(by: Applicant, id: string): Promise<Standing> {
  const { body } = await by.ask('GET', `/v1/cases/${id}`);
  return { ...body, allowed: body.allowed.map((each: { event: string }) => each.event) };
}

/** What a person sees of what they typed. */
function typed({ data }: Standing): object {
  const { name, idNumber, mobile, form } = data;
  return JSON.parse(JSON.stringify({ name, idNumber, mobile, form }));
}

/** Until nothing but timers is left to be done. @throws Error when that never comes. */
async function letItEnd(id: string, { steps = 60, stepMs = SECOND } = {}): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const tasks = await now.kit.runtime.store.readTasks(id);
    if (tasks.every(({ kind }) => kind === 'timer')) return;
    await now.kit.advance(stepMs);
  }
  throw new Error('it never came to an end');
}

async function come(place: Place): Promise<{ by: Applicant; id: string; who: Walker }> {
  const { value } = (place.registered ? now.people : now.unregistered).next();
  if (!value) throw new Error('more cases than people');
  const who = { ...value, ...(place.kind ? { kind: place.kind } : {}) };
  now.kit.log.length = 0;
  // On a starved machine the service turns people away for a second: that is no provider's doing.
  await now.kit.until(async () => (await now.kit.anyone.get('/v1/matters')).statusCode === 200);
  const by = await newApplicant(now.kit);
  const { id } = await by.open();
  await by.walk(id, who, place.from);
  return { by, id, who };
}

async function play(place: Place, one: Misbehaviour): Promise<void> {
  const { by, id, who } = await come(place);
  wrong = { method: place.method, behave: (calling) => one.behave(calling), calls: 0 };
  const sent = await place.send(by, id, who, now.kit);
  if (place.waits === undefined) await expectNobodyWaits(place, id, sent);
  else await expectWaiting(place, by, id, who, { sent, outcome: one.outcome });
  wrong = undefined;
  await letItEnd(id, { stepMs: 60 * SECOND });
  expect((await read(by, id)).states).toContain(place.done);
  await expectProof(id);
  await by.send(id, 'case.withdraw');
  await letItEnd(id);
}

/** The case is where it should be already; the work is tried until it is done. */
async function expectNobodyWaits(place: Place, id: string, sent: { states: string[] }): Promise<void> {
  expect(sent.states).toEqual([place.done]);
  await letItEnd(id, { steps: 30 }).catch(() => undefined);
}

/** 202 and the state that waits; then what it comes to. */
async function expectWaiting(
  place: Place,
  by: Applicant,
  id: string,
  who: Walker,
  { sent, outcome }: { sent: { status: number }; outcome: Misbehaviour['outcome'] },
): Promise<void> {
  expect(sent.status).toBe(202);
  const waiting = await readWaiting(place, by, id);
  expect(waiting.allowed).toContain('case.withdraw');
  await letItEnd(id);
  const after = await read(by, id);
  if (outcome === 'settles') expect(after.states).toContain(place.done);
  else await expectAnotherTry(place, by, id, who, { waiting, after });
}

async function readWaiting(place: Place, by: Applicant, id: string): Promise<Standing> {
  await now.kit.until(async () => (await read(by, id)).states.includes(place.waits ?? ''));
  return read(by, id);
}

/** It says that it did not work, has all that was typed, and takes the event that tries again. */
async function expectAnotherTry(
  place: Place,
  by: Applicant,
  id: string,
  who: Walker,
  { waiting, after }: { waiting: Standing; after: Standing },
): Promise<void> {
  expect(after.states).toContain(place.failed);
  expect(after.message).toMatch(/./);
  expect(after.allowed).toEqual(expect.arrayContaining([place.again, 'case.withdraw']));
  expect(typed(after)).toMatchObject(typed(waiting));
  wrong = undefined;
  const body = { 'sms.request': { mobile: who.mobile }, 'face.begin': { consent: true } }[place.again] ?? {};
  expect((await by.send(id, place.again, body)).status).toBe(200);
  await by.walk(id, who, place.done);
}

/** The history holds, nothing was done outside that it did not wish for, and nobody's words got into it or a log. */
async function expectProof(id: string): Promise<void> {
  const { kit, auditor, matter } = now;
  const verification = await auditor.get(`/v1/audit/cases/${id}/verification`);
  expect(verification.json()).toMatchObject({ holds: true });
  const entries = await kit.runtime.store.readEntries(id, 'accepted');
  expect(findStrays(matter, entries, effectsOf(kit.simulator, id)).join()).toBe('');
  const written = [...kit.log, ...entries.map(({ bytes }) => bytes)];
  expect(written.filter((text) => text.includes(CANARY))).toEqual([]);
}

describe.each(places)('nothing is lost, and the case says how it goes on, while $method', (place) => {
  const all = misbehaviours.filter(
    ({ only, short }) => (isFull || short) && (only === undefined || only.includes(place.method)),
  );
  it.each(all)('$title', async (one) => {
    await expect(play(place, one)).resolves.toBeUndefined();
  });
});

const awaited = places.filter(({ waits }) => waits !== undefined);

/** A right answer, and every kind of wrong one. */
const late = misbehaviours.filter(({ title }) =>
  ['answers after seven seconds', 'is down', 'answers with all its values of another type'].includes(title),
);

describe.each(awaited)('what comes after the case was left changes nothing: $method', (place) => {
  it.each(isFull ? late : late.slice(0, 1))('$title', async (one) => {
    const { by, id, who } = await come(place);
    const slowly: Misbehaviour['behave'] = async (calling) => {
      await calling.after(4_000);
      return one.behave(calling);
    };
    wrong = { method: place.method, behave: slowly, calls: 0 };
    await place.send(by, id, who, now.kit);
    await readWaiting(place, by, id);
    await by.send(id, 'case.withdraw', {}, { prefer: 'wait=0' });
    const left = await read(by, id);
    await now.kit.advance(30 * SECOND);
    await letItEnd(id);
    // A filing on its way cannot be called back: the withdrawal waits for what becomes of it.
    const after = await read(by, id);
    if (place.method === 'register.file') expect(after.states).toEqual(['withdrawn']);
    else expect(after).toEqual(left);
    expect(now.kit.simulator.control.filings().filter(({ caseId }) => caseId === id)).toEqual([]);
    expect(await now.kit.runtime.store.readTasks(id)).toEqual([]);
    await expectProof(id);
  });
});

/** A service that is wrong on purpose, the misbehaviour it does not stand, and what is said of it. */
const plants: { title: string; method: string; misbehaviour: string; plant: Plant; found: RegExp }[] = [
  {
    title: 'gives up at the first failure',
    method: 'people.find',
    misbehaviour: 'is down once',
    plant: { matter: ({ effects }) => ({ effects: mapEffects(effects, { attempts: 1 }) }) },
    found: /identity\.unavailable/,
  },
  {
    title: 'waits for ever',
    method: 'people.find',
    misbehaviour: 'never answers',
    plant: { matter: ({ effects }) => ({ effects: mapEffects(effects, { timeoutMs: 3_600_000 }) }) },
    found: /never came to an end/,
  },
  {
    title: 'believes an answer about another case',
    method: 'faces.check',
    misbehaviour: 'answers about another case',
    plant: { matter: ({ effects }) => ({ effects: mapEffects(effects, { run: passing }, 'checkFace') }) },
    found: /notice\.reading/,
  },
  {
    title: 'asks under a new key with each try',
    method: 'register.file',
    misbehaviour: 'does the work, and its answer is lost once',
    plant: { call: (call, nth) => ({ ...call, key: nth > 1 ? `${call.key}~${nth}` : call.key }) },
    found: /no entry wished for register\.file/,
  },
  {
    title: 'forgets what was typed',
    method: 'register.file',
    misbehaviour: 'is down',
    plant: {
      matter: (matter) => ({
        view: (input) => ({
          ...matter.view(input),
          ...(input.state.value === 'submissionFailed' ? { data: {} } : {}),
        }),
      }),
    },
    found: /form|to match object/,
  },
  {
    title: 'says nothing',
    method: 'people.find',
    misbehaviour: 'is down',
    plant: { matter: (matter) => ({ view: (input) => ({ ...matter.view(input), message: null }) }) },
    found: /null|string/,
  },
];

function mapEffects(
  effects: Matter['effects'],
  change: Partial<Matter['effects'][string]>,
  only?: string,
): Matter['effects'] {
  return Object.fromEntries(
    Object.entries(effects).map(([name, effect]) => [
      name,
      only === undefined || name === only ? { ...effect, ...change } : effect,
    ]),
  );
}

const passing = async () => ({ outcome: 'pass' });

describe('a control: it is found when the service', () => {
  it.each(plants)('$title', async ({ method, misbehaviour, plant, found }) => {
    const place = places.find((each) => each.method === method);
    const one = misbehaviours.find(({ title }) => title === misbehaviour);
    if (!place || !one) throw new Error('nothing of that name in the table');
    const right = now;
    now = await start(plant);
    try {
      await expect(play(place, one)).rejects.toThrow(found);
    } finally {
      wrong = undefined;
      await now.kit.close();
      now = right;
    }
  });
});
