import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import type { CaseRow, Store } from '../../src/db/store.ts';
import { writeEntry } from '../../src/engine/entry.ts';
import { enterStates } from '../../src/engine/tags.ts';
import type { Tags } from '../../src/engine/types.ts';
import { at, caseRow, firstCommit, nextCommit, stateOf } from '../db/samples.ts';
import { entry } from '../engine/fixtures.ts';

let store: Store;
beforeEach(async () => {
  store = openStore(':memory:');
  const session = {
    channel: 'web',
    createdAt: at(0),
    expiresAt: at(60),
    wrappedKey: Buffer.alloc(1),
    keyEpoch: 1,
  };
  await store.createSession({ ...session, personId: 'p1', digest: 'd1' });
});
afterEach(() => store.close());

/** Entries of one case, each under a machine version, with what it is found by. */
async function write(
  id: string,
  lines: { version: string; tags?: Tags; subject?: string }[],
): Promise<CaseRow> {
  const [first, ...others] = lines;
  const stamp = (version = '1') => ({ id: 'sample', version, definition: 'sha256:00' });
  const stored = (seq: number, version = '1') =>
    writeEntry(entry({ case: id, seq, at: at(seq), machine: stamp(version) }));
  // The row has the machine that the case ended on.
  let row = caseRow({ id, machine: stamp(lines.at(-1)?.version) });
  await store.commit(firstCommit(row, { entry: stored(1, first?.version), tags: first?.tags }));
  for (const { version, ...others_ } of others) {
    const commit = nextCommit(row, { entry: stored(row.seq + 1, version), ...others_ });
    await store.commit(commit);
    row = commit.row;
  }
  return row;
}

const failed = (seq: number): Tags => ({ at: at(seq), trial: 'face', outcome: 'failed' });
const passed = (seq: number): Tags => ({ at: at(seq), trial: 'face', outcome: 'passed' });

describe('entries under a version', () => {
  it('are those of cases that are under it, and those that a case left behind', async () => {
    await write('stays', [{ version: '1' }, { version: '1' }]);
    await write('leaves', [
      { version: '1' },
      { version: '1' },
      { version: '2', tags: { at: at(3), left: '1' } },
    ]);
    await write('new', [{ version: '2' }]);
    const found = async (version: string, limit: number) => {
      const places: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = await store.searchVersion({
          matter: 'sample',
          version,
          limit,
          ...(cursor ? { cursor } : {}),
        });
        places.push(...page.rows.map(({ caseId, seq }) => `${caseId} ${seq}`));
        cursor = page.next;
      }
      return places;
    };
    for (const limit of [1, 2, 3, 50]) {
      expect(await found('1', limit)).toEqual(['stays 1', 'stays 2', 'leaves 1', 'leaves 2']);
      expect(await found('2', limit)).toEqual(['leaves 3', 'new 1']);
    }
    expect(await found('3', 50)).toEqual([]);
  });
});

describe('failures', () => {
  it('are counted to the pass they came before, case by case', async () => {
    await write('a', [
      { version: '1' },
      { version: '1', tags: failed(2) },
      { version: '1', tags: failed(3) },
    ]);
    await write('b', [{ version: '1' }, { version: '1', tags: passed(2) }]);
    const row = await write('c', [
      { version: '1' },
      { version: '1', tags: failed(2) },
      { version: '1', tags: passed(3) },
      { version: '1', tags: passed(4) },
      { version: '1', tags: failed(5) },
      { version: '1', tags: failed(6) },
    ]);
    await store.commit(nextCommit(row, { tags: passed(7), entry: writeEntry(entry({ case: 'c', seq: 7 })) }));
    const { rows } = await store.searchPasses({ trial: 'face', failures: 1, limit: 50 });
    expect(rows.map(({ caseId, seq, failures }) => [caseId, seq, failures])).toEqual([
      ['c', 7, 2],
      ['c', 3, 1],
    ]);
    expect(await store.readTags('b')).toEqual([]);
  });
});

describe('cases of an ID number', () => {
  it('are found by its keyed digest, whoever opened them', async () => {
    await write('a', [{ version: '1' }, { version: '1', subject: 's1' }]);
    await write('b', [{ version: '1' }, { version: '1', subject: 's2' }]);
    await write('c', [{ version: '1' }, { version: '1', subject: 's1' }]);
    const { rows } = await store.searchCases({ subject: 's1', limit: 50 });
    expect(rows.map(({ id }) => id).toSorted()).toEqual(['a', 'c']);
  });
});

describe('since when a case is in its states', () => {
  const first = enterStates({}, { form: { a: 'x', b: 'y' } }, at(1));
  it('is kept for those that it stays in, outer ones too', () => {
    expect(first).toEqual({
      form: at(1),
      'form.a': at(1),
      'form.a.x': at(1),
      'form.b': at(1),
      'form.b.y': at(1),
    });
    const moved = enterStates(first, { form: { a: 'z', b: 'y' } }, at(2));
    expect(moved).toMatchObject({ form: at(1), 'form.a': at(1), 'form.a.z': at(2), 'form.b.y': at(1) });
    expect(moved).not.toHaveProperty(['form.a.x']);
    expect(enterStates(moved, { form: { a: 'x', b: 'y' } }, at(3))['form.a.x']).toBe(at(3));
  });

  it('is the very same where it stays in all', () => {
    expect(enterStates(first, { form: { a: 'x', b: 'y' } }, at(2))).toBe(first);
    expect(enterStates(first, { form: { a: 'x' } }, at(2))).not.toBe(first);
    expect(enterStates(first, {}, at(2))).toEqual({});
  });

  it('is what a search goes by, of the state that was asked for and no other', async () => {
    const row = caseRow({ id: 'a', state: stateOf({ form: { a: 'x', b: 'y' } }), entered: first });
    await store.commit(firstCommit(row));
    const state = stateOf({ form: { a: 'z', b: 'y' } });
    const entered = enterStates(first, state.value, at(50));
    await store.commit(nextCommit(row, { row: { state, entered } }));
    const find = async (asked: string, before: number) =>
      (await store.searchWaiting({ state: asked, before: at(before), limit: 5 })).rows.map(
        ({ since }) => since,
      );
    expect(await find('form', 1)).toEqual([at(1)]);
    expect(await find('form.b.y', 49)).toEqual([at(1)]);
    expect(await find('form.a.z', 49)).toEqual([]);
    expect(await find('form.a.z', 50)).toEqual([at(50)]);
    expect(await find('form.a.x', 50)).toEqual([]);
    expect(
      (await store.searchWaiting({ state: 'form', before: at(9), matter: 'other', limit: 5 })).rows,
    ).toEqual([]);
  });
});
