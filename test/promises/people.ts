import { peopleSamples } from '../../src/providers/simulator/people-samples.ts';
import type { Walker } from '../applicant.ts';

/** The simulator's invented people, by what the tests need of them. */
export const person = {
  ordinary: find((each) => each.registered && each.register === 'valid' && each.specialties.length === 1),
  twoSpecialties: find(
    (each) => each.registered && each.register === 'valid' && each.specialties.length === 2,
  ),
  unregistered: find(
    (each) => !each.registered && each.register === 'valid' && each.specialties.length === 1,
  ),
  deregistered: find((each) => each.registered && each.register === 'deregistered'),
  noEntry: find((each) => each.registered && each.register === 'none'),
};

function find(fits: (each: (typeof peopleSamples)[number]) => boolean): Walker {
  const found = peopleSamples.find(fits);
  if (!found) throw new Error('no such sample person');
  const { name, idNumber, mobile, specialties } = found;
  return { name, idNumber, mobile, specialties: [...specialties] };
}
