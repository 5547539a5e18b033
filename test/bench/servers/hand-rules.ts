import type { Call, Providers } from '../../../src/providers/types.ts';

export type Status =
  | 'entering'
  | 'notFound'
  | 'consenting'
  | 'capturing'
  | 'faceFailed'
  | 'notEligible'
  | 'reading'
  | 'filling'
  | 'awaitingEnterprise'
  | 'withdrawn';

export interface CaseData {
  name?: string;
  idNumber?: string;
  faceToken?: string;
  clauses: string[];
  declared?: boolean;
  kind?: string;
  specialties?: string[];
  pledgedAt?: string;
  ethnicity?: string;
  reason?: string;
  filingNumber?: string;
}

export const firstData: CaseData = { clauses: [] };

interface Transition {
  to: Status;
  guard?(data: CaseData): boolean;
}

const transitions: Partial<Record<Status, Record<string, Transition>>> = {
  entering: { 'identity.submit': { to: 'consenting' } },
  notFound: { 'identity.submit': { to: 'consenting' } },
  consenting: { 'face.begin': { to: 'capturing' } },
  faceFailed: { 'face.begin': { to: 'capturing' } },
  capturing: { 'face.finish': { to: 'reading' } },
  reading: {
    'notice.acknowledge': { to: 'reading' },
    'notice.declare': { to: 'reading', guard: ({ clauses }) => clauses.length === 6 },
    'notice.proceed': { to: 'filling', guard: ({ declared }) => declared === true },
  },
  filling: {
    'pledge.accept': { to: 'filling' },
    'form.submit': { to: 'awaitingEnterprise', guard: ({ pledgedAt }) => pledgedAt !== undefined },
  },
};

export function transitionOf(status: Status, event: string): Transition | undefined {
  return transitions[status]?.[event];
}

export function allowedIn(status: Status, data: CaseData): string[] {
  return Object.entries(transitions[status] ?? {})
    .filter(([, transition]) => transition.guard?.(data) !== false)
    .map(([event]) => event);
}

interface ActionInput {
  caseId: string;
  data: CaseData;
  body: Record<string, string>;
  providers: Providers;
  call: Call;
}

type Action = (input: ActionInput) => Promise<{ status?: Status; data: CaseData }>;

/** What an event does before it is written. A status of its own overrules the table. */
export const actions: Record<string, Action> = {
  async 'identity.submit'({ data, body, providers, call }) {
    const { name = '', idNumber = '' } = body;
    const { registered } = await providers.people.find({ name, idNumber }, call);
    return { ...(registered ? {} : { status: 'notFound' }), data: { ...data, name, idNumber } };
  },
  async 'face.begin'({ caseId, data, providers, call }) {
    const { name = '', idNumber = '' } = data;
    const { token } = await providers.faces.start({ name, idNumber, subject: caseId }, call);
    return { data: { ...data, faceToken: token } };
  },
  async 'face.finish'({ caseId, data, body, providers, call }) {
    const { name = '', idNumber = '', faceToken = '' } = data;
    if (body.token !== faceToken) return { status: 'faceFailed', data };
    const { outcome } = await providers.faces.check({ token: faceToken, subject: caseId }, call);
    if (outcome !== 'pass') return { status: 'faceFailed', data };
    const entry = await providers.register.read({ name, idNumber }, call);
    if (entry?.status !== 'valid') return { status: 'notEligible', data };
    return { data: { ...data, specialties: entry.specialties } };
  },
  async 'notice.acknowledge'({ data, body }) {
    return { data: { ...data, clauses: [...new Set([...data.clauses, body.clause ?? ''])] } };
  },
  'notice.declare': async ({ data }) => ({ data: { ...data, declared: true } }),
  'notice.proceed': async ({ data, body }) => ({ data: { ...data, kind: body.kind ?? '' } }),
  'pledge.accept': async ({ data }) => ({ data: { ...data, pledgedAt: new Date().toISOString() } }),
  async 'form.submit'({ caseId, data, body, providers, call }) {
    const { ethnicity = '', reason = '' } = body;
    const { name = '', idNumber = '' } = data;
    const filing = {
      caseId,
      itemCode: 'bench',
      kind: 'normal' as const,
      reason,
      idNumber,
      name,
      ethnicity,
      materials: [],
    };
    const { filingNumber } = await providers.register.file(filing, call);
    return { data: { ...data, ethnicity, reason, filingNumber } };
  },
};
