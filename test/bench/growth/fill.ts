import { mkdirSync } from 'node:fs';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { inventPeople } from '../../load/people.ts';
import { createCrowd } from '../load/crowd.ts';
import { acknowledge, beginWalk, cases, type Dialect } from '../load/requests.ts';
import { startMeasured } from '../servers/start.ts';
import { caseIdOf } from '../walk.ts';
import { cloneCases } from './clone.ts';
import { closeOrigin, type Origin, openOrigin, writeInBulk } from './origin.ts';
import { publishAll } from './publish-all.ts';
import { readTemplate } from './template.ts';

/** Opening, who one is, the face: then the case stands in `notice.reading`, with what is personal in its vault. */
const EVENTS_TO_READING = 4;
const WRITTEN_AT_ONCE = 10_000;
const NO_LIMITS = { BANJIAN_RATE_PER_MINUTE: '1000000' };

export interface FillOptions {
  folder: string;
  /** People with a session and no case, from 0 on. */
  newcomers: number;
  cases: number;
  /** Some cases more, of so many entries. */
  long?: { cases: number; entries: number };
}

/** Cases of the people `from`, `from + 1`, …, all of the same length. */
export interface Filled {
  folder: string;
  from: number;
  cases: number;
  entries: number;
  /** Entries of all cases, each of them under a checkpoint. */
  published: number;
  long: { from: number; cases: number; entries: number };
}

/** A database as it would be after many walks: a case is really walked, the others are written like it. */
export async function fill(options: FillOptions, progress: (line: string) => void): Promise<Filled> {
  const { folder, newcomers, cases: short, long } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const from = newcomers + 1;
  const people = inventPeople(from + short + (long?.cases ?? 0));
  const entries = await walkAndCopy(options, people, { from, to: from + short }, progress);
  const longFrom = from + short;
  if (long) {
    // One case more is a short one that went on, alone; the long ones are written like it.
    const range = { from: longFrom, to: longFrom + 1 };
    await copy(folder, people, { index: from, caseId: caseIdOf(from) }, range, progress);
    await play(options, acknowledge, longFrom, long.entries - entries);
    const rest = { from: longFrom + 1, to: longFrom + long.cases };
    await copy(folder, people, { index: longFrom, caseId: caseIdOf(longFrom) }, rest, progress);
  }
  const published = await publishAll(folder);
  progress(`${published} entries are published`);
  return {
    folder,
    from,
    cases: short,
    entries,
    published,
    long: { from: longFrom, cases: 0, entries: 0, ...long },
  };
}

async function walkAndCopy(
  options: FillOptions,
  people: PersonSample[],
  range: { from: number; to: number },
  progress: (line: string) => void,
): Promise<number> {
  const { folder, newcomers } = options;
  await play(options, cases, newcomers, EVENTS_TO_READING);
  return copy(folder, people, { index: newcomers, caseId: undefined }, range, progress);
}

/** Answers how many entries each of them has. */
async function copy(
  folder: string,
  people: PersonSample[],
  walked: { index: number; caseId: string | undefined },
  { from, to }: { from: number; to: number },
  progress: (line: string) => void,
): Promise<number> {
  const origin = await openOrigin(folder);
  const person = people[walked.index];
  const caseId = walked.caseId ?? onlyCaseOf(origin);
  if (!person) throw new Error('nobody walked');
  const template = readTemplate(origin, walked.index, person, caseId);
  // Whole histories of any length fit into memory by so many.
  const atOnce = Math.max(1, Math.floor((WRITTEN_AT_ONCE * EVENTS_TO_READING) / template.entries.length));
  for (let index = from; index < to; index += atOnce) {
    const range = { from: index, people: people.slice(index, Math.min(to, index + atOnce)) };
    writeInBulk(origin, () => cloneCases(origin.db, origin.vault, template, range));
    const done = index + range.people.length - from;
    const tenths = (cases: number) => Math.floor((cases * 10) / (to - from));
    if (tenths(done) > tenths(done - atOnce)) {
      progress(`${done} of ${to - from} cases of ${template.entries.length} entries`);
    }
  }
  closeOrigin(origin);
  return template.entries.length;
}

function onlyCaseOf({ db }: Origin): string {
  const [found, other] = db.prepare<[], { id: string }>('SELECT id FROM cases LIMIT 2').all();
  if (!found || other) throw new Error('not one case');
  return found.id;
}

/** Really walked, over HTTP. */
async function play(options: FillOptions, dialect: Dialect, index: number, events: number): Promise<void> {
  const { folder, newcomers } = options;
  const people = newcomers + 1;
  const server = await startMeasured({ name: 'banjian', folder, dataFolder: folder, people, env: NO_LIMITS });
  try {
    const [person] = inventPeople(index + 1).slice(-1);
    if (!person) throw new Error('nobody there');
    const nextWalk = () => beginWalk(index, person);
    await createCrowd({ url: server.url, dialect, connections: 1, nextWalk }).play({ events });
  } finally {
    await server.stop();
  }
}
