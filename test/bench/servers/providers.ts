import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { Providers } from '../../../src/providers/types.ts';

const TOKEN_LIVES_MS = 10 * 60_000;

/** Providers that answer at once from memory, so that a measurement is of the server and of nothing outside. Every face passes. */
export function createBenchProviders(people: readonly PersonSample[]): Providers {
  const byIdNumber = new Map(people.map((person) => [person.idNumber, person]));
  const find = ({ name, idNumber }: { name: string; idNumber: string }) => {
    const person = byIdNumber.get(idNumber);
    return person?.name === name ? person : undefined;
  };
  return {
    people: {
      find: async (person) => ({ registered: find(person)?.registered ?? false }),
      register: async () => ({ created: true }),
    },
    sms: { send: async () => {} },
    faces: {
      start: async ({ subject }) => ({
        token: `face-${subject}`,
        url: `http://127.0.0.1/faces/${subject}`,
        expiresAt: new Date(Date.now() + TOKEN_LIVES_MS).toISOString(),
      }),
      check: async ({ subject }) => ({ subject, outcome: 'pass' }),
    },
    register: {
      async read(person) {
        const found = find(person);
        return found && { ...found, status: 'valid', specialties: [...found.specialties] };
      },
      file: async ({ caseId }) => ({ filingNumber: `F-${caseId}` }),
      withdraw: async () => {},
      tellEnterprise: async () => {},
    },
  };
}
