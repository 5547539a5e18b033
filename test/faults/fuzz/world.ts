import { type Applicant, newApplicant, type Walker } from '../../applicant.ts';
import { png, startTestApp, type TestApp } from '../../helpers.ts';
import { inventPeople } from '../../load/people.ts';
import type { Who } from './plan.ts';

/** Somebody's case, brought to a state. */
export interface Subject {
  applicant: Applicant;
  person: Walker;
  caseId: string;
}

export interface World {
  kit: TestApp;
  subjects: Subject[];
  /** A bearer token of staff, by role. */
  staff: Map<Who, string>;
}

/** Where the cases of a world stand, and which way they went. */
const STOPS: { until: string; kind?: 'normal' | 'forced'; isNew?: true }[] = [
  { until: 'identity.entering' },
  { until: 'identity.notFound', isNew: true },
  { until: 'registration.form.filling', isNew: true },
  { until: 'registration.smsCode.sent', isNew: true },
  { until: 'faceVerification.consenting' },
  { until: 'faceVerification.capturing' },
  { until: 'notice.reading' },
  { until: 'form.normal' },
  { until: 'form.forced', kind: 'forced' },
  { until: 'form.forced', kind: 'forced' },
  { until: 'submitted.awaitingEnterprise' },
  { until: 'submitted.received', kind: 'forced' },
];

const STAFF = ['officer', 'auditor', 'operator', 'enterprise'] as const;

/** The whole service with people in every state: as many as there are stops, one who withdrew, and one whom a breakdown holds up. */
export async function makeWorld(plant: (kit: TestApp) => void = () => {}): Promise<World> {
  const count = STOPS.length + 2;
  const people = [...inventPeople(count), ...inventPeople(2 * count, false).slice(count)];
  const kit = await startTestApp({ people, logLevel: 'trace' });
  plant(kit);
  const subjects: Subject[] = [];
  for (const [at, { until, kind = 'normal', isNew }] of STOPS.entries()) {
    const person = walkerOf(people[isNew ? count + at : at], kind);
    subjects.push(await bring(kit, person, until));
  }
  const gone = await bring(kit, walkerOf(people[count - 1]), 'notice.reading');
  await gone.applicant.send(gone.caseId, 'case.withdraw');
  const staff = new Map<Who, string>();
  for (const role of STAFF) staff.set(role, (await kit.staff(role)).token ?? '');
  const stuck = await bring(kit, walkerOf(people[count - 2]), 'identity.entering');
  await breakDown(kit, stuck);
  return { kit, subjects: [...subjects, gone, stuck], staff };
}

/** The register of people is down for longer than anybody tries. */
async function breakDown(kit: TestApp, { applicant, person, caseId }: Subject): Promise<void> {
  const { name, idNumber } = person;
  kit.simulator.control.fail('people', { failNext: 3 });
  await applicant.send(caseId, 'identity.submit', { name, idNumber }, { prefer: 'wait=0' });
  for (let seconds = 0; seconds < 3; seconds++) await kit.advance(1_000);
}

async function bring(kit: TestApp, person: Walker, until: string): Promise<Subject> {
  const applicant = await newApplicant(kit);
  const { id } = await applicant.open();
  await applicant.walk(id, person, until);
  if (until === 'form.forced') await applicant.upload(id, 'death', png());
  return { applicant, person, caseId: id };
}

function walkerOf(
  person: ReturnType<typeof inventPeople>[number] | undefined,
  kind?: 'normal' | 'forced',
): Walker {
  if (!person) throw new Error('too few people');
  return { ...person, specialties: [...person.specialties], ...(kind ? { kind } : {}) };
}
