import { settleDown } from './schedule.ts';
import type { World } from './world.ts';

/** One thing happens, then everything that follows from it, then everything is held against everything. */
export async function take(world: World, act: (world: World) => Promise<void> | void): Promise<void> {
  world.step++;
  await act(world);
  await settleDown();
  const touched = [...world.touched];
  world.touched.clear();
  for (const caseId of touched) await world.histories.look(caseId);
  for (const told of world.told.splice(0)) await told();
}
