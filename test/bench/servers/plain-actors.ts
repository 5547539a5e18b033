import { type AnyActor, type AnyActorRef, createActor, fromPromise, type Snapshot, waitFor } from 'xstate';
import { type Material, machine } from '../../../src/machines/supervision-engineer-deregistration/machine.ts';
import type { Providers } from '../../../src/providers/types.ts';

export type Personal = { name?: string; idNumber?: string; faceToken?: string };
type CaseEvent = { type: string; at: string };

/** A case that waits for nothing but its next event. */
export interface Settled {
  status: string;
  value: unknown;
  allowed: string[];
  snapshot: Snapshot<unknown>;
}

export interface CaseActor {
  can(event: CaseEvent): boolean;
  /** Answers when the promises that the event started have settled; the actor is stopped then. */
  send(event: CaseEvent): Promise<Settled>;
  stop(): void;
}

interface Known {
  caseId: string;
  personal: Personal;
}

type System = AnyActorRef['system'];
type Entry = { status: 'valid' | 'deregistered' | 'none'; specialties: string[] };
type FilingInput = { kind: string; reason: string; materials: Material[] };

/** The machine with its actors provided once: what each case knows is found by the actor system it runs in. */
export function createActors(providers: Providers) {
  const known = new WeakMap<System, Known>();
  const provided = machine.provide({ actors: actorsOf(providers, known), delays });
  return {
    open: (caseId: string) => {
      const actor = createActor(provided, { id: caseId });
      actor.start();
      return settle(actor);
    },
    revive(caseId: string, snapshot: Snapshot<unknown>, personal: Personal): CaseActor {
      const actor = createActor(provided, { id: caseId, snapshot });
      known.set(actor.system, { caseId, personal });
      actor.start();
      return {
        can: (event) => actor.getSnapshot().can(event as never),
        send(event) {
          actor.send(event as never);
          return settle(actor);
        },
        stop: () => void actor.stop(),
      };
    },
  };
}

/** The machine reads times from its events; results that XState brings by itself carry none. */
const delays = {
  faceTokenExpires: ({ context }: { context: { face: { expiresAt: string | null } } }) =>
    Math.max(0, Date.parse(context.face.expiresAt ?? '') - Date.now()),
};

async function settle(actor: AnyActor): Promise<Settled> {
  const isSettled = (now: { children: object }) => Object.keys(now.children).length === 0;
  const now = isSettled(actor.getSnapshot()) ? actor.getSnapshot() : await waitFor(actor, isSettled);
  const snapshot = actor.getPersistedSnapshot();
  const at = new Date().toISOString();
  const allowed = machine.events.filter((type) => !type.startsWith('xstate.') && now.can({ type, at }));
  actor.stop();
  return { status: now.status, value: now.value, allowed, snapshot };
}

function actorsOf({ people, faces, register }: Providers, known: WeakMap<System, Known>) {
  const { signal } = new AbortController();
  const of = (system: System) => {
    const { caseId, personal } = known.get(system) ?? { caseId: '', personal: {} };
    const { name = '', idNumber = '', faceToken = '' } = personal;
    return { caseId, personal, name, idNumber, faceToken, call: { key: caseId, signal } };
  };
  return {
    findPerson: fromPromise<{ registered: boolean }, undefined>(async ({ system }) => {
      const { call, ...person } = of(system);
      return people.find(person, call);
    }),
    startFace: fromPromise<{ expiresAt: string }, undefined>(async ({ system }) => {
      const { caseId, personal, call, ...person } = of(system);
      const { token, expiresAt } = await faces.start({ ...person, subject: caseId }, call);
      personal.faceToken = token;
      return { expiresAt };
    }),
    checkFace: fromPromise<{ outcome: 'pass' | 'mismatch' | 'unfinished' }, undefined>(async ({ system }) => {
      const { caseId, faceToken, call } = of(system);
      const { outcome } = await faces.check({ token: faceToken, subject: caseId }, call);
      return { outcome };
    }),
    readRegister: fromPromise<Entry, undefined>(async ({ system }) => {
      const { call, ...person } = of(system);
      const entry = await register.read(person, call);
      return { status: entry?.status ?? 'none', specialties: entry?.specialties ?? [] };
    }),
    fileDeregistration: fromPromise<{ filingNumber: string }, FilingInput>(async ({ system, input }) => {
      const { caseId, name, idNumber, call } = of(system);
      const { reason } = input;
      const filing = { caseId, itemCode: 'bench', kind: 'normal' as const, reason, idNumber, name };
      return register.file({ ...filing, ethnicity: '汉族', materials: [] }, call);
    }),
  };
}
