import type { components } from '../shared/openapi.ts';

export type Case = components['schemas']['Case'];
export type AllowedEvent = Case['allowed'][number];
export type Matter = components['schemas']['Matter'];

/** What the states of the matters that are built show in `data`; each group may be missing. */
export interface CaseData {
  name?: string;
  idNumber?: string;
  mobile?: string;
  warnings?: { code: string; message: string }[];
  face?: { notice?: string; url?: string; token?: string; attemptsLeft?: number };
  matter?: { title: string; itemCode: string };
  notice?: {
    heading: string;
    clauses: { clause: string; text: string; acknowledgedAt: string | null }[];
    declaration: { text: string; declaredAt: string | null };
    kind: string | null;
    footer: string;
  };
  register?: Record<string, string | null>;
  form?: {
    kind: string | null;
    draft: Record<string, string | null>;
    pledge: { title: string; text: string; acceptedAt: string | null };
  };
  attachments?: { id: string; material: string; name?: string; size: number; mediaType: string }[];
  filing?: { number: string | null };
  toast?: string;
}

/** `data` is open in the contract: what it holds depends on the matter. */
export function dataOf(of: Case): CaseData {
  return of.data as CaseData;
}

export function findAllowed(of: Case, event: string): AllowedEvent | undefined {
  return of.allowed.find((allowed) => allowed.event === event);
}
