import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MigrateOptions, migrateCases } from '../../src/cli/migrate.ts';
import { printPreflight } from '../../src/cli/preflight.ts';
import { printWhatIf } from '../../src/cli/replay.ts';
import type { TestApp } from '../helpers.ts';
import { createPermitWorld, elsewhere, openPermit, type Permit, type PermitWorld } from './permit-world.ts';

let world: PermitWorld;
let drafting: Permit;
let waiting: Permit;
let kit: TestApp;
beforeEach(async () => {
  world = await createPermitWorld();
  const before = await world.start('1');
  drafting = await openPermit(before);
  waiting = await openPermit(before);
  await waiting.send('permit.send', { colour: 'red' });
  const ended = await openPermit(before);
  await ended.send('permit.withdraw');
});
afterEach(() => world.close());

async function preflight(...versions: string[]): Promise<{ safe: boolean; told: string }> {
  kit = await world.start(...versions);
  const lines: string[] = [];
  const safe = await printPreflight(
    kit.runtime.store,
    kit.runtime.matters,
    undefined,
    (line) => void lines.push(line),
  );
  return { safe, told: lines.join('\n') };
}

async function migrate(options: Partial<MigrateOptions>): Promise<{ told: string[]; cannot: number }> {
  const told: string[] = [];
  const mover = { store: kit.runtime.store, clock: world.clock };
  const { cannot } = await migrateCases(
    mover,
    kit.runtime.matters,
    { dryRun: false, ...options },
    (line) => void told.push(line),
  );
  return { told, cannot };
}

describe('banjian preflight', () => {
  it('classes each open case, with the shortest example of each class, and says whether a migration takes it', async () => {
    const { safe, told } = await preflight('3', '2', '1');
    expect(safe).toBe(true);
    expect(told).toContain(`same: 1  (最短 · shortest: ${drafting.id}, 1 条`);
    expect(told).toContain('stranded: 1');
    expect(told).toMatch(/1 × .*waiting.* \(有迁移 · a migration takes it\)/);
    expect(told).toMatch(/Ended cases\n.*same: 1/);
  });

  it('is not content while a case is stranded and no migration takes it', async () => {
    world.permit.versions?.migrations.splice(0);
    const { safe, told } = await preflight('3', '2', '1');
    expect(safe).toBe(false);
    expect(told).not.toContain('a migration takes it');
  });

  it('names a version that is not loaded', async () => {
    const { told } = await preflight('3', '2');
    expect(told).toContain('version 1 (sha256:');
    expect(told).toContain('is not loaded');
  });
});

describe('banjian replay --machine', () => {
  const whatIf = async (seq: number, machine: string) => {
    kit = await world.start('3', '2', '1');
    const lines: string[] = [];
    const options = { to: 9, refusals: false, diff: false, watch: false, language: 'en' as const };
    const asked = { ...options, caseId: waiting.id, whatIf: { seq, events: undefined, machine } };
    await printWhatIf(
      { store: kit.runtime.store, matters: kit.runtime.matters },
      asked,
      (line) => void lines.push(line),
    );
    return lines;
  };

  it('runs the whole history under another version, and says what differs', async () => {
    const lines = await whatIf(0, '3');
    expect(lines[2]).toMatch(/^ {2}~3 .* checking → deciding .*⏰ due confirmationDue .* ≠$/);
    expect(lines.at(-1)).toContain('Digests that differ from those recorded: 1.');
  });

  it('says so when that version has no place for the case', async () => {
    world.permit.versions?.migrations.splice(0);
    await expect(whatIf(3, '3')).rejects.toThrow(
      "It cannot go on under that version: State 'waiting' does not exist",
    );
  });
});

describe('banjian migrate', () => {
  beforeEach(async () => {
    kit = await world.start('3', '2', '1');
  });

  it('says beforehand what it would do, and writes nothing', async () => {
    const { told, cannot } = await migrate({ dryRun: true });
    expect(cannot).toBe(1);
    expect(told.join('\n')).toContain(`${waiting.id}  permit 1 → 3  waiting → deciding`);
    expect(told.join('\n')).toContain(
      `${drafting.id}  permit 1 → 3  drafting  ✗ the migration does not take it`,
    );
    expect(told.at(-1)).toContain('1 would move, 1 stay, 1 cannot');
    expect((await elsewhere(kit, waiting).read()).machineVersion).toBe('1');
  });

  it('moves every open case that its migration takes, once', async () => {
    expect((await migrate({ to: '2' })).told.at(-1)).toContain('2 moved, 1 stay, 0 cannot');
    expect((await migrate({ to: '2' })).told.at(-1)).toContain('0 moved, 3 stay, 0 cannot');
    expect((await migrate({})).told.at(-1)).toContain('2 moved, 1 stay, 0 cannot');
    expect((await elsewhere(kit, waiting).read()).machineVersion).toBe('3');
  });

  it('moves one case alone', async () => {
    await migrate({ caseId: waiting.id });
    expect((await elsewhere(kit, waiting).read()).machineVersion).toBe('3');
    expect((await elsewhere(kit, drafting).read()).machineVersion).toBe('1');
  });

  it('says what is wrong with what was typed', async () => {
    await expect(migrate({ to: '9' })).rejects.toThrow('permit has no version 9');
    await expect(migrate({ matter: 'nothing' })).rejects.toThrow('There is no matter nothing');
    await expect(migrate({ caseId: 'nothing' })).rejects.toThrow('There is no case nothing');
  });
});
