import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlantName } from './crash-point-plants.ts';
import type { CrashAt } from './crash-point-rig.ts';
import {
  chooseTargets,
  type Deaths,
  dieAtEach,
  type Lane,
  passedIn,
  startLane,
  type Target,
} from './crash-point-runs.ts';
import { listStatements } from './crash-point-statements.ts';
import { registeredWalk, unregisteredWalk } from './crash-point-walk.ts';
import { isFull, report, sized } from './scale.ts';

vi.setConfig({ testTimeout: sized(120_000, 3_600_000), hookTimeout: 120_000 });

/** Statements that no event and no work passes, and why. The beginning of each is enough. */
const OFF_PATH: [beginning: string, reason: string][] = [
  ['rollback', 'only after a statement that failed'],
  [
    'select vault.id, vault.case_no, vault.seq, vault.field, vault.digest, vault.sealed, cases.id from vault inner join cases on cases.no = vault.case_no where cases.id',
    'verification, streams',
  ],
  ['select tasks.id, tasks.case_no, tasks.kind, tasks.ref, tasks.name, tasks.key', 'verification'],
  ['select leaves from cases', 'verification'],
  ['update cases set reads', 'staff'],
  ['update cases set machine_id', 'the command line'],
  ['select matter, machine_id, machine_version, machine_definition from cases', 'the start'],
  ['select seq, digest from entries where (entries.case_no is null', 'the service’s own chain'],
  ['select bytes, digest from entries where (entries.case_no is null', 'the service’s own chain'],
  ['select entries.id - 1, coalesce(cases.id', 'the log'],
  ['select coalesce(max(id), 0) from entries', 'the log'],
  ['select id - 1 from entries where', 'the log'],
  ['select digest, id, role, name, created_at from tokens', 'staff'],
  ['insert into tokens', 'the command line'],
  ['select no, id, matter, machine_id, machine_version, machine_definition, owner, state', 'searches'],
  ['select count(*) from', 'metrics'],
  ["select date(bytes ->> '$.at'", 'overview'],
  ['select date(opened_at', 'overview'],
  ['select matter, leaves', 'overview'],
  ['select name, kind, count(*)', 'overview'],
  ['select min(leaves) from cases', 'questions'],
  ['select no, entered_at, entered, matter from cases', 'questions'],
  ['select no from cases', 'questions'],
  ['select cases.no', 'questions'],
  ['select substr(at, 1, 13), code', 'questions'],
  ['select tags.id', 'verification'],
  ['delete from tags', 'a database from before there was an index'],
  ['update cases set entered = ?, entered_at = ? where', 'a database from before there was an index'],
  [
    'insert into tags (id, case_no, at, actor, type, code, trial, outcome, failures, left) values (?, ?, ?, null',
    'a database from before there was an index',
  ],
  ['select distinct person_id from subjects', 'erasing a person'],
  ['select id, person_id', 'erasing a person'],
  ['select id, seq from cases where cases.owner', 'erasing a person'],
  ['insert into erasures', 'erasing a person'],
  ['delete from vault', 'erasing a person'],
  ['delete from tasks where tasks.case_no in', 'erasing a person'],
  ['delete from keys', 'erasing a person'],
  ['delete from claims where claims.case_no in', 'erasing a person'],
  ['delete from subjects', 'erasing a person'],
  ['delete from marks', 'erasing a person'],
  ['delete from sessions', 'erasing a person'],
  ['update persons set wrapped_key', 'erasing a person, renewing the key'],
  ['insert into key_epochs', 'renewing the key'],
  ['select id, wrapped_key from persons', 'renewing the key'],
];

type Place = [step: string, point: RegExp];

/** What is killed at in the short form: each kind of point once. */
const SAMPLE: Place[] = [
  ['identity.submit', /^insert into tasks .* · after$/],
  ['face.finish', /^commit · before$/],
  ['notice.declare', /^commit · after$/],
  ['form.save', /^answer .* · before$/],
  ['the code runs out', /^insert into entries .* · before$/],
  ['registration.submit', /^people\.register · after$/],
  ['case.withdraw', /^delete from tasks where tasks\.id = \? · before$/],
];

/** With what a process keeps in memory, and without it; the second loses an answer of a provider on its way. */
let registered: Lane;
let unregistered: Lane;
beforeAll(async () => {
  [registered, unregistered] = await Promise.all([
    startLane(registeredWalk, true),
    startLane(unregisteredWalk, false, {
      lose: 'people.register',
      env: { BANJIAN_HOT_CASES: '0' },
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([registered.stop(), unregistered.stop()]);
});

/** Statements that are neither passed on a walk nor known to lie off its path, and entries of that list that are of no use. */
function findUnwatched(statements: string[], passed: Set<string>): string[] {
  const offPath = (name: string) => OFF_PATH.some(([beginning]) => name.startsWith(beginning));
  return [
    ...statements.filter((name) => !passed.has(`${name} · before`) && !offPath(name)),
    ...statements.filter((name) => passed.has(`${name} · before`) !== passed.has(`${name} · after`)),
    ...OFF_PATH.filter(([beginning]) => !statements.some((name) => name.startsWith(beginning))).map(String),
  ];
}

describe('the points', () => {
  const passedOnWalks = () => new Set([registered, unregistered].flatMap((lane) => passedIn(lane.recording)));

  it('are round every statement of the store, but those named as lying off the path of an event', async () => {
    expect(findUnwatched(await listStatements(), passedOnWalks())).toEqual([]);
  });

  it('a control: a new statement without a point is found', async () => {
    const statements = [...(await listStatements()), 'update cases set owner = ? where cases.id = ?'];
    expect(findUnwatched(statements, passedOnWalks())).toEqual([statements.at(-1)]);
  });

  it('are round every call of a provider', () => {
    const calls = [...passedOnWalks()].filter((point) => /^(?:people|sms|faces|register)\./.test(point));
    const methods = ['people.find', 'people.register', 'sms.send', 'faces.start', 'faces.check']
      .concat(['register.read', 'register.file', 'register.withdraw', 'register.tellEnterprise'])
      .flatMap((method) => [`${method} · after`, `${method} · before`]);
    expect(calls.toSorted()).toEqual(methods.toSorted());
  });
});

/** The first time such a point is passed in a step. */
function findTarget({ recording }: Lane, [step, point]: Place): Target[] {
  const points = recording.steps.find((each) => each.step === step)?.points ?? [];
  const found = points.find((each) => point.test(each));
  return found === undefined ? [] : [{ step, point: found, nth: 1 }];
}

/** In the short form those of the sample; the second walk has its own steps, and those where both may differ. */
function targetsOf(lane: Lane, own: (step: string) => boolean): Target[] {
  if (isFull) return chooseTargets(lane.recording.steps.filter(({ step }) => own(step)));
  return SAMPLE.filter(([step]) => own(step)).flatMap((place) => findTarget(lane, place));
}

const onFirst = new Set(registeredWalk.map(({ name }) => name));
const lanes: { title: string; lane: () => Lane; own: (step: string) => boolean }[] = [
  { title: 'a registered person’s way', lane: () => registered, own: () => true },
  {
    title: 'a registration and a withdrawal, with timers and a lost answer',
    lane: () => unregistered,
    own: (step) => !onFirst.has(step) || step === 'form.submit',
  },
];

describe('a server that is killed and started again has each event once, each effect once, each timer once', () => {
  it.concurrent.each(lanes)('at every point of $title', async ({ title, lane, own }) => {
    const targets = targetsOf(lane(), own);
    const starts = startsOf(lane());
    const result = await dieAtEach(lane(), targets, starts);
    report(`${title}: ${describeResult(targets, result)}`);
    expect(result).toMatchObject({ deaths: targets.length, faults: [], missed: [] });
    expect(result.atStart).toBe(starts.length);
  });
});

/** The points of a start over what is there already: the full form only, for each costs another start. */
function startsOf({ recording }: Lane): CrashAt[] {
  return isFull ? chooseTargets([{ step: 'start', points: recording.start }]) : [];
}

function describeResult(targets: Target[], { deaths, atStart, walks }: Deaths): string {
  const points = new Set(targets.map(({ point }) => point)).size;
  return `killed ${deaths} times at ${points} points, ${atStart} times more while it started, over ${walks} walks`;
}

/** A planted fault, where the server is killed, and what is then said of it. */
const plants: { plant: PlantName; at: Place[]; found: RegExp; full?: true }[] = [
  {
    plant: 'effect-before-commit',
    at: [['form.submit', /^insert into tasks .* · after$/]],
    found: /^no entry wished for register\.file under :\d+:fileDeregistration$/,
  },
  {
    plant: 'new-key-each-time',
    at: [['form.submit', /^register\.file · after$/]],
    found: /no entry wished for register\.file under .*fileDeregistration~.*done 0 times/s,
    full: true,
  },
  {
    plant: 'no-idempotency',
    at: [['notice.acknowledge c3', /^answer to POST .* · before$/]],
    found: /the history is .*(?:notice\.acknowledge ){7}/,
  },
  { plant: 'lost-commit', at: [], found: /was acknowledged at \d+ and is not there/ },
];

describe('a control: it is found when', () => {
  it.each(plants.filter(({ full }) => isFull || !full))('$plant', async ({ plant, at, found }) => {
    await registered.rig.plant(plant);
    const { faults } = await registered.walkWith(at.flatMap((place) => findTarget(registered, place)));
    await registered.rig.plant('');
    expect(faults.join('\n')).toMatch(found);
  });

  it.runIf(isFull)('timers-forgotten', async () => {
    await unregistered.rig.plant('timers-forgotten');
    const { faults } = await unregistered.walkWith([]);
    await unregistered.rig.plant('');
    expect(faults.join()).toMatch(/never came to this: sms\.resume comes/);
  });
});
