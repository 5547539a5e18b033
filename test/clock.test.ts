import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  createElapsed,
  createSteadyTime,
  type SteadyTime,
  systemClock,
  type TimeSources,
} from '../src/clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2026-11-23T02:00:00.000Z');

/** A machine whose time passes, and whose wall clock is set, by hand. */
function createMachine() {
  let passed = 0;
  let wall = START;
  const sources: TimeSources = { wall: () => wall, elapsed: () => passed };
  return {
    sources,
    pass(ms: number) {
      passed += ms;
      wall += ms;
    },
    set(ms: number) {
      wall += ms;
    },
  };
}

type Move = { pass: number } | { set: number };

/** The first thing wrong with a source of time under these moves: it went back, or not at the pace of real time. */
function findFault(moves: Move[], timeOf: (sources: TimeSources) => () => number): string | undefined {
  const machine = createMachine();
  const now = timeOf(machine.sources);
  let before = now();
  for (const move of moves) {
    if ('pass' in move) machine.pass(move.pass);
    else machine.set(move.set);
    const gone = now() - before;
    const real = 'pass' in move ? move.pass : 0;
    if (gone < 0) return `went back by ${-gone} ms`;
    // A millisecond for rounding, and 0.86 s a day.
    if (Math.abs(gone - real) > 1 + real * 1e-5) return `${gone} ms gone in ${real} ms`;
    before += gone;
  }
  return undefined;
}

function steady(sources: TimeSources): () => number {
  const time = createSteadyTime(sources);
  return () => time.now();
}

function plain(sources: TimeSources): () => number {
  return () => sources.wall();
}

const moves = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 2 * DAY }).map((pass) => ({ pass })),
    fc.integer({ min: -3 * DAY, max: 3 * DAY }).map((set) => ({ set })),
    fc.integer({ min: -SECOND, max: SECOND }).map((set) => ({ set })),
  ),
  { maxLength: 40 },
);

describe('the time of a server', () => {
  it('goes at the pace of real time and never back, however the wall clock is set', () => {
    fc.assert(
      fc.property(moves, (each) => {
        expect(findFault(each, steady)).toBeUndefined();
      }),
    );
  });

  it('a control: the wall clock itself does neither', () => {
    expect(findFault([{ set: -1 }], plain)).toBe('went back by 1 ms');
    expect(findFault([{ pass: MINUTE }, { set: 3 * DAY }], plain)).toMatch(/gone in 0 ms/);
    expect(fc.check(fc.property(moves, (each) => findFault(each, plain) === undefined)).failed).toBe(true);
  });

  it('begins with the wall clock’s', () => {
    expect(createSteadyTime(createMachine().sources).now()).toBe(START);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(SECOND);
  });

  it.each([
    ['forwards', 400],
    ['back', -400],
  ])('follows a wall clock that was corrected %s by less than a second, within half a day', (_way, by) => {
    const { machine, time } = started();
    machine.set(by);
    for (let minute = 0; minute < 12 * 60; minute++) passAndRead(machine, time, MINUTE);
    expect(Math.abs(time.wallAheadMs())).toBeLessThan(1);
  });

  it('follows no faster when it is asked a thousand times a second', () => {
    const { machine, time } = started();
    machine.set(-400);
    for (let ms = 0; ms < 20 * SECOND; ms++) passAndRead(machine, time, 1);
    expect(time.now()).toBe(START + 20 * SECOND - 1);
    expect(time.wallAheadMs()).toBeCloseTo(-400 + 0.2, 3);
  });

  it.each([3 * DAY, -3 * DAY, 2 * SECOND])(
    'stays its own when the wall clock is set by %d ms, and says so',
    (by) => {
      const { machine, time } = started();
      machine.set(by);
      for (let hour = 0; hour < 48; hour++) passAndRead(machine, time, 60 * MINUTE);
      expect(time.now()).toBe(START + 2 * DAY);
      expect(time.wallAheadMs()).toBe(by);
    },
  );
});

function started() {
  const machine = createMachine();
  return { machine, time: createSteadyTime(machine.sources) };
}

function passAndRead(machine: ReturnType<typeof createMachine>, time: SteadyTime, ms: number): void {
  machine.pass(ms);
  time.now();
}

describe('the time that passed', () => {
  /** `awake` is the hardware's count while it runs, `up` the one that goes on in its sleep, in steps of 10 ms. */
  function createSleeper() {
    let [awake, up] = [5_000, 7_003];
    const elapsed = createElapsed(
      () => awake,
      () => Math.floor(up / 10) * 10,
    );
    return {
      elapsed,
      work(ms: number) {
        awake += ms;
        up += ms;
      },
      sleep(ms: number) {
        up += ms;
      },
    };
  }

  it('counts the sleep of a machine that was put to sleep, from a second after it woke', () => {
    const machine = createSleeper();
    const before = machine.elapsed();
    machine.sleep(8 * 60 * MINUTE);
    machine.work(SECOND);
    expect(Math.abs(machine.elapsed() - before - 8 * 60 * MINUTE - SECOND)).toBeLessThanOrEqual(10);
  });

  it('is counted once: a second sleep adds its own length only', () => {
    const machine = createSleeper();
    const before = machine.elapsed();
    for (let nap = 0; nap < 3; nap++) {
      machine.sleep(MINUTE);
      machine.work(SECOND);
      machine.elapsed();
    }
    expect(Math.abs(machine.elapsed() - before - 3 * (MINUTE + SECOND))).toBeLessThanOrEqual(10);
  });

  it('is not moved by the grain of the uptime while the machine is awake', () => {
    const machine = createSleeper();
    const before = machine.elapsed();
    for (let each = 0; each < 10_000; each++) {
      machine.work(337);
      machine.elapsed();
    }
    expect(machine.elapsed() - before).toBe(3_370_000);
  });
});

describe('the machine’s clock', () => {
  it('is not moved by setting the machine’s', () => {
    const before = systemClock.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(Date.now() + 3 * DAY);
      expect(systemClock.now() - before).toBeLessThan(MINUTE);
      expect(systemClock.wallAheadMs()).toBeGreaterThan(3 * DAY - MINUTE);
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits as long as it is told, and not at all once called off', async () => {
    const began = performance.now();
    let called = 0;
    const callOff = systemClock.after(5, () => called++);
    callOff();
    await new Promise<void>((resolve) => void systemClock.after(20, resolve));
    expect(performance.now() - began).toBeGreaterThanOrEqual(18);
    expect(called).toBe(0);
  });

  it('does not come back at once from a wait longer than a timer can be', async () => {
    let called = 0;
    const callOff = systemClock.after(400 * DAY, () => called++);
    await new Promise<void>((resolve) => void systemClock.after(20, resolve));
    callOff();
    expect(called).toBe(0);
  });
});
