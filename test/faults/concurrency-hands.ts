import { setTimeout as delay } from 'node:timers/promises';
import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import type { Reply } from '../load/connection.ts';
import type { Client } from './concurrency-client.ts';
import { chooseMove, type Move, moveOf, type Random } from './concurrency-moves.ts';

/** A server that has no time asks to be left alone for a while. */
export const BACK_OFF_MS = 250;

/** A case while it is hot. */
export interface HotCase {
  view: CaseView;
  person: PersonSample;
  left: number;
  end: number;
  used: UsedKey[];
  keys: number;
  wait: number | undefined;
}

interface UsedKey {
  key: string;
  move: Move;
  isTaken: boolean;
}

/** A device: what it saw last may be long past. */
export interface Hand {
  client: Client;
  hot: HotCase;
  view: CaseView;
  random: Random;
  stream: { stop(): Promise<void>; left: number } | undefined;
}

/** Until all that the case is to be asked was asked. */
export async function useHand(hand: Hand): Promise<void> {
  while (hand.hot.left > 0) {
    await act(hand);
    if (hand.stream && --hand.stream.left <= 0) await stopStream(hand);
  }
  await stopStream(hand);
}

async function stopStream(hand: Hand): Promise<void> {
  const { stream } = hand;
  hand.stream = undefined;
  await stream?.stop();
}

/** One thing a device does, of about the shares the numbers say. */
async function act(hand: Hand): Promise<void> {
  const { hot, random, client } = hand;
  const dice = random.below(100);
  if (dice < 14) return look(hand, [client.read()]);
  if (dice < 18) return look(hand, [client.read(1 + random.below(hand.view.seq + 1))]);
  if (dice < 22) return look(hand, [client.readHistory()]);
  if (dice < 26) return startStream(hand);
  if (dice < 38) return useKeyAgain(hand);
  if (dice < 43) return useKeyForAnother(hand);
  const move = chooseMove(random, hand.view, hot.person, hot.left < hot.end);
  if (dice < 55) return tapTwice(hand, move);
  if (dice < 69) return crowd(hand, move);
  const key = random.chance(0.5) ? newKey(hand, move) : undefined;
  // Not under a key: of entries of the same millisecond, a repeated answer cannot tell which the first one waited for.
  const wait = key === undefined && random.chance(0.1) ? 0 : hot.wait;
  return make(hand, [move], () => ({ key, ifMatch: seenSeq(hand), wait }));
}

async function startStream(hand: Hand): Promise<void> {
  const { hot, client, random } = hand;
  if (hand.stream) return look(hand, [client.read()]);
  hot.left--;
  const last = random.chance(0.5) ? random.below(hand.view.seq + 1) : undefined;
  hand.stream = { ...client.follow(last), left: 8 };
}

/** As after an answer that was lost: long after, or while the first is still on its way. */
async function useKeyAgain(hand: Hand): Promise<void> {
  const again = chooseKey(hand);
  if (!again) return look(hand, [hand.client.read()]);
  await make(hand, [again.move], () => ({ key: again.key, ifMatch: seenSeq(hand) }));
}

async function useKeyForAnother(hand: Hand): Promise<void> {
  const again = chooseKey(hand, 1);
  if (!again) return look(hand, [hand.client.read()]);
  const event = hand.random.pick(['notice.acknowledge', 'form.save', again.move.event]);
  await make(hand, [moveOf(hand.random, event, hand.hot.person)], () => ({ key: again.key }));
}

/** Mostly one that led to something: a key of a refused request may be used for another. */
function chooseKey({ hot, random }: Hand, taken = 0.8): UsedKey | undefined {
  const known = hot.used.filter(({ isTaken }) => isTaken);
  const from = known.length > 0 && random.chance(taken) ? known : hot.used;
  return from[random.below(from.length)];
}

async function tapTwice(hand: Hand, move: Move): Promise<void> {
  const key = newKey(hand, move);
  const ifMatch = seenSeq(hand);
  await make(hand, [move, move], () => ({ key, ifMatch }));
}

/** Several at once that saw the same screen; at the end, submitting against withdrawing. */
async function crowd(hand: Hand, move: Move): Promise<void> {
  const { random, hot, view } = hand;
  const ifMatch = random.chance(0.5) ? view.seq : undefined;
  const isEnd = hot.left < hot.end && random.chance(0.5);
  const rival = isEnd
    ? moveOf(random, 'case.withdraw', hot.person)
    : chooseMove(random, view, hot.person, false);
  const moves = [move, rival, chooseMove(random, view, hot.person, false)];
  await make(hand, moves, (each) => ({ key: random.chance(0.5) ? newKey(hand, each) : undefined, ifMatch }));
}

type ConditionsOf = (move: Move) => {
  key?: string | undefined;
  ifMatch?: number | undefined;
  wait?: number | undefined;
};

async function make(hand: Hand, moves: Move[], conditionsOf: ConditionsOf): Promise<void> {
  const { client, hot } = hand;
  for (const { before } of moves) if (before) await client.play(before.path, before.body);
  const sent = moves.map(async (move) => {
    const conditions = { wait: hot.wait, ...conditionsOf(move) };
    const reply = await client.send(move.event, move.body, conditions);
    const used = hot.used.find(({ key }) => key === conditions.key);
    if (used && reply && reply.status < 300) used.isTaken = true;
    return reply;
  });
  await look(hand, sent);
}

async function look(hand: Hand, asked: Promise<Reply | undefined>[]): Promise<void> {
  const replies = await Promise.all(asked);
  const busy = replies.filter((reply) => reply?.status === 503);
  // What the server had no time for is not part of the load.
  hand.hot.left -= replies.length - busy.length;
  if (busy.length > 0) await delay(BACK_OFF_MS);
  for (const reply of replies) {
    if (reply?.status === 200 && reply.body.states) hand.view = reply.body;
  }
  const isBehind = replies.some((reply) => reply?.status === 409 || reply?.status === 412);
  if (isBehind && hand.random.chance(0.8)) await look(hand, [hand.client.read()]);
}

function seenSeq({ random, view }: Hand): number | undefined {
  return random.chance(0.3) ? view.seq : undefined;
}

function newKey({ hot }: Hand, move: Move): string {
  const key = `key-${++hot.keys}`;
  hot.used.push({ key, move, isTaken: false });
  return key;
}
