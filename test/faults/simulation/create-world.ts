import { openStore } from '../../../src/db/open.ts';
import type { Personal } from '../../../src/engine/types.ts';
import { createVault, type Vault } from '../../../src/vault/vault.ts';
import { inventPeople } from '../../load/people.ts';
import { keysNamed } from '../../vault/fixtures.ts';
import type { Choices } from './choices.ts';
import { createHistories } from './histories.ts';
import { createOracle } from './oracle.ts';
import { createDesk, type Stage } from './outside.ts';
import type { Plant } from './plants.ts';
import { createObserver } from './processes.ts';
import { drawProfile } from './profile.ts';
import { createSchedule, createTime } from './schedule.ts';
import { blame, count, say, shortNames, type World } from './world.ts';

/** Monday, 23 November 2026, 10:00 in China. */
const START = Date.parse('2026-11-23T02:00:00.000Z');

/** A database, people and an outside of its own, and no process yet. */
export async function createWorld(stage: Stage, choices: Choices, plant: Plant): Promise<World> {
  const profile = drawProfile(choices);
  const schedule = createSchedule();
  const vault = createVault(keysNamed('simulation'));
  const database = openStore(':memory:');
  const truth = plant.database?.(database) ?? database;
  const samples = inventPeople(3).map((sample, index) => ({ ...sample, registered: index < 2 }));
  const desk = createDesk(samples);
  const blameIt = (promise: string, detail: string) => blame(world, promise, detail);
  const time = createTime(START, schedule);
  const { matters } = stage;
  const tame = tamed(vault);
  const world: World = {
    choices,
    profile,
    plant,
    schedule,
    time,
    truth,
    oracle: createOracle(blameIt),
    histories: createHistories({
      truth,
      matters,
      done: desk.done,
      blame: blameIt,
      onEntry(name, { type, state, problem }) {
        count(world, `entry ${type}`);
        const plain = shortNames(world, JSON.stringify(state));
        say(world, `  ${name} ${type} ${problem ?? ''} ${plain}`);
      },
    }),
    vault: tame,
    observer: createObserver({ vault: tame, truth, matters, time }),
    matters,
    desk,
    people: [],
    processes: new Map(),
    requests: [],
    mark: 0,
    told: [],
    touched: new Set(),
    calm: false,
    step: 0,
    trace: [],
    counts: new Map(),
    broken: undefined,
  };
  for (let at = 0; at < profile.people; at++) world.people.push(await newPerson(world, choices, samples));
  return world;
}

/**
 * Argon2 runs on a pool of threads, whose turns no seed decides, so it is left out; and what was opened once is not opened
 * again: a tenth of what a run cost was opening the same values, which is tested elsewhere.
 */
function tamed(vault: Vault): Vault {
  const opened = new Map<string, Personal>();
  return {
    ...vault,
    hashPassword: async (password) => `not argon2 ${password.length}`,
    openValues(person, rows) {
      const name = rows.map(({ digest }) => digest).join();
      const values = opened.get(name) ?? vault.openValues(person, rows);
      opened.set(name, values);
      return { ...values };
    },
  };
}

/** Two devices may be one person's: their cases then come into each other's way. */
async function newPerson(
  { vault, truth }: World,
  choices: Choices,
  samples: ReturnType<typeof inventPeople>,
): Promise<World['people'][number]> {
  const { id, wrappedKey, epoch: keyEpoch } = vault.newPerson();
  const createdAt = new Date(START).toISOString();
  const session = { personId: id, channel: 'web', expiresAt: '2099-01-01T00:00:00.000Z' };
  await truth.createSession({ ...session, digest: id, wrappedKey, keyEpoch, createdAt });
  const sample = samples[choices.pick(samples.length)];
  if (!sample) throw new Error('nobody invented');
  return { caller: { role: 'applicant', id, address: 'one address', channel: 'web' }, sample };
}
