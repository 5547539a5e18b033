import { actAsClient } from './clients.ts';
import { isWrite } from './faulty-store.ts';
import { crash, startProcess, stop } from './processes.ts';
import { isUnderWay } from './requests.ts';
import { count, listening, say, type World } from './world.ts';

/** What happens next, of everything that could. */
export async function next(world: World): Promise<void> {
  const { choices, profile, schedule } = world;
  const waiting = schedule.waiting().length;
  const up = listening(world);
  const writes = schedule.waiting().filter(isWrite).length;
  const act = choices.weigh<(world: World) => Promise<void> | void>([
    [waiting > 0 ? 100 : 0, goOn],
    [writes > 1 ? 40 : 0, writeTogether],
    [up.length > 0 && mayAsk(world) ? 40 : 0, actAsClient],
    [profile.timeMoves, passTime],
    [up.length > 0 ? profile.crashes : 0, crashOne],
    [up.length > 0 ? profile.stops : 0, stopOne],
    [missing(world).length > 0 ? 20 : 0, startOne],
  ]);
  await act(world);
}

function mayAsk({ requests, profile }: World): boolean {
  return requests.length < profile.requests && requests.filter(isUnderWay).length < profile.atOnce;
}

async function goOn({ schedule, choices, profile, plant, step }: World): Promise<void> {
  const waiting = schedule.waiting();
  const ready = waiting.flatMap(({ from = 0 }, index) => (from <= step ? [index] : []));
  const among = ready.length > 0 ? ready : [...waiting.keys()];
  const index =
    among[plant.noise?.() || choices.chance(profile.shuffled) ? choices.pick(among.length) : 0] ?? 0;
  await schedule.take(index).run();
}

/** All writes that wait are begun in one turn: a store may put them into one transaction. */
async function writeTogether(world: World): Promise<void> {
  const { schedule } = world;
  count(world, 'writes together');
  const at = schedule.waiting().flatMap((owed, index) => (isWrite(owed) ? [index] : []));
  const owed = at.toReversed().map((index) => schedule.take(index));
  await Promise.all(owed.toReversed().map((one) => one.run()));
}

function passTime(world: World): void {
  const { choices, time } = world;
  const next = Math.max(0, (time.nextAt() ?? time.now()) - time.now());
  const ms = choices.weigh([
    [50, next],
    [20, 1 + choices.pick(5_000)],
    [12, 31_000],
    [10, 61_000],
    [6, 5 * 60_000],
    [2, 26 * 3_600_000],
  ]);
  say(world, `+${ms} ms`);
  time.moveTo(time.now() + ms);
}

function crashOne(world: World): void {
  const [first, ...others] = listening(world);
  if (first) crash(world, world.choices.oneOf([first, ...others]));
}

function stopOne(world: World): void {
  const [first, ...others] = listening(world);
  if (first) stop(world, world.choices.oneOf([first, ...others]));
}

function missing({ processes }: World): string[] {
  return [...processes].filter(([, process]) => process === undefined).map(([place]) => place);
}

function startOne(world: World): void {
  const [first, ...others] = missing(world);
  if (first !== undefined) startProcess(world, world.choices.oneOf([first, ...others]));
}
