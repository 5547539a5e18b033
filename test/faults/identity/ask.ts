import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { Seen } from './compare.ts';
import { beginAgain, type Device, newDevice, send, settle } from './device.ts';

/** A device may ask so often an hour; then another one must be taken. */
const CHECKS_A_DEVICE = 20;

export interface Groups {
  known: Seen[];
  unknown: Seen[];
}

export interface Question {
  /** What is typed of a person. */
  typed: (person: PersonSample) => { name: string; idNumber: string };
  headers: Record<string, string>;
}

/** Asks about one of each in turn, so that whatever else goes on is the same for both. */
export async function askInTurn(
  url: string,
  people: { known: PersonSample[]; unknown: PersonSample[] },
  question: Question,
): Promise<Groups> {
  const groups: Groups = { known: [], unknown: [] };
  let device: Device | undefined;
  let checks = 0;
  for (const [at, person] of people.known.entries()) {
    const other = people.unknown[at];
    if (!other) throw new Error('as many of one as of the other');
    // Now one first, now the other: whatever comes second must not look slower.
    const pair: [keyof Groups, PersonSample][] = [
      ['known', person],
      ['unknown', other],
    ];
    for (const [group, each] of at % 2 === 0 ? pair : pair.toReversed()) {
      if (!device || checks++ % CHECKS_A_DEVICE === 0) {
        device?.connection.close();
        device = await newDevice(url, each);
      } else await beginAgain(device);
      groups[group].push(await askOnce(device, each, question));
    }
  }
  device?.connection.close();
  return groups;
}

async function askOnce(device: Device, person: PersonSample, { typed, headers }: Question): Promise<Seen> {
  const began = performance.now();
  const reply = await send(device, 'identity.submit', typed(person), headers);
  const ms = performance.now() - began;
  await settle(device);
  return { reply, ms };
}
