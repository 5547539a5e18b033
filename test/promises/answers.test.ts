import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Matter } from '../../src/engine/types.ts';
import { createJobMatter } from '../faults/simulation/job-matter.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { type Outside, smallMatter } from '../http/small-matter.ts';

let kit: TestApp;
let person: TestClient;

async function start(matter: Matter): Promise<void> {
  kit = await startTestApp({ matters: [matter] });
  person = await kit.person();
}

afterEach(() => kit.close());

/** Something that somebody waits for, and the way to let it happen. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('with a store that answers late,', () => {
  let slow = gate();
  const outside: Outside = { check: () => slow.opened.then(() => ({ fine: true })) };
  beforeEach(async () => {
    slow = gate();
    await start(smallMatter(outside));
  });

  it('an answer is never older than the event it answers', async () => {
    const { store } = kit.runtime;
    const late = gate();
    let commits = 0;
    kit.runtime.store = {
      ...store,
      async commit(commit) {
        const first = ++commits === 1;
        // The second is asked for: its request listens. Now the answer to the first arrives.
        if (!first) late.open();
        const outcome = await store.commit(commit);
        if (first) await late.opened;
        return outcome;
      },
    };
    const opening = person.post('/v1/matters/small/cases', {});
    await kit.until(async () => (await store.searchCases({ limit: 1 })).rows.length > 0);
    const [row] = (await store.searchCases({ limit: 1 })).rows;
    const sending = person.post(`/v1/cases/${row?.id}/events/note.send`, { text: 'a note', colour: 'red' });
    await kit.until(async () => (await store.findCase(row?.id ?? ''))?.seq === 2);
    slow.open();
    await opening;
    expect((await sending).json().seq).toBeGreaterThanOrEqual(2);
  });

  it('the same key gives the same answer again', async () => {
    const { id } = (await person.post('/v1/matters/small/cases', {})).json();
    const { store } = kit.runtime;
    kit.runtime.store = {
      ...store,
      async findKey(scope, key) {
        const row = await store.findKey(scope, key);
        // Between the moment an event is stamped with and the moment from which its answer waits.
        if (!row) kit.clock.move(9_000);
        return row;
      },
    };
    const send = () =>
      person.post(
        `/v1/cases/${id}/events/note.send`,
        { text: 'a note', colour: 'red' },
        { 'idempotency-key': 'once' },
      );
    const sending = send();
    await kit.until(async () => (await store.findCase(id))?.seq === 2);
    kit.clock.move(4_000);
    slow.open();
    const first = await sending;
    const again = await send();
    expect([again.statusCode, again.json().seq]).toEqual([first.statusCode, first.json().seq]);
  });
});

describe('while an event waits for its work,', () => {
  it('what the machine says to another event is not its answer', async () => {
    const slow = gate();
    const job = createJobMatter({
      inspect: () => slow.opened.then(() => ({ fine: true })),
      reserve: () => ({}),
    });
    await start(job);
    const { id } = (await person.post('/v1/matters/job/cases', {})).json();
    const send = (event: string, body: object) => person.post(`/v1/cases/${id}/events/${event}`, body);
    await send('job.note', { mark: 1, text: 'a note' });
    const starting = send('job.start', { mark: 2 });
    await kit.until(async () => (await kit.runtime.store.findCase(id))?.seq === 3);
    const noting = send('job.note', { mark: 3, text: 'another' });
    await kit.until(async () => (await kit.runtime.store.findCase(id))?.seq === 4);
    slow.open();
    expect((await noting).json().code).toBe('noted-late');
    expect((await starting).statusCode).toBe(200);
  });
});
