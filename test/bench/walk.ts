import { createHash } from 'node:crypto';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';

export const MATTER = 'supervision-engineer-deregistration';

const CASE_ID_LENGTH = 22;

/** What a registered person sends on the normal way, as `test/load/walker.ts` would choose it from each answer. */
export interface WalkStep {
  event: string;
  body(person: PersonSample, faceToken: string): object;
}

const always = (event: string, body: object): WalkStep => ({ event, body: () => body });

export const STEPS: readonly WalkStep[] = [
  { event: 'identity.submit', body: ({ name, idNumber }) => ({ name, idNumber }) },
  always('face.begin', { consent: true }),
  { event: 'face.finish', body: (_person, token) => ({ token }) },
  ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((clause) => always('notice.acknowledge', { clause })),
  always('notice.declare', {}),
  always('notice.proceed', { kind: 'normal' }),
  always('pledge.accept', {}),
  always('form.submit', { ethnicity: '汉族', reason: 'voluntary' }),
];

/** Opening the case counts as one. */
export const EVENTS_A_WALK = 1 + STEPS.length;

/** The bearer token of a person of the bench: every server is given their sessions before the clock starts. */
export function tokenOf(index: number): string {
  return `bench${String(index).padStart(38, '0')}`;
}

export function tokenDigestOf(index: number): string {
  return createHash('sha256').update(tokenOf(index)).digest('hex');
}

/** The case of a person in a database that was filled: as even as the random ones, but known beforehand. */
export function caseIdOf(index: number): string {
  return createHash('sha256').update(`case ${index}`).digest('base64url').slice(0, CASE_ID_LENGTH);
}

/** Each person has an address of their own behind one proxy, so that limits an address can stay as they are by default. */
export function addressOf(index: number): string {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}

/** What Banjian's edge adds to a body for the machine, for those who speak to the machine without it. */
export function factsOf(event: string): object {
  if (event === 'face.begin') return { consentVersion: '1', channel: 'web' };
  return event === 'pledge.accept' ? { pledgeVersion: '1' } : {};
}
