import type { NewPerson, People } from '../types.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import { canonicalIdNumber, type FindSample, sameName } from './people-samples.ts';

export function createPeople(ledger: Ledger, gate: Gate, findSample: FindSample): People {
  return {
    find: (person, call) =>
      gate.ask('find', call, () => {
        const name = findAccountName(ledger, findSample, person.idNumber);
        return { registered: name !== undefined && sameName(name, person.name) };
      }),
    register: (person, call) =>
      gate.once('register', call, () => ({ created: register(ledger, findSample, person) })),
  };
}

/** The name an ID number is registered under, whoever asks. */
export function findAccountName(
  ledger: Ledger,
  findSample: FindSample,
  idNumber: string,
): string | undefined {
  const sample = findSample(idNumber);
  if (sample?.registered) return sample.name;
  return ledger.find('account', canonicalIdNumber(idNumber))?.name;
}

function register(ledger: Ledger, findSample: FindSample, person: NewPerson): boolean {
  if (findAccountName(ledger, findSample, person.idNumber) !== undefined) return false;
  ledger.append('account', canonicalIdNumber(person.idNumber), person);
  return true;
}
