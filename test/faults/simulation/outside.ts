import type {
  ActionDefinition,
  EffectDefinition,
  EffectInput,
  JsonObject,
  Matter,
} from '../../../src/engine/types.ts';
import { loadMatters } from '../../../src/machines/index.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { ProviderDown, type Providers } from '../../../src/providers/types.ts';
import { createJobMatter } from './job-matter.ts';
import { blame, count, isPersonalAt, later, nameOf, say, type World } from './world.ts';

/** Everybody elsewhere: what was done there, once a key. */
export interface Desk {
  /** Answers by key. Whoever asks again under a key gets the first answer. */
  done: Map<string, JsonObject | undefined>;
  accounts: Set<string>;
  /** The newest text a mobile got. */
  messages: Map<string, string>;
  samples: Map<string, PersonSample>;
}

export function createDesk(samples: PersonSample[]): Desk {
  return {
    done: new Map(),
    accounts: new Set(samples.filter((each) => each.registered).map((each) => each.idNumber)),
    messages: new Map(),
    samples: new Map(samples.map((sample) => [sample.idNumber, sample])),
  };
}

/** Matters are costly to make and the same in every run, so a thread makes them once; `current` is whose turn it is. */
export interface Stage {
  matters: Map<string, Matter>;
  current: World | undefined;
}

export async function createStage(): Promise<Stage> {
  const stage: Stage = { matters: new Map(), current: undefined };
  const on = () => {
    if (!stage.current) throw new Error('nobody is on the stage');
    return stage.current;
  };
  const workshop = {
    inspect: () => ({ fine: !on().choices.chance(25) }),
    reserve: () => ({ place: on().choices.pick(2), note: 'somewhere' }),
  };
  const real = await loadMatters(providersOn(on), { identityPerHour: 12, smsPerHour: 6 });
  stage.matters = new Map([['job', createJobMatter(workshop)], ...real]);
  return stage;
}

/** The real matter's world, as plain as can be: that each key does its work once is seen to by whoever calls these. */
function providersOn(on: () => World): Providers {
  return {
    people: {
      find: async ({ idNumber }) => ({ registered: on().desk.accounts.has(idNumber) }),
      async register({ idNumber }) {
        const created = !on().desk.accounts.has(idNumber);
        on().desk.accounts.add(idNumber);
        return { created };
      },
    },
    sms: {
      send: async ({ mobile, text }) => void on().desk.messages.set(mobile, text),
    },
    faces: {
      async start(_, { key }) {
        const expiresAt = new Date(on().time.now() + 600_000).toISOString();
        return { token: `face of ${key}`, url: 'http://127.0.0.1/face', expiresAt };
      },
      check: async ({ subject }) => ({
        subject,
        outcome: on().choices.weigh([
          [70, 'pass'],
          [20, 'mismatch'],
          [10, 'unfinished'],
        ]),
      }),
    },
    register: {
      async read({ idNumber }) {
        const sample = on().desk.samples.get(idNumber);
        const status = on().choices.oneOf(['valid', 'valid', 'valid', 'deregistered'] as const);
        return sample && { ...sample, status, specialties: [...sample.specialties] };
      },
      file: async (_, { key }) => ({ filingNumber: `filed ${key}` }),
      withdraw: async () => {},
      tellEnterprise: async () => {},
    },
  };
}

/** The matters as one process has them: everything they do outside goes through the world. */
export function mattersOf(world: World, process: string): Map<string, Matter> {
  return new Map([...world.matters].map(([id, matter]) => [id, throughWorld(world, process, matter)]));
}

function throughWorld(world: World, process: string, matter: Matter): Matter {
  const wrap = <D extends EffectDefinition | ActionDefinition>(all: Record<string, D>): Record<string, D> =>
    Object.fromEntries(
      Object.entries(all).map(([name, one]) => [
        name,
        { ...one, run: runThrough(world, process, name, one) },
      ]),
    );
  return { ...matter, effects: wrap(matter.effects), actions: wrap(matter.actions) };
}

type Run = (input: EffectInput) => Promise<JsonObject>;

function runThrough(
  world: World,
  process: string,
  name: string,
  one: EffectDefinition | ActionDefinition,
): Run {
  const change = world.plant.call?.() ?? ((input: EffectInput) => input);
  return (given) => {
    const input = change(given);
    return new Promise((resolve, reject) => {
      const run = () => perform(world, process, name, input, one.run as Run, { resolve, reject });
      world.schedule.add({ to: process, what: name, run });
    });
  };
}

interface Caller {
  resolve(answer: JsonObject): void;
  reject(error: Error): void;
}

/** Done or not, answered now, late, never, or with a failure. A signal to stop is not heard: such providers there are. */
async function perform(
  world: World,
  process: string,
  name: string,
  input: EffectInput,
  work: Run,
  caller: Caller,
): Promise<void> {
  const { choices, profile, calm } = world;
  const fails = !calm && choices.chance(profile.providerFails);
  const silent = !calm && choices.chance(profile.providerSilent);
  const after = (fails || silent) && choices.chance(50);
  const late = !calm && choices.chance(profile.slow);
  const how = `${fails ? 'failed ' : ''}${silent ? 'silent ' : ''}${after ? 'after ' : ''}${late ? 'late' : ''}`;
  say(world, `${process} outside ${name} of ${nameOf(world, input.caseId)} ${how}`);
  count(world, `outside: ${how.trim() || 'answered'}`);
  if ((fails || silent) && !after) return fails ? caller.reject(new ProviderDown()) : undefined;
  const answer = await doOnce(world, name, input, work).catch((error: unknown) => {
    blame(world, 'work outside has what it needs', `${name}: ${String(error)}`);
    return {};
  });
  if (silent) return;
  const tell = async () => (fails ? caller.reject(new ProviderDown()) : caller.resolve(answer));
  if (late) world.schedule.add({ to: process, what: `${name} …`, from: later(world), run: tell });
  else await tell();
}

async function doOnce(world: World, name: string, input: EffectInput, work: Run): Promise<JsonObject> {
  const { done } = world.desk;
  if (!world.histories.isWish(input.caseId, input.key, name)) {
    blame(world, 'work outside is done only for a wish of the history', `${name} under ${input.key}`);
  }
  const seq = Number(/[:#](\d+)[:.]/.exec(input.key)?.[1]);
  if (!(await isPersonalAt(world, input.caseId, seq, input.personal))) {
    blame(world, 'personal values are those of their entry', `${name} under ${input.key}`);
  }
  if (done.has(input.key)) count(world, 'outside: asked again under its key');
  else done.set(input.key, await work(input));
  return done.get(input.key) ?? {};
}
