import { randomBytes } from 'node:crypto';
import { type Faces, ProviderDown } from '../types.ts';
import type { Gate } from './gate.ts';
import type { FaceOutcome, FaceSession, Ledger } from './ledger.ts';
import type { Clock } from './records.ts';

const lifetimeMs = 10 * 60_000;

export interface FaceDesk {
  faces: Faces;
  /** How the check of a token stands; undefined when there is none, or it has expired. */
  findOutcome(token: string): FaceOutcome | undefined;
  /** What the person did before the camera. A pass or a mismatch stands once set. False when there is no such check. */
  setOutcome(token: string, outcome: FaceOutcome): boolean;
}
export interface FaceDeskOptions {
  ledger: Ledger;
  gate: Gate;
  clock: Clock;
  baseUrl: string | (() => string);
}

export function createFaceDesk({ ledger, gate, clock, baseUrl }: FaceDeskOptions): FaceDesk {
  const findOpen = (token: string) => {
    const session = ledger.find('face', token);
    return session && clock.now() < session.expiresAt ? session : undefined;
  };
  return {
    faces: {
      start: ({ subject }, call) =>
        gate.once('start', call, () => {
          const session = openSession(subject, clock);
          ledger.append('face', session.token, session);
          return describe(session, typeof baseUrl === 'string' ? baseUrl : baseUrl());
        }),
      check: ({ token, subject }, call) =>
        gate.once(
          'check',
          call,
          () => check(findOpen(token), ledger.find('face', token)?.subject ?? subject),
          isFinal,
        ),
    },
    findOutcome: (token) => findOpen(token)?.outcome,
    setOutcome: (token, outcome) => {
      const session = findOpen(token);
      if (session && !isFinal(session)) ledger.replace('face', token, { ...session, outcome });
      return session !== undefined;
    },
  };
}

function openSession(subject: string, clock: Clock): FaceSession {
  const token = randomBytes(16).toString('base64url');
  return { token, subject, expiresAt: clock.now() + lifetimeMs, outcome: 'unfinished' };
}

function describe({ token, expiresAt }: FaceSession, baseUrl: string) {
  return { token, url: `${baseUrl}/simulator/faces/${token}`, expiresAt: new Date(expiresAt).toISOString() };
}

/** A token that is unknown or out of time says nothing about the person, so it is never a mismatch. */
function check(session: FaceSession | undefined, subject: string) {
  const outcome = session?.outcome ?? 'unfinished';
  if (outcome === 'down') throw new ProviderDown('faces is down (simulated)');
  return { subject, outcome };
}

function isFinal({ outcome }: { outcome: FaceOutcome }): boolean {
  return outcome === 'pass' || outcome === 'mismatch';
}
