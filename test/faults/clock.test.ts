import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Applicant, newApplicant, registrationOf } from '../applicant.ts';
import { startTestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';
import {
  DAY,
  findTimeGoingBack,
  HOUR,
  type Kind,
  MINUTE,
  SECOND,
  type Shake,
  startWorld,
  type World,
} from './clock-world.ts';
import { isFull, sized } from './scale.ts';

const { name, idNumber, mobile } = person.unregistered;
const NOW = { prefer: 'wait=0' };

vi.setConfig({ testTimeout: sized(30_000, 600_000) });

let world: World;
afterEach(async () => world.close());

async function statesOf(by: Applicant, id: string): Promise<string[]> {
  return (await by.ask('GET', `/v1/cases/${id}`)).body.states;
}

async function verify(id: string): Promise<unknown> {
  const auditor = await world.kit.staff('auditor');
  return (await auditor.get(`/v1/audit/cases/${id}/verification`)).json();
}

const forwards: Shake = { title: 'three days forwards', once: 3 * DAY, eachSecond: 0 };
const back: Shake = { title: 'three days back', once: -3 * DAY, eachSecond: 0 };
const smaller: Shake[] = [
  { title: 'half a second back', once: -500, eachSecond: 0 },
  { title: 'a minute back', once: -MINUTE, eachSecond: 0 },
  { title: 'a little back with every second', once: -20, eachSecond: -20 },
  { title: 'a little forwards with every second', once: 20, eachSecond: 20 },
];

/** What must be right however the wall clock is shaken; it throws at the first thing that is not. */
interface Script {
  title: string;
  /** A shake that breaks it where the wall clock itself is the time. */
  breaks: Shake;
  run(shaken: () => void): Promise<void>;
}

const scripts: Script[] = [
  {
    title: 'a code works until its fifth minute ends, and the next may be asked for after a minute',
    breaks: forwards,
    async run(shaken) {
      const { by, id } = await world.come(person.unregistered, 'registration.smsCode.sent');
      shaken();
      await world.pass(58 * SECOND);
      const soon = await by.send(id, 'sms.request', { mobile });
      expect(soon.status).toBe(429);
      expect(['2', '3']).toContain(soon.headers['retry-after']);
      await world.pass(3 * SECOND);
      const { deadlines } = (await by.ask('GET', `/v1/cases/${id}`)).body;
      expect(deadlines.map((each: { event: string }) => each.event)).toEqual(['smsCodeExpires']);
      await world.pass(238 * SECOND);
      const form = registrationOf(world.kit.simulator.control, mobile);
      expect((await by.send(id, 'registration.submit', form)).status).toBe(200);
    },
  },
  {
    title: 'a code is dead after its fifth minute',
    breaks: back,
    async run(shaken) {
      const { by, id } = await world.come(person.unregistered, 'registration.smsCode.sent');
      shaken();
      await world.pass(301 * SECOND);
      const form = registrationOf(world.kit.simulator.control, mobile);
      expect((await by.send(id, 'registration.submit', form)).body.code).toBe('sms-code-expired');
    },
  },
  {
    title: 'a face check stays open for its ten minutes and no longer',
    breaks: forwards,
    async run(shaken) {
      const { by, id } = await world.come(person.ordinary, 'faceVerification.capturing');
      shaken();
      await world.pass(599 * SECOND);
      expect(await statesOf(by, id)).toEqual(['faceVerification.capturing']);
      await world.pass(2 * SECOND);
      expect(await statesOf(by, id)).toEqual(['faceVerification.failed']);
    },
  },
  {
    title: 'five face failures lock for the rest of the day as it was, and then no more',
    breaks: back,
    async run(shaken) {
      const { by, id } = await world.come(person.ordinary, 'faceVerification.consenting');
      for (let n = 0; n < 5; n++) await failFace(by, id);
      expect(await statesOf(by, id)).toEqual(['faceVerification.locked']);
      shaken();
      // It was ten in the morning in China.
      await world.pass(14 * HOUR - MINUTE);
      expect((await by.send(id, 'face.begin', { consent: true })).body.code).toBe('face-locked');
      await world.pass(MINUTE + SECOND);
      expect(await statesOf(by, id)).toEqual(['faceVerification.consenting']);
      expect((await by.send(id, 'face.begin', { consent: true })).status).toBe(200);
    },
  },
  {
    title: 'five codes an hour for one number are five in a real hour',
    breaks: forwards,
    async run(shaken) {
      for (let n = 0; n < 5; n++) await world.come(person.unregistered, 'registration.smsCode.sent');
      const { by, id } = await world.come(person.unregistered, 'registration.smsCode.none');
      shaken();
      await world.pass(HOUR - MINUTE);
      expect((await by.send(id, 'sms.request', { mobile })).status).toBe(429);
      await world.pass(MINUTE + SECOND);
      expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
    },
  },
  {
    title: 'twenty identity checks an hour are twenty in a real hour',
    breaks: back,
    async run(shaken) {
      const by = await newApplicant(world.kit);
      const { id } = await by.open();
      for (let n = 0; n < 20; n++) {
        await by.send(id, 'identity.submit', { name, idNumber });
        await by.send(id, 'identity.retry');
      }
      shaken();
      expect((await by.send(id, 'identity.submit', { name, idNumber })).status).toBe(429);
      await world.pass(HOUR + SECOND);
      expect((await by.send(id, 'identity.submit', { name, idNumber })).status).toBe(200);
    },
  },
  {
    title: 'a session lasts its thirty days and no longer',
    breaks: back,
    async run(shaken) {
      const by = await newApplicant(world.kit);
      shaken();
      await world.pass(30 * DAY - HOUR);
      expect((await by.ask('GET', '/v1/me')).status).toBe(200);
      await world.pass(HOUR + MINUTE);
      expect((await by.ask('GET', '/v1/me')).status).toBe(401);
    },
  },
  {
    title: 'work that failed is tried again after its pause',
    breaks: back,
    async run(shaken) {
      const { by, id } = await world.come(person.ordinary, 'identity.entering');
      world.kit.simulator.control.fail('people', { failNext: 1 });
      const { ordinary } = person;
      await by.send(id, 'identity.submit', { name: ordinary.name, idNumber: ordinary.idNumber }, NOW);
      await world.kit.until(() => world.kit.log.some((line) => line.includes('effect failed')));
      await world.kit.worker.idle();
      shaken();
      await world.pass(2 * SECOND);
      expect(await statesOf(by, id)).toEqual(['faceVerification.consenting']);
    },
  },
  {
    title: 'work that is under way is nobody else’s while its lease runs',
    breaks: forwards,
    async run(shaken) {
      const { by, id } = await world.come(person.ordinary, 'form.normal');
      await by.send(id, 'pledge.accept');
      world.kit.simulator.control.fail('register', { delayMs: 5 * SECOND });
      await by.send(id, 'form.submit', { ethnicity: '汉族', reason: 'voluntary' }, NOW);
      const [task] = await world.kit.runtime.store.readTasks(id);
      shaken();
      const another = { owner: 'another', until: '2100-01-01T00:00:00.000Z', limit: 10 };
      const now = new Date(world.kit.clock.now()).toISOString();
      expect(await world.kit.runtime.store.claimTasks({ ...another, now })).toEqual([]);
      await world.pass(5 * SECOND);
      expect(await statesOf(by, id)).toEqual(['submitted.awaitingEnterprise']);
      expect(world.kit.simulator.control.attempts(task?.key ?? '')).toBe(1);
    },
  },
];

async function failFace(by: Applicant, id: string): Promise<void> {
  const begun = await by.send(id, 'face.begin', { consent: true });
  const { token } = begun.body.data.face;
  world.kit.simulator.control.setFaceOutcome(token, 'mismatch');
  await by.send(id, 'face.finish', { token });
}

async function play(kind: Kind, script: Script, shake: Shake): Promise<void> {
  world = await startWorld(kind);
  await script.run(() => world.shake(shake));
  expect(await world.findFaults()).toEqual([]);
}

const shakes = isFull ? [forwards, back, ...smaller] : [forwards, back];

describe.each(shakes)('while the wall clock is set $title', (shake) => {
  it.each(scripts)('$title', async (script) => {
    await play('steady', script, shake);
    expect(await world.findFaults()).toEqual([]);
  });
});

describe('a control: where the wall clock itself is the time, it does not hold', () => {
  it.each(scripts)('that $title', async (script) => {
    await expect(play('wall', script, script.breaks)).rejects.toThrow(/expected/);
  });

  it('that no timer comes early or late, and the check says which', async () => {
    world = await startWorld('wall');
    await world.come(person.unregistered, 'registration.smsCode.sent');
    world.shake(forwards);
    await world.pass(SECOND);
    expect((await world.findFaults()).join()).toMatch(/smsCodeExpires\S* came \d+ ms early/);
    await world.come(person.unregistered, 'registration.smsCode.sent');
    world.shake(back);
    await world.pass(7 * MINUTE);
    expect((await world.findFaults()).join()).toMatch(/smsCodeExpires\S* is \d+ ms late/);
    expect(findTimeGoingBack(['2026-11-23T02:00:00.001Z', '2026-11-23T02:00:00.000Z'])).toHaveLength(1);
  });
});

describe('a whole walk', () => {
  const moves = fc.array(
    fc.record({
      once: fc.oneof(fc.integer({ min: -3 * DAY, max: 3 * DAY }), fc.integer({ min: -SECOND, max: SECOND })),
      passMs: fc.integer({ min: 0, max: 2 * MINUTE }),
      restarted: fc.constantFrom(true, false, false),
    }),
    { minLength: 9, maxLength: 9 },
  );

  it('has all its timers at their time, whatever is done to the wall clock on the way', async () => {
    world = await startWorld('steady');
    const onTheWay = fc.asyncProperty(moves, async (each) => {
      await world.close();
      world = await startWorld('steady');
      const { by, id } = await world.come(person.unregistered, 'identity.entering');
      for (const { once, passMs } of each) {
        world.shake({ title: '', once, eachSecond: 0 });
        await world.pass(passMs);
        await by.walkOne(id, person.unregistered);
      }
      expect(await world.findFaults()).toEqual([]);
      expect(await verify(id)).toMatchObject({ holds: true });
    });
    await fc.assert(onTheWay, { numRuns: sized(3, 100) });
  });

  it('never goes back in time and holds, whatever is done to the wall clock while the server is down', async () => {
    world = await startWorld('steady');
    const overRestarts = fc.asyncProperty(moves, async (each) => {
      await world.close();
      world = await startWorld('steady', true);
      const { by, id } = await world.come(person.unregistered, 'identity.entering');
      for (const { once, passMs, restarted } of each) {
        if (restarted) await world.restart(once);
        await world.pass(passMs);
        // A code may have run out meanwhile: a refusal is an answer too.
        await world
          .again(by)
          .walkOne(id, person.unregistered)
          .catch(() => undefined);
      }
      await world.pass(SECOND);
      expect(await world.findTimeGoingBack()).toEqual([]);
      expect(await world.findOverdue()).toEqual([]);
      expect(await verify(id)).toMatchObject({ holds: true });
    });
    await fc.assert(overRestarts, { numRuns: sized(2, 60) });
  });
});

describe('over a restart the wall clock is believed again', () => {
  it('set forwards meanwhile: what fell due is done at once, and the case goes on', async () => {
    world = await startWorld('steady', true);
    const { by: before, id } = await world.come(person.unregistered, 'registration.smsCode.sent');
    await world.restart(3 * DAY);
    const by = world.again(before);
    await world.pass(SECOND);
    expect(await statesOf(by, id)).toContain('registration.smsCode.expired');
    expect((await by.send(id, 'sms.request', { mobile })).status).toBe(200);
    await by.walk(id, person.unregistered, 'form.normal');
    expect(await verify(id)).toMatchObject({ holds: true });
  });

  it('set back meanwhile: no timer is lost or early, time stands still in the case until it is reached again', async () => {
    world = await startWorld('steady', true);
    const { by: before, id } = await world.come(person.unregistered, 'registration.smsCode.sent');
    const { updatedAt } = (await before.ask('GET', `/v1/cases/${id}`)).body;
    await world.restart(-3 * DAY);
    const by = world.again(before);
    const form = registrationOf(world.kit.simulator.control, mobile);
    const registered = await by.send(id, 'registration.submit', form);
    expect(registered.body).toMatchObject({ states: ['faceVerification.consenting'], updatedAt });
    const { deadlines } = await by.walk(id, person.unregistered, 'faceVerification.capturing');
    await world.pass(3 * DAY - MINUTE);
    expect(await statesOf(by, id)).toEqual(['faceVerification.capturing']);
    expect(deadlines).toHaveLength(1);
    await world.pass(MINUTE + 10 * MINUTE + SECOND);
    expect(await statesOf(by, id)).toEqual(['faceVerification.failed']);
    expect(await verify(id)).toMatchObject({ holds: true });
  });
});

describe('the limit of one client address', () => {
  it('is of a real minute, however the wall clock is set', async () => {
    world = await startWorld('steady');
    const kit = await startTestApp({ ratePerMinute: 3, clock: world.kit.clock });
    const ask = async () => (await kit.anyone.get('/v1/matters')).statusCode;
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, 429]);
      vi.setSystemTime(Date.now() - 3 * DAY + MINUTE + SECOND);
      kit.clock.move(MINUTE + SECOND);
      expect(await ask()).toBe(200);
    } finally {
      vi.useRealTimers();
      await kit.close();
    }
  });
});
