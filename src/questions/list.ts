import { casesOfPerson, waiting } from './cases.ts';
import { refusalsByHour } from './counts.ts';
import { actsOfStaff, entriesOfVersion, passesAfterFailures, skips } from './entries.ts';
import type { Question } from './question.ts';

export const questions: readonly Question[] = [
  skips,
  waiting,
  passesAfterFailures,
  casesOfPerson,
  actsOfStaff,
  entriesOfVersion,
  refusalsByHour,
];
