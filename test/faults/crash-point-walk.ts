import type { CaseView } from '../../src/engine/present.ts';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { registrationOf } from '../applicant.ts';
import { png } from '../helpers.ts';
import type { Call, Reply } from '../load/connection.ts';
import { type Acknowledged, MATTER, pictureForm } from '../load/walker.ts';
import type { Rig } from './crash-point-rig.ts';

/** One person on their way, and everything they were told. */
export interface Walk {
  rig: Rig;
  person: PersonSample;
  token: string;
  caseId: string;
  /** Requests that were taken, under the key each had. */
  taken: { call: Call; status: number }[];
  acknowledged: Acknowledged[];
}

export interface WalkStep {
  name: string;
  take(walk: Walk): Promise<void>;
}

let keys = 0;

/** A POST under a key of its own, the same however often it must be asked. */
async function post(walk: Walk, path: string, expected: number[], sent: Partial<Call> = {}): Promise<Reply> {
  const call: Call = {
    method: 'POST',
    path,
    token: walk.token,
    ...(sent.raw ? {} : { body: {} }),
    ...sent,
    headers: { 'idempotency-key': `key-${++keys}` },
  };
  const reply = await walk.rig.ask(call);
  if (!expected.includes(reply.status)) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  if (reply.status < 300 || reply.status === 422) walk.taken.push({ call, status: reply.status });
  const { seq, head } = reply.body;
  if (reply.status < 300 && head !== undefined) {
    walk.acknowledged.push({ caseId: walk.caseId, event: path, seq, head });
  }
  return reply;
}

const SETTLED = [200, 202];

async function send(walk: Walk, event: string, body: object = {}, expected = SETTLED): Promise<void> {
  await post(walk, `/v1/cases/${walk.caseId}/events/${event}`, expected, { body });
  await quiet(walk);
}

/** Until nothing the walk started is still to be done; what waits for its time may wait. */
async function quiet({ rig, caseId }: Walk): Promise<void> {
  await rig.until('nothing is under way', async () =>
    (await rig.store.readTasks(caseId)).every(({ kind }) => kind === 'timer'),
  );
}

async function read(walk: Walk): Promise<CaseView> {
  const { rig, token, caseId } = walk;
  return (await rig.ask({ method: 'GET', path: `/v1/cases/${caseId}`, token })).body;
}

/** Time goes on until a timer has come. */
function timePasses(name: string, ms: number, timer: string): WalkStep {
  return {
    name,
    async take(walk) {
      const { rig } = walk;
      await rig.setAhead(rig.aheadMs() + ms);
      await rig.until(`${timer} comes`, async () =>
        (await read(walk)).deadlines.every(({ event }) => event !== timer),
      );
      await quiet(walk);
    },
  };
}

function event(name: string, body: object = {}, title = name): WalkStep {
  return { name: title, take: (walk) => send(walk, name, body) };
}

const session: WalkStep = {
  name: 'session',
  async take(walk) {
    const reply = await walk.rig.ask({ method: 'POST', path: '/v1/sessions', body: { channel: 'web' } });
    walk.token = reply.body.token;
  },
};
const profile: WalkStep = {
  name: 'profile',
  async take({ rig, token }) {
    await rig.ask({ method: 'PUT', path: '/v1/me/profile', token, body: { nickname: '例工' } });
  },
};
const avatar: WalkStep = {
  name: 'avatar',
  async take({ rig, token }) {
    await rig.ask({ method: 'PUT', path: '/v1/me/avatar', token, raw: pictureForm(png()) });
  },
};
const open: WalkStep = {
  name: 'open',
  async take(walk) {
    const reply = await post(walk, `/v1/matters/${MATTER}/cases`, [201]);
    walk.caseId = reply.body.id;
    for (const each of walk.acknowledged) each.caseId = walk.caseId;
  },
};
const openAnother: WalkStep = {
  name: 'open another',
  take: async (walk) => void (await post(walk, `/v1/matters/${MATTER}/cases`, [409])),
};
const tooEarly: WalkStep = {
  name: 'proceed too early',
  take: (walk) => send(walk, 'notice.proceed', { kind: 'normal' }, [409]),
};
const identity: WalkStep = {
  name: 'identity.submit',
  take: (walk) => send(walk, 'identity.submit', { name: walk.person.name, idNumber: walk.person.idNumber }),
};
const sms: WalkStep = {
  name: 'sms.request',
  take: (walk) => send(walk, 'sms.request', { mobile: walk.person.mobile }),
};
const smsAgain: WalkStep = { ...sms, name: 'sms.request again' };
const wrongCode: WalkStep = {
  name: 'registration.submit with a wrong code',
  async take(walk) {
    const form = registrationOf(walk.rig.outside.control, walk.person.mobile);
    const smsCode = form.smsCode === '000000' ? '000001' : '000000';
    await send(walk, 'registration.submit', { ...form, smsCode }, [422]);
  },
};
/** Its work is tried again after half a second, if its answer is lost: that long need not be waited for. */
const register: WalkStep = {
  name: 'registration.submit',
  async take(walk) {
    const { rig, person } = walk;
    let answered = false;
    const form = registrationOf(rig.outside.control, person.mobile);
    const answering = send(walk, 'registration.submit', form).finally(() => (answered = true));
    await rig.until('it is answered', async () => {
      if (!answered) await rig.setAhead(rig.aheadMs() + 100);
      return answered;
    });
    await answering;
  },
};
const faceAgain = event('face.begin', { consent: true }, 'face.begin again');
const face = event('face.begin', { consent: true });
const faceDone: WalkStep = {
  name: 'face.finish',
  async take(walk) {
    const { token } = (await read(walk)).data.face as { token: string };
    walk.rig.outside.control.setFaceOutcome(token, 'pass');
    await send(walk, 'face.finish', { token });
  },
};
const notice = [
  ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((clause) =>
    event('notice.acknowledge', { clause }, `notice.acknowledge ${clause}`),
  ),
  event('notice.declare'),
];
const evidence: WalkStep = {
  name: 'material.add',
  async take(walk) {
    const raw = pictureForm(png(), { material: 'arbitration' });
    await post(walk, `/v1/cases/${walk.caseId}/attachments`, [201], { raw });
    await quiet(walk);
  },
};

/** As after a lost answer, with nobody having died. */
const sameAgain: WalkStep = {
  name: 'the same once more',
  async take({ rig, taken }) {
    const last = taken.at(-1);
    if (last) await rig.ask(last.call);
  },
};

/** Identity, face, notice, form, submission; and on the way what is refused. */
export const registeredWalk: WalkStep[] = [
  session,
  profile,
  avatar,
  open,
  openAnother,
  tooEarly,
  identity,
  face,
  faceDone,
  ...notice,
  event('notice.proceed', { kind: 'normal' }),
  event('form.save', { reason: 'voluntary' }),
  event('pledge.accept'),
  event('form.submit', { ethnicity: '汉族', reason: 'voluntary' }),
  sameAgain,
];

/** With everything that has a time: a pause, a code and a face check that run out. Then the forced way, and all taken back. */
export const unregisteredWalk: WalkStep[] = [
  session,
  profile,
  avatar,
  open,
  identity,
  event('registration.begin'),
  sms,
  timePasses('the pause ends', 61_000, 'sms.resume'),
  timePasses('the code runs out', 241_000, 'smsCodeExpires'),
  smsAgain,
  wrongCode,
  register,
  face,
  timePasses('the face check runs out', 601_000, 'faceTokenExpires'),
  faceAgain,
  faceDone,
  ...notice,
  event('notice.proceed', { kind: 'forced' }),
  evidence,
  event('pledge.accept'),
  event('form.submit', { ethnicity: '汉族', forcedReason: 'arbitration' }),
  event('case.withdraw'),
];

export function newWalk(rig: Rig, person: PersonSample): Walk {
  return { rig, person, token: '', caseId: '', taken: [], acknowledged: [] };
}
