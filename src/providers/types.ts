/**
 * The outside world, one interface a provider. Every call carries an idempotency key that stays the same over
 * retries: a provider that has done the work for a key gives the same answer again. A failure worth another
 * try is thrown as `ProviderDown`.
 */
export interface Call {
  key: string;
  signal: AbortSignal;
}

/** The provider did not do the work, or we cannot know: try again under the same key. */
export class ProviderDown extends Error {
  override name = 'ProviderDown';
}

export interface NewPerson {
  idType: string;
  name: string;
  idNumber: string;
  idValidFrom: string;
  idValidTo: string;
  mobile: string;
  /** An argon2id hash in PHC form. */
  passwordHash: string;
}

/** The platform's accounts. A known ID number under another name is not found. */
export interface People {
  find(person: { name: string; idNumber: string }, call: Call): Promise<{ registered: boolean }>;
  /** `created: false`: the ID number has an account already. */
  register(person: NewPerson, call: Call): Promise<{ created: boolean }>;
}

export interface Sms {
  send(message: { mobile: string; text: string }, call: Call): Promise<void>;
}

export interface Faces {
  /** `subject` is the case: a token can be used for no other. */
  start(
    person: { name: string; idNumber: string; subject: string },
    call: Call,
  ): Promise<{ token: string; url: string; expiresAt: string }>;
  check(
    session: { token: string; subject: string },
    call: Call,
  ): Promise<{ subject: string; outcome: 'pass' | 'mismatch' | 'unfinished' }>;
}

export interface RegisterEntry {
  status: 'valid' | 'deregistered';
  name: string;
  sex: '1' | '2';
  idNumber: string;
  /** YYYY-MM-DD */
  birthDate: string;
  mobile: string;
  employerName: string;
  specialties: string[];
}

export interface Filing {
  caseId: string;
  itemCode: string;
  kind: 'normal' | 'forced';
  reason: string;
  idNumber: string;
  name: string;
  ethnicity: string;
  materials: { digest: string; size: number; mediaType: string; material: string }[];
}

/** The authority's register of engineers, and the desk that takes filings. */
export interface Register {
  read(person: { name: string; idNumber: string }, call: Call): Promise<RegisterEntry | undefined>;
  file(filing: Filing, call: Call): Promise<{ filingNumber: string }>;
  /** Takes a filing back. Nothing filed under that case is no error. */
  withdraw(filing: { caseId: string }, call: Call): Promise<void>;
  /** A forced deregistration does not wait for the enterprise, which is told. */
  tellEnterprise(notice: { caseId: string; employerName: string }, call: Call): Promise<void>;
}

export interface Providers {
  people: People;
  sms: Sms;
  faces: Faces;
  register: Register;
}
