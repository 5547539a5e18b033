/** The load, in a process of its own: does what its parent asks for, one thing after the other. */
import { inventPeople } from '../../load/people.ts';
import { connectAtOnce } from './connecting.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { atRandom, inTurn, type NextWalk } from './people.ts';
import type { Connect, LoadAnswer, Order, Play } from './process.ts';
import { acknowledge, cases, type Dialect, echo, keyed } from './requests.ts';
import { restate } from './restate.ts';

const dialects: Record<Play['dialect'], Dialect> = { cases, keyed, echo, restate, acknowledge };
const crowds = new Map<string, Crowd>();
const queues = new Map<string, NextWalk>();

let playing = new AbortController();

process.on('message', (order: Order) => {
  if (order.kind === 'halt') playing.abort();
  else void answer(order);
});

async function answer(asked: Play | Connect): Promise<void> {
  const began = process.cpuUsage();
  const done: LoadAnswer = await carryOut(asked)
    .then((result) => ({ result: { ...result, loadCpuMicros: sum(process.cpuUsage(began)) } }))
    .catch((error: Error) => ({ fault: error.message }));
  process.send?.(done);
}

async function carryOut(asked: Play | Connect) {
  if (asked.kind === 'connect') return connectAtOnce(asked.url, asked.connections);
  playing = new AbortController();
  const { seconds, events } = asked;
  return crowdOf(asked).play({ seconds, events, signal: playing.signal });
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** A crowd is found again by what it plays and against whom: its walks go on. */
function crowdOf(play: Play): Crowd {
  const { url, dialect, connections, from = 0, people } = play;
  const key = [url, dialect, connections, from, people].join(' ');
  const known = crowds.get(key);
  if (known) return known;
  const crowd = createCrowd({ url, dialect: dialects[dialect], connections, nextWalk: walksOf(play) });
  crowds.set(key, crowd);
  return crowd;
}

/** Newcomers of one server stand in one line, however many connections they come by. */
function walksOf({ url, dialect, connections, from = 0, people }: Play): NextWalk {
  if (dialect === 'acknowledge') return atRandom(from, from + people, connections);
  const queue = queues.get(url) ?? inTurn(inventPeople(people), dialect === 'echo');
  queues.set(url, queue);
  return queue;
}
