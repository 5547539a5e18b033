import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { inventPeople } from '../../load/people.ts';
import { beginWalk, type Walk } from './requests.ts';

export type NextWalk = (connection: number) => Walk;

/** One after the other, each once; or round and round, where nothing is kept of them. */
export function inTurn(people: readonly PersonSample[], again = false): NextWalk {
  let next = 0;
  return () => {
    const index = again ? next++ % people.length : next++;
    const person = people[index];
    if (!person) throw new Error(`only ${people.length} people were made ready`);
    return beginWalk(index, person);
  };
}

/** Anyone whose case is there already, but never one that another connection may be at. */
export function atRandom(from: number, to: number, connections: number): NextWalk {
  const [person] = inventPeople(1);
  if (!person) throw new Error('nobody was invented');
  const share = Math.floor((to - from) / connections);
  if (share === 0) throw new Error(`${to - from} cases are too few for ${connections} connections`);
  return (connection) => {
    const index = from + connection * share + Math.floor(Math.random() * share);
    // Nothing of the person but their token goes into such a request.
    return beginWalk(index, person);
  };
}
