import type { Filing, Register, RegisterEntry } from '../types.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import { type FindSample, type PersonSample, sameName } from './people-samples.ts';
import type { Clock } from './records.ts';

/** The mainland keeps one time all year. */
const chinaOffsetMs = 8 * 3_600_000;

export function createRegister(ledger: Ledger, gate: Gate, clock: Clock, findSample: FindSample): Register {
  const now = () => new Date(clock.now()).toISOString();
  return {
    read: (person, call) => gate.ask('read', call, () => findEntry(findSample(person.idNumber), person.name)),
    file: (filing, call) => gate.once('file', call, () => file(ledger, clock, filing)),
    withdraw: ({ caseId }, call) => gate.once('withdraw', call, () => ledger.remove('filing', caseId)),
    tellEnterprise: ({ caseId, employerName }, call) =>
      gate.once('tellEnterprise', call, () => {
        ledger.append('notice', caseId, { caseId, employerName, at: now() });
      }),
  };
}

function findEntry(sample: PersonSample | undefined, name: string): RegisterEntry | undefined {
  if (!sample || sample.register === 'none' || !sameName(sample.name, name)) return undefined;
  const { sex, birthDate, mobile, employerName, specialties } = sample;
  return {
    status: sample.register,
    name: sample.name,
    sex,
    idNumber: sample.idNumber,
    birthDate,
    mobile,
    employerName,
    specialties: [...specialties],
  };
}

/** Appended, not replaced: a case filed twice under two keys must be seen as two. */
function file(ledger: Ledger, clock: Clock, filing: Filing): { filingNumber: string } {
  const filingNumber = nextFilingNumber(ledger, clock);
  ledger.append('filing', filing.caseId, {
    ...filing,
    filingNumber,
    at: new Date(clock.now()).toISOString(),
  });
  return { filingNumber };
}

function nextFilingNumber(ledger: Ledger, clock: Clock): string {
  const day = new Date(clock.now() + chinaOffsetMs).toISOString().slice(0, 10).replaceAll('-', '');
  const count = (ledger.find('counter', day)?.count ?? 0) + 1;
  ledger.replace('counter', day, { count });
  return `ZX${day}${String(count).padStart(6, '0')}`;
}
