import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/engine/canonical.ts';
import { digestState, readEntry, writeEntry } from '../../src/engine/entry.ts';
import { erase } from '../../src/engine/erase.ts';
import { gatherEvidence } from '../../src/engine/evidence.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Entry, MachineStamp, StoredEntry } from '../../src/engine/types.ts';
import { type Evidence, verifyCase } from '../../src/engine/verify.ts';
import { joinVersions } from '../../src/machines/define.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { smallMatter } from '../http/small-matter.ts';

let kit: TestApp;
let evidence: Evidence;
beforeEach(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
  const person = await kit.person();
  const { id } = (await person.post('/v1/matters/small/cases', {})).json();
  await person.post(`/v1/cases/${id}/events/note.close`);
  await person.post(`/v1/cases/${id}/events/note.send`, { text: '你好', colour: 'red' });
  evidence = await gather(id);
});
afterEach(() => kit.close());

async function gather(id: string): Promise<Evidence> {
  const row = await kit.runtime.store.findCase(id);
  if (!row) throw new Error('no case');
  return gatherEvidence(kit.runtime, row);
}

/** The same entry with other bytes; its digest made to fit, or not. */
function changed(entries: StoredEntry[], seq: number, change: (bytes: string) => string, fitting: boolean) {
  return entries.map((entry, index) => {
    if (index !== seq - 1) return entry;
    const bytes = change(entry.bytes);
    return { bytes, digest: fitting ? digestOf(bytes) : entry.digest };
  });
}
const blue = (bytes: string) => bytes.replace('"colour":"red"', '"colour":"blue"');

describe('verification', () => {
  it('holds for what was written', () => {
    expect(verifyCase(evidence)).toMatchObject({ holds: true, entries: 3, refusals: 1, firstBreak: null });
  });

  it('finds an entry that was changed', () => {
    const accepted = changed(evidence.accepted, 2, blue, false);
    const found = verifyCase({ ...evidence, accepted });
    expect(found).toMatchObject({ holds: false, firstBreak: { check: 'chain', seq: 2, what: 'digest' } });
  });

  it('finds an entry whose digest was made to fit, at the next', () => {
    const accepted = changed(evidence.accepted, 2, blue, true);
    const found = verifyCase({ ...evidence, accepted });
    expect(found.firstBreak).toMatchObject({ check: 'chain', seq: 3, what: 'prev' });
    expect(found.checks).toMatchObject({ replay: false });
  });

  it('finds an entry that is gone, and one that cannot be read', () => {
    const gone = verifyCase({ ...evidence, accepted: evidence.accepted.slice(0, 2) });
    expect(gone).toMatchObject({ holds: false, checks: { chain: true, currentRow: false } });
    const accepted = changed(evidence.accepted, 2, () => 'noise', true);
    expect(verifyCase({ ...evidence, accepted }).checks).toMatchObject({ chain: false, replay: false });
  });

  it('finds a refusal that was taken out', () => {
    expect(verifyCase({ ...evidence, refused: [] }).firstBreak).toMatchObject({
      check: 'currentRow',
      what: 'refusals',
    });
  });

  it('finds a current state that the history does not lead to', () => {
    const state = { ...evidence.row.state, context: { colour: 'blue' } };
    const found = verifyCase({ ...evidence, row: { ...evidence.row, state } });
    expect(found.firstBreak).toMatchObject({ check: 'currentRow', what: 'state' });
  });

  it('finds work that is missing, moved, or that nobody asked for', () => {
    expect(verifyCase({ ...evidence, tasks: [] }).firstBreak).toMatchObject({ check: 'tasks' });
    const moved = evidence.tasks.map((task) => ({ ...task, dueAt: '2030-01-01T00:00:00.000Z' }));
    expect(verifyCase({ ...evidence, tasks: moved }).checks.tasks).toBe(false);
    const more = evidence.tasks.map((task) => ({ ...task, ref: 'another' }));
    expect(verifyCase({ ...evidence, tasks: [...evidence.tasks, ...more] }).checks.tasks).toBe(false);
  });

  it('finds a personal value that is gone, was exchanged, or came from nowhere', () => {
    expect(verifyCase({ ...evidence, vault: [] }).firstBreak).toMatchObject({ check: 'vault', seq: 2 });
    const exchanged = evidence.vault.map((row) => ({ ...row, digest: 'another' }));
    expect(verifyCase({ ...evidence, vault: exchanged }).checks.vault).toBe(false);
    const stray = [...evidence.vault, { seq: 9, digest: 'stray', opens: true }];
    expect(verifyCase({ ...evidence, vault: stray }).firstBreak).toMatchObject({ check: 'vault', seq: 9 });
  });

  it('finds a value that no longer opens, though its digest stands', () => {
    const vault = evidence.vault.map((value) => ({ ...value, opens: false }));
    expect(verifyCase({ ...evidence, vault }).firstBreak).toMatchObject({ check: 'vault', what: 'sealed' });
  });

  it('finds a case given to somebody else, or opened at another time', () => {
    for (const change of [
      { owner: 'somebody' },
      { openedAt: '2020-01-01T00:00:00.000Z' },
      { matter: 'other' },
    ]) {
      const row = { ...evidence.row, ...change };
      const [what = ''] = Object.keys(change);
      expect(verifyCase({ ...evidence, row }).firstBreak).toMatchObject({ check: 'currentRow', what });
    }
  });

  it('finds a result that a person wrote, even in a history made to fit from end to end', () => {
    const accepted = rechained(evidence.accepted, (entry) =>
      entry.type.startsWith('xstate.') ? { ...entry, actor: { role: 'applicant', id: 'somebody' } } : entry,
    );
    const row = { ...evidence.row, head: accepted.at(-1)?.digest ?? '' };
    const found = verifyCase({ ...evidence, accepted, row });
    expect(found.checks.chain).toBe(true);
    expect(found.firstBreak).toMatchObject({ check: 'replay', what: 'actor' });
  });

  it('finds a state value that is not the one the history leads to', () => {
    const accepted = rechained(evidence.accepted, (entry) => ({
      ...entry,
      state: { ...entry.state, value: 'elsewhere' },
    }));
    expect(verifyCase({ ...evidence, accepted }).firstBreak).toMatchObject({
      check: 'replay',
      what: 'value',
    });
  });

  it('finds leaves that searches would find the case by, and that it is not in', () => {
    const found = verifyCase({ ...evidence, leaves: ' closed ' });
    expect(found.firstBreak).toMatchObject({ check: 'currentRow', what: 'leaves', found: ' closed ' });
  });

  it('finds a read that was taken out, and passes over what nobody could open', () => {
    const row = { ...evidence.row, reads: 1 };
    expect(verifyCase({ ...evidence, row }).firstBreak).toMatchObject({ check: 'currentRow', what: 'reads' });
    const vault = evidence.vault.map((value) => ({ ...value, opens: undefined }));
    expect(verifyCase({ ...evidence, vault }).holds).toBe(true);
  });

  it('finds a move to another machine that a person wrote, and one that says another machine than the case was on', () => {
    const { machine } = evidence.row;
    const matter = joinVersions(smallMatter(), [], []);
    matter.versions?.migrations.push({ from: '1', to: '1', migrate: (state) => state });
    const movedBy = (role: 'system' | 'applicant', from: MachineStamp) => {
      const data = { from: { ...from }, to: { ...machine } };
      const accepted = rechained(evidence.accepted.slice(0, 2), (entry) =>
        entry.seq === 2 ? { ...entry, type: 'case.migrate', actor: { role, id: 'x' }, data } : entry,
      );
      const state = [...replay(matter, accepted)][1]?.state ?? evidence.row.state;
      const fitting = rechained(accepted, (entry) =>
        entry.seq === 2 ? { ...entry, state: { value: state.value, digest: digestState(state) } } : entry,
      );
      return verifyCase({ ...evidence, matter, accepted: fitting });
    };
    expect(movedBy('system', machine).checks.replay).toBe(true);
    expect(movedBy('applicant', machine).firstBreak).toMatchObject({
      check: 'replay',
      seq: 2,
      what: 'actor',
    });
    const elsewhere = movedBy('system', { ...machine, version: '0' });
    expect(elsewhere.firstBreak).toMatchObject({ check: 'replay', seq: 2, what: 'from' });
  });

  it('finds a row that says another machine than its history', () => {
    const row = { ...evidence.row, machine: { ...evidence.row.machine, version: '2' } };
    const found = verifyCase({ ...evidence, row });
    expect(found.firstBreak).toMatchObject({ check: 'replay', what: 'machine' });
  });

  it('names the version of an entry whose machine is not loaded', () => {
    const accepted = rechained(evidence.accepted, (entry) => ({
      ...entry,
      machine: { ...entry.machine, version: '0' },
    }));
    const { firstBreak } = verifyCase({ ...evidence, accepted });
    expect(firstBreak).toMatchObject({ check: 'replay', seq: 1, what: 'machine', found: 'small 0' });
  });

  it('finds a read that was taken out, or changed', async () => {
    const officer = await kit.staff('officer');
    await officer.get(`/v1/cases/${evidence.row.id}`);
    const seen = await gather(evidence.row.id);
    expect(verifyCase(seen)).toMatchObject({ holds: true, reads: 1 });
    expect(verifyCase({ ...seen, read: [] }).firstBreak).toMatchObject({
      check: 'currentRow',
      what: 'reads',
    });
    const read = changed(seen.read, 1, (bytes) => bytes.replace('officer', 'auditor'), false);
    expect(verifyCase({ ...seen, read }).firstBreak).toMatchObject({ check: 'readChain', seq: 1 });
  });

  describe('of an erased person’s case', () => {
    let erased: Evidence;
    let left: Evidence['vault'];
    beforeEach(async () => {
      left = evidence.vault;
      await erase(
        { ...kit.runtime, files: { removeAll: async () => true } },
        {
          personId: evidence.row.owner,
          reason: 'person-asked',
          actor: { role: 'operator', id: 'command-line' },
        },
      );
      erased = await gather(evidence.row.id);
    });

    it('holds without a value', () => {
      expect(left).not.toEqual([]);
      expect(verifyCase(erased)).toMatchObject({ holds: true, entries: 4, firstBreak: null });
    });

    it('finds a value that was left, or put back', () => {
      expect(verifyCase({ ...erased, vault: left }).firstBreak).toMatchObject({
        check: 'vault',
        what: 'erased',
      });
    });

    it('finds an entry that goes on after the end', () => {
      const last = readEntry(erased.accepted.at(-1)?.bytes ?? '');
      const more = writeEntry({
        ...last,
        seq: 5,
        type: 'note.close',
        prev: erased.accepted.at(-1)?.digest ?? '',
      });
      const row = { ...erased.row, seq: 5, head: more.digest };
      const found = verifyCase({ ...erased, row, accepted: [...erased.accepted, more] });
      expect(found.firstBreak).toMatchObject({ check: 'replay', seq: 5, what: 'erased' });
    });
  });

  it('says so when the machine of its time is not there to run it again', () => {
    const found = verifyCase({ ...evidence, matter: undefined });
    expect(found.holds).toBe(false);
    expect(found.firstBreak).toMatchObject({ check: 'replay', what: 'machine' });
  });
});

/** A forger who owns the database: every entry changed and every digest after it made to fit. */
function rechained(entries: StoredEntry[], change: (entry: Entry) => Entry): StoredEntry[] {
  let prev = '';
  return entries.map((stored) => {
    const written = writeEntry({ ...change(readEntry(stored.bytes)), prev });
    prev = written.digest;
    return written;
  });
}
