import { standingOf } from '../../../src/engine/answer.ts';
import { type CaseView, presentCase } from '../../../src/engine/present.ts';
import type { Attachment } from '../../../src/engine/send.ts';
import type { JsonObject } from '../../../src/engine/types.ts';
import { MATTER, nextEvent } from '../../load/walker.ts';
import { type ClientRequest, isUnderWay, readFrom, sendTo } from './requests.ts';
import { listening, type Person, type Process, type World } from './world.ts';

/** What somebody does next: something new, something again, a look, or something they may not do. */
export async function actAsClient(world: World): Promise<void> {
  const { choices, profile, requests } = world;
  const [first, ...others] = listening(world);
  if (!first) return;
  const process = choices.oneOf([first, ...others]);
  if (choices.chance(profile.repeats)) {
    const again = requests.filter(({ key, tries }) => key !== undefined && tries.length > 0);
    const [one, ...more] = again;
    if (one) return sendTo(world, process, choices.oneOf([one, ...more]));
  }
  const person = world.people[choices.pick(world.people.length)];
  if (!person) throw new Error('nobody there');
  const [one, ...more] = casesOf(world, person);
  if (one === undefined || choices.chance(5)) return ask(world, process, chooseOpening(world, person));
  const caseId = choices.oneOf([one, ...more]);
  if (choices.chance(12)) return readFrom(world, process, caseId, person);
  const request = await chooseEvent(world, person, caseId);
  if (choices.chance(profile.mischief)) makeMischief(world, request);
  ask(world, process, request);
  if (request.key !== undefined && choices.chance(profile.repeats)) {
    sendTo(world, choices.oneOf([first, ...others]), request);
  }
}

function ask(world: World, process: Process, request: ClientRequest): void {
  world.requests.push(request);
  sendTo(world, process, request);
}

export function nobodyWaits(world: World): boolean {
  return !world.requests.some(isUnderWay);
}

/** A person's open cases, in the order of their appearance: ids are random. */
export function casesOf({ histories }: World, { caller }: Person): string[] {
  return histories.ids().filter((id) => {
    const history = histories.find(id);
    return history?.owner === caller.id && history.told.at(-1)?.state.status === 'active';
  });
}

export function newRequest(world: World, person: Person, given: Partial<ClientRequest>): ClientRequest {
  const mark = ++world.mark;
  const { choices } = world;
  return {
    mark,
    person,
    matter: 'job',
    caseId: undefined,
    type: 'case.open',
    body: {},
    key: choices.chance(60) ? `key ${mark}` : undefined,
    ifMatch: undefined,
    waitMs: choices.oneOf([10_000, 1_000, 0]),
    attachment: undefined,
    forbidden: false,
    tries: [],
    ...given,
  };
}

function chooseOpening(world: World, person: Person): ClientRequest {
  const { choices, profile } = world;
  const real = profile.matters === 'real' || (profile.matters === 'both' && choices.chance(50));
  return newRequest(world, person, { matter: real ? MATTER : 'job' });
}

async function chooseEvent(world: World, person: Person, caseId: string): Promise<ClientRequest> {
  const view = await viewOf(world, person, caseId);
  const step = view.matter === 'job' ? chooseJobStep(world, view) : chooseRealStep(world, view, person);
  const request = newRequest(world, person, { caseId, matter: view.matter, ...step });
  if (view.matter === 'job') Object.assign(request.body, { mark: request.mark });
  return request;
}

/** The case as it is, whatever the processes make of it. */
export async function viewOf(world: World, person: Person, caseId: string): Promise<CaseView> {
  const row = await world.truth.findCase(caseId);
  if (!row) throw new Error(`nothing to look at: ${caseId}`);
  const standing = await standingOf(world.observer, row);
  return presentCase(standing, person.caller.role, 'en');
}

interface Step {
  type: string;
  body: object;
  attachment?: Attachment;
}

const JOB_EVENTS = ['job.note', 'job.start', 'job.pause', 'job.resume', 'job.snooze', 'case.retry'] as const;

function chooseJobStep({ choices }: World, { allowed }: CaseView): Step {
  const likely = allowed.map(({ event }) => event).filter((event) => event !== 'job.withdraw');
  const [one, ...more] = likely;
  const eager = ['job.start', 'case.retry'].find((event) => likely.includes(event));
  const type = choices.weigh<string>([
    [eager ? 40 : 0, eager ?? 'job.start'],
    [one ? 50 : 0, one ? choices.oneOf([one, ...more]) : 'job.note'],
    [8, choices.oneOf(JOB_EVENTS)],
    [4, 'job.withdraw'],
  ]);
  return { type, body: type === 'job.note' ? { text: 'a note' } : {} };
}

function chooseRealStep(world: World, view: CaseView, person: Person): Step {
  const { choices } = world;
  const [one, ...more] = view.allowed.map(({ event }) => event);
  const plain = plainStep(world, view, person);
  if (plain && !choices.chance(20)) return plain;
  const type = one ? choices.oneOf([one, ...more]) : 'case.retry';
  return { type, ...bodyOf(world, type, view, person) };
}

/** On the way of a registered person, or of one who registers first, or on the forced branch. */
export function plainStep(world: World, view: CaseView, person: Person): Step | undefined {
  const may = new Set(view.allowed.map(({ event }) => event));
  const steps = ['registration.begin', 'material.add', 'form.submit', 'case.retry'] as const;
  const next = nextEvent(view, person.sample);
  const forced = view.states.includes('form.forced');
  if (may.has('sms.request') && !view.states.includes('registration.smsCode.sent')) {
    return { type: 'sms.request', ...bodyOf(world, 'sms.request', view, person) };
  }
  if (may.has('registration.submit')) {
    return { type: 'registration.submit', ...bodyOf(world, 'registration.submit', view, person) };
  }
  if (next && !(forced && next.event === 'form.submit')) return { type: next.event, body: next.body };
  const own = steps.find((each) => may.has(each) && !(each === 'material.add' && hasMaterial(view)));
  return own && { type: own, ...bodyOf(world, own, view, person) };
}

function hasMaterial({ data }: CaseView): boolean {
  return Array.isArray(data.attachments) && data.attachments.length > 0;
}

function bodyOf(world: World, type: string, view: CaseView, person: Person): Omit<Step, 'type'> {
  const { choices } = world;
  const { sample } = person;
  const next = nextEvent(view, sample);
  switch (type) {
    case 'sms.request':
      return { body: { mobile: sample.mobile } };
    case 'registration.submit':
      return { body: registrationOf(world, sample.mobile) };
    case 'notice.proceed':
      return { body: { kind: choices.oneOf(['normal', 'forced']) } };
    case 'form.save':
      return {
        body: view.states.includes('form.forced') ? { forcedReason: 'arbitration' } : { reason: 'voluntary' },
      };
    case 'form.submit':
      return { body: { ethnicity: '汉族', forcedReason: 'arbitration' } };
    case 'material.add':
      return { body: {}, attachment: invented() };
    case 'material.remove':
      return { body: { attachment: 'm1' } };
    default:
      return { body: next?.event === type ? next.body : {} };
  }
}

function registrationOf(world: World, mobile: string): JsonObject {
  const right = /\d{6}/.exec(world.desk.messages.get(mobile) ?? '')?.[0];
  return {
    idType: 'resident-id-card',
    idValidFrom: '2020-01-01',
    idValidTo: '2040-01-01',
    mobile,
    smsCode: right !== undefined && !world.choices.chance(30) ? right : '000000',
    password: 'invented8pw',
    passwordConfirmation: 'invented8pw',
    agreementsAccepted: true,
  };
}

/** A file that is only spoken of: the bytes are the business of the vault's own tests. */
function invented(): Attachment {
  const digest = `sha256:${'0'.repeat(64)}`;
  const picture = { digest, size: 68, mediaType: 'image/png' };
  const facts = { attachment: { id: 'm1', material: 'arbitration', ...picture, width: 1, height: 1 } };
  return { sent: { material: 'arbitration' }, facts, personal: {}, file: picture };
}

/** What a client with bad luck or bad will does. */
function makeMischief(world: World, request: ClientRequest): void {
  if (request.caseId === undefined) return;
  const strange = world.people.find(({ caller }) => caller.id !== request.person.caller.id);
  const kept = world.requests.findLast(({ caseId, key }) => caseId === request.caseId && key !== undefined);
  const kinds: (() => void)[] = [
    () => Object.assign(request, { ifMatch: world.choices.pick(6), forbidden: false }),
    () =>
      Object.assign(request, { type: 'xstate.done.actor.inspect', forbidden: true, attachment: undefined }),
    () => Object.assign(request, strange ? { person: strange, forbidden: true } : {}),
    // Another body under a key that is somebody's already.
    () => Object.assign(request, kept?.matter === 'job' ? { key: kept.key, person: kept.person } : {}),
  ];
  kinds[world.choices.pick(kinds.length)]?.();
}
