import type { Problem } from '../shared/client.ts';
import { answered, keyOf } from './keys.ts';
import { untilAnswered } from './network.ts';
import { api } from './session.ts';

export type Opened = { id: string } | { problem: Problem };

/** Figure 4, 在线办理. A second tap, or a second try after a lost answer, opens no second case. */
export async function openCase(matter: string): Promise<Opened> {
  const wish = `open.${matter}`;
  const header = { 'idempotency-key': keyOf(wish) };
  const { data, error } = await untilAnswered(() =>
    api.POST('/v1/matters/{matter}/cases', { params: { path: { matter }, header }, body: {} }),
  );
  answered(wish);
  return data ? { id: data.id } : { problem: error };
}
