import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { inventPeople } from '../load/people.ts';

type Kind = 'registered' | 'new' | 'deregistered' | 'none';

/** Invented engineers to be taken one after another: a person has one open case, so no two tests share one. */
export function createPeople(count = 60) {
  const kinds: Kind[] = ['registered', 'registered', 'new', 'deregistered', 'none'];
  const all = inventPeople(count).map((person, index) => asKind(person, kinds[index % kinds.length]));
  const left = new Map(
    kinds.map((kind) => [kind, all.filter((_, index) => kinds[index % kinds.length] === kind)]),
  );
  return {
    all,
    take(kind: Kind): PersonSample {
      const person = left.get(kind)?.shift();
      if (!person) throw new Error(`no more people that are ${kind}`);
      return person;
    },
  };
}

function asKind(person: PersonSample, kind: Kind | undefined): PersonSample {
  if (kind === 'new') return { ...person, registered: false, specialties: ['公路工程', '市政公用工程'] };
  if (kind === 'deregistered' || kind === 'none') return { ...person, register: kind };
  return person;
}
