import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standingOf } from '../../src/engine/answer.ts';
import { canonical } from '../../src/engine/canonical.ts';
import { asItStands } from '../../src/engine/fork.ts';
import { moveCase } from '../../src/engine/move.ts';
import { type Checked, preflight } from '../../src/engine/preflight.ts';
import { presentCase } from '../../src/engine/present.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Matter } from '../../src/engine/types.ts';
import { joinVersions } from '../../src/machines/define.ts';
import { type Chance, chanceFrom, EDITS, firstPlan, matterFrom } from './edits.ts';
import { createEngines, type Engine, type Engines } from './engine-world.ts';

const EDITS_TRIED = 100;

/** What the effect does from here on; some of its answers never come. */
type Mode = 'answer' | 'fail' | 'hang';
let mode: Mode = 'answer';
const outcome = {
  async check() {
    if (mode === 'fail') throw new Error('down');
    if (mode === 'hang') await new Promise(() => {});
  },
};

type Move = string | { passMs: number } | { effect: Mode };
const sent: Move[] = ['item.add', 'order.send'];
/** One case each, in every state the machine has. Those that let time pass come first: theirs alone are then due. */
const COURSES: Move[][] = [
  [...sent, { passMs: 60_000 }],
  [...sent, 'order.ask', { passMs: 20_000 }],
  [],
  ['item.add'],
  ['item.add', { effect: 'fail' }, 'order.send'],
  ['item.add', { effect: 'fail' }, 'order.send', 'order.edit'],
  ['item.add', { effect: 'fail' }, 'order.send', { effect: 'answer' }, 'case.retry'],
  sent,
  [...sent, 'item.add'],
  [...sent, 'order.ask'],
  [...sent, 'order.ask', 'order.answer'],
  ['item.add', 'item.add', 'item.add', ...sent],
  ['item.add', ...sent, 'order.approve'],
  ['item.add', ...sent, 'order.approve', 'order.collect'],
  [...sent, 'order.withdraw'],
  ['item.add', { effect: 'hang' }, 'order.send'],
];

let engines: Engines;
beforeAll(() => {
  engines = createEngines();
});
afterAll(() => engines.remove());

/** Opens a case for each course and takes it there. */
async function playAll(engine: Engine, matter: Matter): Promise<string[]> {
  const ids: string[] = [];
  for (const course of COURSES) {
    mode = 'answer';
    const id = await engine.open(matter);
    await engine.settle();
    for (const move of course) await play(engine, id, move);
    ids.push(id);
  }
  mode = 'answer';
  return ids;
}

async function play(engine: Engine, id: string, move: Move): Promise<void> {
  if (typeof move === 'string') await engine.send(id, move);
  else if ('effect' in move) mode = move.effect;
  else await engine.advance(move.passMs);
}

interface Trial {
  title: string;
  first: Matter;
  second: Matter;
  chance: Chance;
}

function trialOf(seed: number): Trial {
  const kinds = Object.keys(EDITS);
  const kind = kinds[seed % kinds.length] ?? '';
  const chance = chanceFrom(seed);
  const plan = firstPlan();
  const what = EDITS[kind]?.(plan, chance);
  const first = matterFrom(firstPlan(), '1', outcome);
  const second = matterFrom(plan, '2', outcome);
  return { title: `${kind} (${what})`, first, second, chance };
}

/** Types and states of a history, whatever the case is called. */
async function courseOf(engine: Engine, matter: Matter, id: string): Promise<string[]> {
  const entries = await engine.runtime.store.readEntries(id, 'accepted');
  const told = [...replay(matter, entries)];
  return told.map(({ entry, state }) => `${entry.type} ${canonical(state)}`.replaceAll(id, 'case'));
}

/** The first entry at which two courses part; undefined when they do not. */
function partingOf(one: string[], other: string[]): number | undefined {
  const index = one.findIndex((entry, at) => entry !== other[at]);
  return index < 0 ? undefined : index + 1;
}

async function allowedIn({ runtime, get }: Engine, id: string): Promise<string[]> {
  const view = presentCase(await standingOf(runtime, await get(id)), 'applicant', 'en');
  return view.allowed.map(({ event }) => event).toSorted();
}

/** Whether anything happens to a case any more, tried out: its effects answer, its deadlines come, everything is sent. */
async function goesOn(engine: Engine, id: string, { first, second, chance }: Trial): Promise<boolean> {
  const { seq } = await engine.get(id);
  await engine.advance(0);
  const events = [...Object.keys(first.events), ...Object.keys(second.events)];
  for (let tries = 0; tries < 4; tries++) {
    const allowed = await allowedIn(engine, id).catch(() => []);
    const next = allowed[chance(Math.max(1, allowed.length))];
    if (next === undefined || (await engine.send(id, next)) !== undefined) break;
  }
  if ((await engine.get(id)).seq === seq) for (const each of events) await engine.send(id, each);
  if ((await engine.get(id)).seq === seq) await engine.advance(3_600_000);
  return (await engine.get(id)).seq > seq;
}

interface Confirmed {
  kind: Checked['verdict']['kind'];
  /** Empty when it is as predicted. */
  wrong: string;
}

/** Plays the same under the second version, moves every case to it, and sees what becomes of it. */
async function confirm(trial: Trial, tell = (checked: Checked) => checked): Promise<Confirmed[]> {
  const { first, second } = trial;
  const both = joinVersions(second, [first], [asItStands('1', '2')]);
  const [there] = both.versions?.all ?? [];
  const here = both.versions?.all[1];
  if (!there || !here) throw new Error('two versions');
  const anew = await engines.start([there]);
  const old = await engines.start([both]);
  const idsAnew = await playAll(anew, there);
  const ids = await playAll(old, here);
  const found = new Map<string, Checked>();
  for await (const checked of preflight(old.runtime.store, old.runtime.matters))
    found.set(checked.row.id, tell(checked));
  const confirmed: Confirmed[] = [];
  for (const [index, id] of ids.entries()) {
    const checked = found.get(id);
    if (!checked) throw new Error('a case was not looked at');
    const parting = partingOf(
      await courseOf(old, here, id),
      await courseOf(anew, there, idsAnew[index] ?? ''),
    );
    const wrong = await contradict(old, checked, parting, { ...trial, second: there });
    confirmed.push({ kind: checked.verdict.kind, wrong: wrong && `${trial.title}: ${wrong}` });
  }
  await anew.close();
  await old.close();
  return confirmed;
}

/** What really happened, where it is not what was predicted. */
async function contradict(
  engine: Engine,
  { row, verdict }: Checked,
  parting: number | undefined,
  trial: Trial,
): Promise<string> {
  const named = `${canonical(row.state.value)} ${JSON.stringify(verdict)}`;
  if (row.state.status === 'done') {
    const predicted = verdict.kind === 'diverges' ? verdict.seq : undefined;
    return predicted === parting && verdict.kind !== 'stranded' ? '' : `${named} parts at ${parting}`;
  }
  const before = await allowedIn(engine, row.id);
  const moved = await moveCase(
    { store: engine.runtime.store, clock: engine.runtime.clock },
    row.id,
    trial.second,
  );
  if (verdict.kind === 'stranded') {
    const lost = moved.kind === 'cannot' || moved.kind === 'stays' ? true : isLost(row, moved.row);
    return lost || !(await goesOn(engine, row.id, trial)) ? '' : `${named} goes on`;
  }
  if (moved.kind !== 'moved') return `${named} is not moved: ${JSON.stringify(moved)}`;
  const after = await allowedIn(engine, row.id);
  const same = before.join() === after.join();
  if (verdict.kind === 'same' && (parting !== undefined || !same))
    return `${named} parts at ${parting}, ${after.join()}`;
  if (verdict.kind === 'diverges') {
    const expected = parting ?? (same ? undefined : row.seq + 1);
    if (verdict.seq !== expected) return `${named} parts at ${parting}`;
  }
  return (await goesOn(engine, row.id, trial)) ? '' : `${named} does not go on`;
}

/** It came to an end, or what it waited for is no longer asked for. */
function isLost(before: Checked['row'], after: Checked['row']): boolean {
  const gone = Object.keys(before.state.children).some((id) => !after.state.children[id]);
  return after.state.status === 'done' || gone;
}

describe(`${EDITS_TRIED} edits of a machine, each held against ${COURSES.length} cases`, () => {
  it('are classed as it really comes, and no case is wrongly called safe', async () => {
    const all: Confirmed[] = [];
    for (let seed = 0; seed < EDITS_TRIED; seed++) all.push(...(await confirm(trialOf(seed))));
    const counts = Object.groupBy(all, ({ kind }) => kind);
    const told = Object.entries(counts).map(([kind, cases]) => `${kind} ${cases.length}`);
    console.log(`${EDITS_TRIED} edits, ${all.length} cases: ${told.join(', ')}`);
    expect(all.filter(({ wrong }) => wrong !== '').map(({ wrong }) => wrong)).toEqual([]);
    for (const kind of ['same', 'diverges', 'stranded'] as const) {
      expect(counts[kind]?.length).toBeGreaterThan(30);
    }
  }, 600_000);

  it.each([
    ['same', { kind: 'same' }],
    ['diverging at once', { kind: 'diverges', seq: 1, what: '' }],
    ['stranded', { kind: 'stranded', what: '', taken: false }],
  ] as const)('and a preflight that calls everything %s is found out', async (_title, verdict) => {
    const lie = ({ row }: Checked): Checked => ({ row, verdict });
    const removed = await confirm(trialOf(1), lie);
    expect(removed.filter(({ wrong }) => wrong !== '').length).toBeGreaterThan(0);
  });
});
