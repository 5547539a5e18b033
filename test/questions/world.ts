import { type Applicant, newApplicant, pictureOf, registrationOf, type Walker } from '../applicant.ts';
import { startTestApp, type TestApp, type TestAppOptions, type TestClient } from '../helpers.ts';
import { inventPeople } from '../load/people.ts';

const WALKS = 6;

export interface World {
  kit: TestApp;
  auditor: TestClient;
  officer: TestClient;
  /** One more case, walked as its number says: each sixth alike, with more failures each time round. Time stands still. */
  walk(index: number): Promise<string>;
  /** Somebody whom no walk of a lower number is about. */
  person(index: number): Walker;
}

/** Some dozens of cases, all made through the service: done, withdrawn, stuck, with wrong codes, failed faces, skips and forgeries. */
export async function startWorld(count: number, options: TestAppOptions = {}): Promise<World> {
  const people = inventPeople(400).map((person, index) => ({ ...person, registered: index % WALKS !== 1 }));
  const kit = await startTestApp({ ...options, people });
  const [auditor, officer] = [await kit.staff('auditor'), await kit.staff('officer')];
  const world: World = {
    kit,
    auditor,
    officer,
    async walk(index) {
      const by = await newApplicant(kit);
      const { id } = await by.open();
      const round = Math.floor(index / WALKS);
      await walks[index % WALKS]?.({ kit, officer, by, id, round, person: world.person(index) });
      return id;
    },
    person(index) {
      const person = people[index];
      if (!person) throw new Error('nobody left in this world');
      const { name, idNumber, mobile, specialties } = person;
      return { name, idNumber, mobile, specialties: [...specialties] };
    },
  };
  for (let index = 0; index < count; index++) {
    await world.walk(index);
    kit.clock.move(7 * 60_000);
  }
  return world;
}

interface Walk {
  kit: TestApp;
  officer: TestClient;
  by: Applicant;
  id: string;
  round: number;
  person: Walker;
}

const walks: ((walk: Walk) => Promise<unknown>)[] = [
  ({ by, id, person }) => by.walk(id, person, 'submitted.awaitingEnterprise'),
  async ({ kit, by, id, person, round }) => {
    await by.walk(id, person, 'registration.smsCode.sent');
    const form = registrationOf(kit.simulator.control, person.mobile);
    const wrong = form.smsCode === '000000' ? '111111' : '000000';
    for (let n = 0; n < round % 4; n++) await by.send(id, 'registration.submit', { ...form, smsCode: wrong });
    await by.walk(id, person, 'notice.reading');
  },
  async ({ kit, by, id, person, round }) => {
    await by.walk(id, person, 'faceVerification.consenting');
    for (let n = 0; n < round % 4; n++) await failFace(kit, by, id);
    await by.walk(id, person, round % 2 === 0 ? 'form.normal' : 'notice.reading');
  },
  async ({ officer, by, id, person }) => {
    await by.send(id, 'form.submit', { reason: 'voluntary' });
    await by.send(id, 'xstate.done.actor.checkFace', { output: { outcome: 'pass' } });
    await by.send(id, 'an.invented.event');
    await by.walk(id, person, 'notice.reading');
    await by.send(id, 'notice.proceed', { kind: 'normal' });
    await officer.post(`/v1/cases/${id}/events/notice.declare`, {});
  },
  async ({ by, id, person }) => {
    await by.walk(id, person, 'faceVerification.capturing');
    await by.send(id, 'face.finish', { token: 'invented' });
    await by.send(id, 'case.withdraw');
    await by.send(id, 'face.begin', { consent: true });
  },
  async ({ by, id, person, round }) => {
    await by.walk(id, { ...person, kind: 'forced' }, 'form.forced');
    for (let n = 0; n <= round % 2; n++) await by.upload(id, 'arbitration', await pictureOf(round * 2 + n));
    if (round % 2 === 0) await by.walk(id, { ...person, kind: 'forced' }, 'submitted.received');
  },
];

export async function failFace(kit: TestApp, by: Applicant, id: string): Promise<void> {
  await by.send(id, 'face.begin', { consent: true });
  const { token } = (await by.ask('GET', `/v1/cases/${id}`)).body.data.face;
  kit.simulator.control.setFaceOutcome(token, 'mismatch');
  await by.send(id, 'face.finish', { token });
}
