import type { MatterQuestions } from '../../engine/types.ts';
import { stepsQuestions } from '../shared/steps/questions.ts';

/** On without every tick of figure 8, or in without letter or evidence of figure 9: a step was to be skipped. */
export const deregistrationQuestions: MatterQuestions = {
  skips: [
    ...stepsQuestions.skips,
    'clause-missing',
    'declaration-missing',
    'pledge-required',
    'material-required',
  ],
  trials: stepsQuestions.trials,
};
