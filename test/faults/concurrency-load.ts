import { setTimeout as delay } from 'node:timers/promises';
import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { type Connection, connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { must, newWalker } from '../load/walker.ts';
import { createRecorder, type Operation, type Recorder } from './checker-record.ts';
import { type Client, createClient } from './concurrency-client.ts';
import { BACK_OFF_MS, type Hand, type HotCase, useHand } from './concurrency-hands.ts';
import { createRandom } from './concurrency-moves.ts';

export interface Load {
  url: string;
  /** A token of an auditor, for histories read while they are written. */
  auditor: string;
  cases: number;
  operations: number;
  seed: number;
  /** How long an answer may wait for work elsewhere; the server's own limit when left out. */
  waitSeconds?: number;
  /** Stands between the clients and the server. */
  wrap?: ((connection: Connection) => Connection) | undefined;
}

const HOT_AT_ONCE = 8;
/** Devices that use one case at the same time, and connections of each. */
const HANDS = 4;
const CONNECTIONS = 2;
const PATIENCE = 120;
/** Every so many cases, of a person whom the platform does not know: the way through registration. */
const UNKNOWN_PERSON = 4;
/** The last part of a case's operations, in which it may be submitted and withdrawn. */
const TO_THE_END = 0.2;

/** Many devices on few cases: double taps, stale screens, keys used again, reads and streams between. */
export async function putLoad(load: Load): Promise<Operation[]> {
  const recorder = createRecorder();
  await slowDown(load.url);
  const waiting = Array.from({ length: load.cases }, (_, index) => index).values();
  const lanes = Array.from({ length: Math.min(load.cases, HOT_AT_ONCE) }, async () => {
    const connections = Array.from({ length: HANDS * CONNECTIONS }, () => connect(load.url));
    for (const index of waiting) await useCase(load, recorder, index, connections);
    for (const connection of connections) connection.close();
  });
  await Promise.all(lanes);
  return recorder.operations;
}

/** Work elsewhere takes its time, so that much can happen while it is under way. */
async function slowDown(url: string): Promise<void> {
  const connection = patient(connect(url));
  for (const provider of ['people', 'faces', 'register']) {
    await must(
      connection.call({ method: 'POST', path: '/simulator/faults', body: { provider, delayMs: 3 } }),
    );
  }
  connection.close();
}

/** For what is not part of the load: asks again while the server has no time. */
function patient(connection: Connection): Connection {
  return {
    ...connection,
    async call(one) {
      for (let tries = 1; tries < PATIENCE; tries++) {
        const reply = await connection.call(one).catch(() => undefined);
        if (reply && reply.status !== 503) return reply;
        await delay(BACK_OFF_MS);
      }
      return connection.call(one);
    },
  };
}

async function useCase(
  load: Load,
  recorder: Recorder,
  index: number,
  connections: Connection[],
): Promise<void> {
  const random = createRandom(load.seed * 1_000_003 + index);
  const person = personOf(load, index);
  const [first] = connections;
  if (!first) return;
  const { token } = await newWalker(patient(first), person);
  const clientOf = (caseId: string, name: string, own: Connection[]) =>
    createClient({
      url: load.url,
      recorder,
      connections: load.wrap ? own.map(load.wrap) : own,
      person: `p${index}`,
      name: `p${index}.${name}`,
      token,
      auditor: load.auditor,
      caseId,
    });
  const view = await openTwice(clientOf('', 'opener', connections));
  const left = Math.floor(load.operations / load.cases) - 3;
  const hot: HotCase = {
    view,
    person,
    left,
    end: left * TO_THE_END,
    used: [],
    keys: 0,
    wait: load.waitSeconds,
  };
  const hands = Array.from({ length: HANDS }, (_, hand): Hand => {
    const own = connections.slice(hand * CONNECTIONS, (hand + 1) * CONNECTIONS);
    return { client: clientOf(view.id, String(hand), own), hot, view, random, stream: undefined };
  });
  await Promise.all(hands.map(useHand));
}

function personOf(load: Load, index: number): PersonSample {
  const isUnknown = index % UNKNOWN_PERSON === UNKNOWN_PERSON - 1;
  const at = isUnknown ? load.cases + index : index;
  const person = inventPeople(at + 1)[at];
  if (!person) throw new Error('nobody is left');
  return person;
}

/** A double tap under one key, and a third tap under none. */
async function openTwice(client: Client): Promise<CaseView> {
  const taps = await Promise.all([client.open('open'), client.open('open')]);
  const opened = taps.find((reply) => reply?.status === 201);
  await (opened ? client.open() : delay(BACK_OFF_MS));
  return opened ? opened.body : openTwice(client);
}
