import type { Providers } from '../types.ts';
import { createFaceDesk, type FaceDesk } from './faces.ts';
import { createFaults, type Delay, type Fault, type Faults, type ProviderName } from './faults.ts';
import { createGate } from './gate.ts';
import {
  type EffectRecord,
  type EnterpriseNotice,
  type FaceOutcome,
  type FilingReceived,
  type Ledger,
  type Message,
  openLedger,
} from './ledger.ts';
import { createPeople, findAccountName } from './people.ts';
import { type FindSample, indexSamples, type PersonSample, peopleSamples } from './people-samples.ts';
import type { Clock } from './records.ts';
import { createRegister } from './register.ts';
import { createSms } from './sms.ts';

export interface SimulatorOptions {
  file: string;
  /** 32 bytes: all that is personal in the file is sealed under it. */
  key: Uint8Array;
  clock: Clock;
  delay: Delay;
  /** Where people reach this server, without a slash at the end; asked when needed, for a port may not be known before. */
  baseUrl: string | (() => string);
  /** Who lives in this world; the samples when left out. */
  people?: readonly PersonSample[] | undefined;
}

/** What only a simulation can do: play the person, the phone and the breakdown, and look behind the counter. */
export interface SimulatorControl {
  /** The samples; `registered` is as it stands now. */
  people(): PersonSample[];
  /** Newest first. */
  messages(mobile: string): Message[];
  /** A pass or a mismatch stands once set. False when there is no such check, or it has expired. */
  setFaceOutcome(token: string, outcome: FaceOutcome): boolean;
  findFaceOutcome(token: string): FaceOutcome | undefined;
  hasFace(token: string): boolean;
  fail(provider: ProviderName, fault: Fault): void;
  /** Newest first. */
  filings(): FilingReceived[];
  /** Newest first. */
  notices(): EnterpriseNotice[];
  /** Calls made under an effect's key, failed ones too. */
  attempts(key: string): number;
  /** How often each effect's key was called for and settled, newest first. */
  ledger(): EffectRecord[];
}

export interface Simulator {
  providers: Providers;
  control: SimulatorControl;
  close(): void;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { file, key, clock, delay, baseUrl, people = peopleSamples } = options;
  const findSample = indexSamples(people);
  const ledger = openLedger({ file, key, clock });
  const faults = createFaults(delay);
  const gate = (provider: ProviderName) => createGate(provider, ledger, faults);
  const desk = createFaceDesk({ ledger, gate: gate('faces'), clock, baseUrl });
  return {
    providers: {
      people: createPeople(ledger, gate('people'), findSample),
      sms: createSms(ledger, gate('sms'), clock),
      faces: desk.faces,
      register: createRegister(ledger, gate('register'), clock, findSample),
    },
    control: controlOf({ ledger, faults, desk, people, findSample }),
    close: () => ledger.close(),
  };
}

interface World {
  ledger: Ledger;
  faults: Faults;
  desk: FaceDesk;
  people: readonly PersonSample[];
  findSample: FindSample;
}

function controlOf({ ledger, faults, desk, people, findSample }: World): SimulatorControl {
  return {
    people: () =>
      people.map((sample) => ({
        ...sample,
        registered: findAccountName(ledger, findSample, sample.idNumber) !== undefined,
      })),
    messages: (mobile) => ledger.list('message', mobile),
    setFaceOutcome: (token, outcome) => desk.setOutcome(token, outcome),
    findFaceOutcome: (token) => desk.findOutcome(token),
    hasFace: (token) => desk.findOutcome(token) !== undefined,
    fail: (provider, fault) => faults.fail(provider, fault),
    filings: () => ledger.list('filing'),
    notices: () => ledger.list('notice'),
    attempts: (key) => ledger.attempts(key),
    ledger: () => ledger.ledger(),
  };
}
