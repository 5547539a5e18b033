import type { Matter } from '../../engine/types.ts';
import type { Providers } from '../../providers/types.ts';
import { defineMatter } from '../define.ts';
import type { AddressLimits } from '../shared/steps/events.ts';
import { stepsRaises } from '../shared/steps/machine.ts';
import { discloses } from './discloses.ts';
import { deregistrationActions, deregistrationEffects } from './effects.ts';
import { deregistrationEvents } from './events.ts';
import { catalogue } from './guide.ts';
import { machine } from './machine.ts';
import { deregistrationQuestions } from './questions.ts';
import { problems } from './texts.ts';
import { viewDeregistration } from './view.ts';
import { deregistrationWhy } from './why.ts';

export function createMatter(providers: Providers, limits: AddressLimits): Matter {
  return defineMatter({
    id: machine.id,
    version: '1',
    machine,
    catalogue,
    raises: stepsRaises,
    events: deregistrationEvents(limits),
    effects: deregistrationEffects(providers),
    actions: deregistrationActions(providers),
    why: deregistrationWhy,
    problems,
    questions: deregistrationQuestions,
    discloses,
    view: viewDeregistration,
  });
}
