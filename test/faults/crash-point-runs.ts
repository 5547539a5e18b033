import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { type Expected, findFaults, findUnwished, leftBehind } from './crash-point-check.ts';
import { type CrashAt, type Rig, type RigOptions, startRig } from './crash-point-rig.ts';
import { newWalk, type Walk, type WalkStep } from './crash-point-walk.ts';

/** The nth time a point is passed in a step of a walk. */
export interface Target {
  step: string;
  point: string;
  nth: number;
}

/** A walk on which nobody died: what it passes, step by step, and what it leaves behind. */
export interface Recording {
  start: string[];
  steps: { step: string; points: string[] }[];
  expected: Expected;
}

export function passedIn({ start, steps }: Recording): string[] {
  return [...start, ...steps.flatMap(({ points }) => points)];
}

/** A server, and one after the other the walks on it. */
export interface Lane {
  rig: Rig;
  recording: Recording;
  /**
   * One walk, with at most one death a step, and with each death another while it starts again, while there are any
   * of these left. Answers with what was wrong, and with what was never passed.
   */
  walkWith(targets: Target[], starts?: CrashAt[]): Promise<Walked>;
  stop(): Promise<void>;
}

export interface Walked {
  faults: string[];
  missed: Target[];
  done: Target[];
}

export async function startLane(
  script: WalkStep[],
  registered: boolean,
  options: RigOptions = {},
): Promise<Lane> {
  let walk: Walk | undefined;
  const unwished: string[] = [];
  const rig = await startRig({
    ...options,
    async onDeath() {
      if (walk?.caseId) unwished.push(...(await findUnwished(walk)));
    },
  });
  const people = rig.people.filter((person) => person.registered === registered).values();
  const recording = await record(rig, script, next(people));

  return {
    rig,
    recording,
    async walkWith(targets, starts = []) {
      walk = newWalk(rig, next(people));
      unwished.length = 0;
      const taking = { walk, script, targets: firstOfEachStep(targets), starts, missed: [], done: [] };
      const faults = await takeAll(taking)
        .then(async () => (walk ? findFaults(walk, recording.expected) : []))
        .catch((error: unknown) => [String(error)]);
      return { faults: [...unwished, ...faults], missed: taking.missed, done: taking.done };
    },
    stop: () => rig.stop(),
  };
}

function next(people: Iterator<PersonSample>): PersonSample {
  const { value } = people.next();
  if (!value) throw new Error('more walks than people');
  return value;
}

async function record(rig: Rig, script: WalkStep[], person: PersonSample): Promise<Recording> {
  const start = await rig.startTrace();
  await rig.takeTrace();
  const walk = newWalk(rig, person);
  const steps: Recording['steps'] = [];
  for (const step of script) {
    await step.take(walk);
    steps.push({ step: step.name, points: await rig.takeTrace() });
  }
  return { start, steps, expected: await leftBehind(walk) };
}

function firstOfEachStep(targets: Target[]): Map<string, Target> {
  return new Map(targets.toReversed().map((target) => [target.step, target]));
}

interface Taking {
  walk: Walk;
  script: WalkStep[];
  targets: Map<string, Target>;
  starts: CrashAt[];
  missed: Target[];
  done: Target[];
}

async function takeAll({ walk, script, targets, starts, missed, done }: Taking): Promise<void> {
  for (const step of script) {
    const target = targets.get(step.name);
    if (!target) {
      await step.take(walk);
      continue;
    }
    done.push(target);
    const start = starts.pop();
    if (start) walk.rig.dieAtNextStart(start);
    if (!(await dieAt(walk, step, target))) missed.push(target);
  }
}

/** It looks each second. */
const WORKER_LOOKS_MS = 4_000;

/** False when the step was taken without the server having died of it. */
async function dieAt(walk: Walk, step: WalkStep, target: Target): Promise<boolean> {
  const { rig } = walk;
  const before = rig.deaths();
  await rig.arm(target);
  await step.take(walk);
  if (rig.deaths() > before) return true;
  // The worker looks for work each second: what is passed there comes round again.
  const died = await rig
    .until('it dies', () => rig.deaths() > before, WORKER_LOOKS_MS)
    .then(
      () => true,
      () => false,
    );
  if (!died) await rig.arm({ point: 'nowhere', nth: 1 });
  return died;
}

type Passed = Recording['steps'];

/** Of each point the first, the middle and the last time it is passed. */
export function chooseTargets(steps: Passed): Target[] {
  const all = new Map<string, Target[]>();
  for (const { step, points } of steps) {
    const times = new Map<string, number>();
    for (const point of points) {
      const nth = (times.get(point) ?? 0) + 1;
      times.set(point, nth);
      all.set(point, [...(all.get(point) ?? []), { step, point, nth }]);
    }
  }
  return [...all.values()].flatMap((passed) => {
    const three = [passed[0], passed[Math.floor((passed.length - 1) / 2)], passed.at(-1)];
    return [...new Set(three)].filter((target) => target !== undefined);
  });
}

export interface Deaths {
  deaths: number;
  /** Of them, while starting again. */
  atStart: number;
  walks: number;
  faults: string[];
  missed: Target[];
}

/** As many walks as it takes until the server has died at each target. */
export async function dieAtEach(lane: Lane, targets: Target[], starts: CrashAt[] = []): Promise<Deaths> {
  const result: Deaths = { deaths: 0, atStart: 0, walks: 0, faults: [], missed: [] };
  const startsLeft = [...starts];
  for (let left = targets; left.length > 0; ) {
    const { faults, missed, done } = await lane.walkWith(left, startsLeft);
    result.walks += 1;
    result.deaths += done.length - missed.length;
    result.missed.push(...missed);
    if (faults.length > 0) result.faults.push(`${faults.join('; ')} — after ${done.map(show).join(', ')}`);
    if (done.length === 0) break;
    left = left.filter((target) => !done.includes(target));
  }
  // What is passed only in a process that knows the case already is missed where it died in the step before.
  for (const target of result.missed.splice(0)) {
    const { faults, missed } = await lane.walkWith([target]);
    result.walks += 1;
    result.deaths += 1 - missed.length;
    result.missed.push(...missed);
    if (faults.length > 0) result.faults.push(`${faults.join('; ')} — after ${show(target)}`);
  }
  return { ...result, atStart: starts.length - startsLeft.length };
}

function show({ step, point, nth }: Target): string {
  return `${step}: ${point.slice(0, 60)}… ${point.slice(-10)} (${nth})`;
}
