import type { Contestant } from './compare.ts';
import { SERVERS, type ServerName } from './servers/list.ts';
import { slowDisk } from './slow-disk.ts';

export interface Variant {
  name: string;
  title: string;
  connections: number;
  contestants: Contestant[];
  /** What all of them are started with; made when the variant is run. */
  env?(folder: string): Record<string, string>;
}

export const plainly = (...names: ServerName[]): Contestant[] =>
  names.map((name) => ({ label: SERVERS[name].letter, title: SERVERS[name].title, server: name }));

/** What its manual offers to a single small machine. */
const TUNED = { RESTATE_DEFAULT_NUM_PARTITIONS: '2', RESTATE_DEFAULT_JOURNAL_RETENTION: '0s' };

const ADDED_MS = 2;

export const variants: Variant[] = [
  {
    name: 'many',
    title: '32 connections',
    connections: 32,
    contestants: [
      ...plainly('echo', 'hand', 'plain', 'banjian', 'restate'),
      { label: 'e2', title: 'Restate, 2 partitions, no journal kept', server: 'restate', env: TUNED },
    ],
  },
  {
    name: 'one',
    title: '1 connection',
    connections: 1,
    contestants: plainly('hand', 'plain', 'banjian'),
  },
  {
    name: 'crowd',
    title: '256 connections',
    connections: 256,
    contestants: plainly('echo', 'hand', 'plain', 'banjian'),
  },
  {
    name: 'slow-disk',
    title: `32 connections, ${ADDED_MS} ms added to every fsync`,
    connections: 32,
    contestants: plainly('hand', 'plain', 'banjian'),
    env: (folder) => slowDisk(folder, ADDED_MS),
  },
  {
    name: 'cold',
    title: '32 connections, every case cold: nothing kept in memory between two events',
    connections: 32,
    contestants: [
      ...plainly('plain', 'banjian'),
      { label: 'd0', title: 'Banjian, no case kept hot', server: 'banjian', env: { BANJIAN_HOT_CASES: '0' } },
    ],
  },
  {
    name: 'keys',
    title: '32 connections, an Idempotency-Key with every event',
    connections: 32,
    contestants: [
      ...plainly('banjian'),
      { label: 'dk', title: 'Banjian, with keys', server: 'banjian', dialect: 'keyed' },
    ],
  },
];
