import { setTimeout as pause } from 'node:timers/promises';
import type { CaseView } from '../../../src/engine/present.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import { png } from '../../helpers.ts';
import { type Call, connect } from '../../load/connection.ts';
import { inventPeople } from '../../load/people.ts';
import { must, newWalker, nextEvent, openCase, pictureForm } from '../../load/walker.ts';

/** Between two requests of one person. */
const THINK_MS = 30;

/** People who apply as people do, one request after the other; answers with how long each took, in milliseconds. */
export async function visit(url: string, count: number, until: Promise<unknown>): Promise<number[]> {
  let over = false;
  void until.finally(() => {
    over = true;
  });
  const took = await Promise.all(inventPeople(count).map((person) => comeAndGo(url, person, () => over)));
  return took.flat();
}

async function comeAndGo(url: string, person: PersonSample, isOver: () => boolean): Promise<number[]> {
  const took: number[] = [];
  const connection = connect(url);
  const walker = await newWalker(connection, person);
  const { token } = walker;
  const ask = async (call: Call) => {
    await pause(THINK_MS);
    const began = performance.now();
    const reply = await must(connection.call({ ...call, token }));
    took.push(performance.now() - began);
    return reply.body;
  };
  let view: CaseView = (await must(openCase(connection, walker))).body;
  while (!isOver()) {
    const next = nextEvent(view, person);
    if (next?.before) await ask({ method: 'POST', ...next.before });
    await ask({ method: 'GET', path: `/v1/cases/${view.id}` });
    const { event, body } = next ?? { event: 'case.withdraw', body: {} };
    view = await ask({ method: 'POST', path: `/v1/cases/${view.id}/events/${event}`, body });
    if (!next) view = (await must(openCase(connection, walker))).body;
  }
  connection.close();
  return took;
}

/** How uploads of a whole picture were answered meanwhile. */
export async function upload(url: string, token: string, until: Promise<unknown>): Promise<number[]> {
  let over = false;
  void until.finally(() => {
    over = true;
  });
  const connection = connect(url);
  const statuses: number[] = [];
  while (!over) {
    await pause(THINK_MS);
    const reply = await connection.call({
      method: 'PUT',
      path: '/v1/me/avatar',
      token,
      raw: pictureForm(png()),
    });
    statuses.push(reply.status);
  }
  connection.close();
  return statuses;
}
