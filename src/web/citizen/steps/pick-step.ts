import { type Case, dataOf, findAllowed } from '../case-types.ts';

export type StepName =
  | 'identity'
  | 'notFound'
  | 'registration'
  | 'face'
  | 'capturing'
  | 'notice'
  | 'form'
  | 'result'
  | 'open';

/**
 * Which figure draws a case: told by what may be sent and what is shown, never by the matter. What no figure knows is
 * drawn from its forms alone.
 */
export function pickStep(view: Case): StepName {
  const may = (event: string) => findAllowed(view, event) !== undefined;
  const data = dataOf(view);
  if (may('identity.submit')) return 'identity';
  if (may('registration.begin')) return 'notFound';
  if (may('registration.submit')) return 'registration';
  if (may('face.finish')) return 'capturing';
  if (may('face.begin') || data.face?.attemptsLeft !== undefined) return 'face';
  if (data.notice && may('notice.acknowledge')) return 'notice';
  if (data.form && may('form.save')) return 'form';
  const isLast = view.step !== null && view.step.current === view.step.of;
  return view.status === 'done' || isLast ? 'result' : 'open';
}
