import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Matter } from '../../src/engine/types.ts';
import { joinVersions } from '../../src/machines/define.ts';
import { startServer } from '../../src/main.ts';
import { firstPlan, matterFrom } from './edits.ts';
import {
  createPermitWorld,
  openPermit,
  type PermitWorld,
  stampIn,
  versionOf,
  withVersions,
} from './permit-world.ts';

let world: PermitWorld;
beforeEach(async () => {
  world = await createPermitWorld();
  mkdirSync(world.folder, { recursive: true });
});
afterEach(() => world.close());

/** A real server on the world's data, with this matter and no other. */
async function start(matter: Matter): Promise<void> {
  const env = { PORT: '0', BANJIAN_DATA: world.folder, LOG_LEVEL: 'silent' };
  const config = readConfig({ ...env, BANJIAN_LOG_KEY_FILE: join(world.folder, 'keys', 'log.json') });
  const server = await startServer(config, { matters: new Map([[matter.id, matter]]), clock: world.clock });
  await server.stop();
}

async function leaveCases(...versions: string[]): Promise<void> {
  for (const version of versions) await openPermit(await world.start(version));
  await (await world.start('3', '2', '1')).close();
}

describe('a server', () => {
  it('starts with the versions that its cases are on', async () => {
    await leaveCases('1', '2');
    await expect(start(withVersions(world.permit, ['3', '2', '1']))).resolves.toBeUndefined();
  });

  it('refuses to start when a version that has cases is not loaded and no migration leads on, in both languages', async () => {
    await leaveCases('1', '2');
    const third = joinVersions(versionOf(world.permit, '3'), [], []);
    const refused = await start(third).catch((error: Error) => error.message);
    expect(refused).toMatch(
      /permit 1 .*请恢复 versions\/1\/ .*Bring versions\/1\/ back, or give it a migration/,
    );
    expect(refused).toMatch(/permit 2 .*versions\/2\//);
  });

  it('starts when a migration leads on from it', async () => {
    await leaveCases('1');
    await expect(start(withVersions(world.permit, ['3', '2']))).resolves.toBeUndefined();
  });

  it('refuses a machine that was edited under its own version', async () => {
    await leaveCases('1');
    const plan = firstPlan();
    const edited = { ...matterFrom(plan, '1', { check: async () => {} }), id: 'permit' };
    const refused = await start(edited).catch((error: Error) => error.message);
    expect(refused).toContain('the machine of that version was edited');
    expect(refused).toContain(stampIn(world.permit, '1').definition);
  });

  it('refuses cases of a matter that is gone', async () => {
    await leaveCases('1');
    const other = matterFrom(firstPlan(), '1', { check: async () => {} });
    await expect(start(other)).rejects.toThrow('There are cases of permit 1');
  });
});

describe('the machines that cases are on', () => {
  it('are told each once, however many cases there are, and one that nobody is on any more is not', async () => {
    await leaveCases('1', '1', '2', '1');
    const kit = await world.start('3', '2', '1');
    expect(await kit.runtime.store.listMachines()).toEqual([
      { matter: 'permit', machine: stampIn(world.permit, '1') },
      { matter: 'permit', machine: stampIn(world.permit, '2') },
    ]);
  });
});
