import type { Case, Matter } from '../case-types.ts';
import type { LiveCase } from '../live-case.ts';

/** What a figure is drawn from. */
export interface StepProps {
  live: LiveCase;
  view: Case;
  matter: Matter;
}
export const stepProps = ['live', 'view', 'matter'] as const;
