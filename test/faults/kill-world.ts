import { join } from 'node:path';
import { openStoreToRead } from '../../src/db/open.ts';
import { readEntry } from '../../src/engine/entry.ts';
import { openLedger } from '../../src/providers/simulator/ledger.ts';
import { loadKeys } from '../../src/vault/keys.ts';

/** By which entry a case knows that something was done outside, and what the world calls it. */
const DONE: Record<string, string> = {
  'xstate.done.actor.startFace': 'faces.start',
  'xstate.done.actor.checkFace': 'faces.check',
  'xstate.done.actor.fileDeregistration': 'register.file',
};

export interface World {
  /** Cases that the database holds, whoever knows of them. */
  cases: number;
  /** Effects the world has done, of the kinds that are done once. */
  settled: number;
  /** Called for more than once: a kill came between the doing and the entry. */
  repeated: number;
  /** A case and an operation that the world and the history count differently, or an effect done twice. */
  differing: string[];
}

/** Holds what the simulated world did against the histories. For a stopped server whose clients all had their answers. */
export async function compareWithWorld(folder: string, caseIds: ReadonlySet<string>): Promise<World> {
  const key = loadKeys(join(folder, 'banjian.key')).derive('simulator');
  const ledger = openLedger({ file: join(folder, 'simulator.db'), key, clock: { now: () => Date.now() } });
  const store = openStoreToRead(join(folder, 'banjian.db'));
  try {
    const effects = ledger.ledger().filter(({ settled }) => settled > 0);
    const twice = effects.filter(({ settled }) => settled > 1).map(({ key: one }) => `${one}: settled twice`);
    const done = Map.groupBy(effects, ({ key: one, operation }) => `${one.split(':')[0]} ${operation}`);
    const differing: string[] = [];
    for (const caseId of caseIds) {
      const types = (await store.readEntries(caseId, 'accepted')).map(({ bytes }) => readEntry(bytes).type);
      for (const [operation, told] of expectedOf(types)) {
        const found = done.get(`${caseId} ${operation}`)?.length ?? 0;
        if (found !== told) differing.push(`${caseId} ${operation}: ${told} in the history, ${found} done`);
      }
    }
    const repeated = effects.filter(({ attempts }) => attempts > 1).length;
    const { cases } = await store.count();
    return { cases, settled: effects.length, repeated, differing: [...twice, ...differing] };
  } finally {
    ledger.close();
    await store.close();
  }
}

/** Whether everything that withdrawn cases still wanted done is done. */
export async function isWorkDone(folder: string, caseIds: ReadonlySet<string>): Promise<boolean> {
  const store = openStoreToRead(join(folder, 'banjian.db'));
  try {
    for (const caseId of caseIds) {
      const row = await store.findCase(caseId);
      if (row?.state.status === 'done' && (await store.readTasks(caseId)).length > 0) return false;
    }
    return true;
  } finally {
    await store.close();
  }
}

function expectedOf(types: string[]): Map<string, number> {
  const expected = new Map(Object.values(DONE).map((operation) => [operation, 0]));
  const add = (operation: string) => expected.set(operation, (expected.get(operation) ?? 0) + 1);
  for (const type of types) if (DONE[type]) add(DONE[type]);
  // A filing is taken back when its case is withdrawn.
  expected.set('register.withdraw', 0);
  const isFiled = types.includes('xstate.done.actor.fileDeregistration');
  if (isFiled && types.at(-1) === 'case.withdraw') add('register.withdraw');
  return expected;
}
