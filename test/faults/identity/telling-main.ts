/** The real server over a registry that lets slip who is in it, being late and now and then falling over: what the checks must catch. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/clock.ts';
import { readConfig } from '../../../src/config.ts';
import { startServer } from '../../../src/main.ts';
import { createSimulator } from '../../../src/providers/simulator/index.ts';
import { inventPeople } from '../../load/people.ts';

const LATE_MS = 25;

const { PEOPLE = '64', ...env } = process.env;
const people = inventPeople(Number(PEOPLE));
const config = readConfig(env);
const { providers } = createSimulator({
  file: join(config.dataDir, 'telling.db'),
  key: new Uint8Array(32),
  clock: systemClock,
  delay: (ms, signal) => delay(ms, undefined, { signal }),
  baseUrl: '',
  people,
});
const find = providers.people.find.bind(providers.people);
const known = new Map(people.map(({ idNumber }, at) => [idNumber, at]));
providers.people.find = async (person, call) => {
  const at = known.get(person.idNumber);
  if (at !== undefined) await delay(LATE_MS);
  if (at !== undefined && at % 2 === 0) throw new Error('there is such a person');
  return find(person, call);
};
const server = await startServer(config, { providers });
process.once('SIGTERM', () => void server.stop());
console.log(`listening ${server.address}`);
