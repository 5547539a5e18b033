import { readEntry } from '../../src/engine/entry.ts';
import type { Matter, NewTask, StoredEntry } from '../../src/engine/types.ts';
import { loadMatters } from '../../src/machines/index.ts';
import type { Simulator } from '../../src/providers/simulator/index.ts';
import type { EffectRecord } from '../../src/providers/simulator/ledger.ts';
import { MATTER } from '../load/walker.ts';
import { noProviders } from '../machines/no-providers.ts';
import { readWishes } from './crash-point-history.ts';
import type { Walk } from './crash-point-walk.ts';

/** What each wish asks of whom; `once` when it does something there, and does not only look. */
const OPERATIONS: Record<string, { operation: string; once: boolean }> = {
  findPerson: { operation: 'people.find', once: false },
  sendCode: { operation: 'sms.send', once: true },
  createAccount: { operation: 'people.register', once: true },
  startFace: { operation: 'faces.start', once: true },
  checkFace: { operation: 'faces.check', once: true },
  readRegister: { operation: 'register.read', once: false },
  fileDeregistration: { operation: 'register.file', once: true },
  tellEnterprise: { operation: 'register.tellEnterprise', once: true },
  withdrawFiling: { operation: 'register.withdraw', once: true },
};

/** What the same walk leaves behind when nobody dies. */
export interface Expected {
  types: string[];
  messages: number;
  filings: number;
  notices: number;
}

export async function leftBehind({ rig, caseId, person }: Walk): Promise<Expected> {
  const { control } = rig.outside;
  const entries = await rig.store.readEntries(caseId, 'accepted');
  const ofCase = (each: { caseId: string }) => each.caseId === caseId;
  return {
    types: entries.map(({ bytes }) => readEntry(bytes).type),
    messages: control.messages(person.mobile).length,
    filings: control.filings().filter(ofCase).length,
    notices: control.notices().filter(ofCase).length,
  };
}

/** What was asked of the world outside without an entry on disk that wishes for it. True at any moment, death included. */
export async function findUnwished({ rig, caseId }: Walk): Promise<string[]> {
  const entries = await rig.store.readEntries(caseId, 'accepted');
  return findStrays(await getMatter(), entries, effectsOf(rig.outside, caseId));
}

/** Of these effects, those that no entry wished for under that key. */
export function findStrays(matter: Matter, entries: StoredEntry[], effects: EffectRecord[]): string[] {
  const wished = readEffects(matter, entries);
  return effects
    .filter(({ key, operation }) => operationOf(wished.get(key))?.operation !== operation)
    .map(({ key, operation }) => `no entry wished for ${operation} under ${key.slice(key.indexOf(':'))}`);
}

/** What differs from the same walk without a death. */
export async function findFaults(walk: Walk, expected: Expected): Promise<string[]> {
  const found = await leftBehind(walk);
  return [
    ...(found.types.join() === expected.types.join() ? [] : [`the history is ${found.types.join(' ')}`]),
    ...(['messages', 'filings', 'notices'] as const)
      .filter((what) => found[what] !== expected[what])
      .map((what) => `${found[what]} ${what} instead of ${expected[what]}`),
    ...(await findUnwished(walk)),
    ...(await findUnsettled(walk)),
    ...(await findLostWords(walk)),
    ...(await findKeyFaults(walk)),
    ...(await findBreaks(walk)),
  ];
}

/** Each wish was done once: under its own key, and no matter how often it was asked for. */
async function findUnsettled({ rig, caseId }: Walk): Promise<string[]> {
  const done = new Map(effectsOf(rig.outside, caseId).map((effect) => [effect.key, effect]));
  const entries = await rig.store.readEntries(caseId, 'accepted');
  return [...readEffects(await getMatter(), entries).values()].flatMap((task) => {
    const { attempts = 0, settled = 0 } = done.get(task.key) ?? {};
    const right = attempts > 0 && settled === (operationOf(task)?.once ? 1 : 0);
    return right ? [] : [`${task.name} was tried ${attempts} times and done ${settled} times`];
  });
}

/** What was acknowledged stands where it was said to stand. */
async function findLostWords({ rig, acknowledged }: Walk): Promise<string[]> {
  const checked = acknowledged.map(async ({ caseId, event, seq, head }) => {
    const entries = await rig.store.readEntries(caseId, 'accepted');
    return entries[seq - 1]?.digest === head ? [] : [`${event} was acknowledged at ${seq} and is not there`];
  });
  return (await Promise.all(checked)).flat();
}

/** Each key that was taken has one entry, and a key sent once more gives its first answer and moves nothing. */
async function findKeyFaults({ rig, caseId, taken }: Walk): Promise<string[]> {
  const before = await rig.store.readEntries(caseId, 'accepted');
  const keys = before.map(({ bytes }) => readEntry(bytes).key).filter((key) => key !== undefined);
  const wrong = keys.length === taken.length && new Set(keys).size === keys.length;
  const last = taken.at(-1);
  const again = last && (await rig.ask(last.call));
  const after = await rig.store.readEntries(caseId, 'accepted');
  return [
    ...(wrong ? [] : [`${keys.length} entries under ${new Set(keys).size} keys, of ${taken.length} taken`]),
    ...(again?.status === last?.status ? [] : [`a key sent again is answered ${again?.status}`]),
    ...(after.length === before.length ? [] : ['a key sent again was another event']),
  ];
}

/** The service's own proof: chains, replay, row, tasks, vault. */
async function findBreaks({ rig, caseId }: Walk): Promise<string[]> {
  const path = `/v1/audit/cases/${caseId}/verification`;
  const { body } = await rig.ask({ method: 'GET', path, token: rig.auditor });
  const left = (await rig.store.readTasks(caseId)).filter(({ kind }) => kind !== 'timer');
  return [
    ...(body.holds ? [] : [`the case does not hold: ${JSON.stringify(body.firstBreak)}`]),
    ...left.map(({ name }) => `${name} is still to be done`),
  ];
}

/** All that was ever asked for a case. */
export function effectsOf({ control }: Simulator, caseId: string): EffectRecord[] {
  return control.ledger().filter(({ key }) => key.startsWith(`${caseId}:`));
}

function operationOf(task: NewTask | undefined) {
  return task && OPERATIONS[task.name];
}

/** By key, from the history alone. */
function readEffects(matter: Matter, entries: StoredEntry[]): Map<string, NewTask> {
  const tasks = readWishes(matter, entries).flatMap(({ start }) => start);
  return new Map(tasks.filter(({ kind }) => kind !== 'timer').map((task) => [task.key, task]));
}

let loaded: Promise<Matter> | undefined;

/** Only its machine is asked. */
function getMatter(): Promise<Matter> {
  loaded ??= loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 }).then((matters) => {
    const matter = matters.get(MATTER);
    if (!matter) throw new Error(`no matter ${MATTER}`);
    return matter;
  });
  return loaded;
}
