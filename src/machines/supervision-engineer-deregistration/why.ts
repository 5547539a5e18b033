import type { Matter } from '../../engine/types.ts';
import { part } from '../shared/steps/events.ts';
import { stepsWhy } from '../shared/steps/why.ts';
import { CLAUSES } from './machine.ts';

/** For a guard that stands in the way: what is still missing. */
export const deregistrationWhy: Matter['why'] = {
  ...stepsWhy,
  clausesAcknowledged: (context) => {
    const ticked = part(part(context, 'notice'), 'clauses');
    const n = CLAUSES.findIndex((clause) => ticked[clause] === null) + 1;
    return { code: 'clause-missing', params: { n } };
  },
  declared: (context, timers, at) => {
    const ticked = part(part(context, 'notice'), 'clauses');
    const missing = CLAUSES.some((clause) => ticked[clause] === null);
    const ask = missing ? deregistrationWhy.clausesAcknowledged : undefined;
    return ask?.(context, timers, at) ?? { code: 'declaration-missing' };
  },
  normalComplete: () => ({ code: 'pledge-required' }),
  forcedComplete: (context) => {
    const { materials } = context;
    const none = Array.isArray(materials) && materials.length === 0;
    return none
      ? { code: 'material-required', errors: [{ pointer: '/materials', code: 'material-required' }] }
      : { code: 'pledge-required' };
  },
  roomForMaterial: () => ({ code: 'too-many-files' }),
};
