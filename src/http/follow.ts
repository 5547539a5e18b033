import { setImmediate } from 'node:timers/promises';
import type { CaseRow } from '../db/store.ts';
import { standingOf } from '../engine/answer.ts';
import type { Standing } from '../engine/present.ts';
import { replay } from '../engine/replay.ts';
import { findPersonKey, findRow, getMatter, type Runtime } from '../engine/runtime.ts';
import type { Personal } from '../engine/types.ts';

const ENTRIES_A_TURN = 20;

/**
 * A case after each of its entries past `after`, as they come, until it is done or `signal` is aborted. Nothing falls
 * between what was and what comes: it listens before it reads.
 */
export async function* follow(
  runtime: Runtime,
  caseId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Standing> {
  let moved = true;
  let wake: () => void = () => {};
  const notice = () => {
    moved = true;
    wake();
  };
  const unsubscribe = runtime.bus.subscribe(caseId, notice);
  signal.addEventListener('abort', notice);
  try {
    for (let seen = after; !signal.aborted; ) {
      moved = false;
      const row = await findRow(runtime, caseId);
      if (!row) return;
      for await (const standing of standingsSince(runtime, row, seen, signal)) yield standing;
      seen = Math.max(seen, row.seq);
      if (row.state.status === 'done') return;
      if (!moved) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', notice);
  }
}

/** The case after each entry past `after`, up to the row. */
async function* standingsSince(
  runtime: Runtime,
  row: CaseRow,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Standing> {
  if (row.seq <= after) return;
  if (row.seq === after + 1) yield standingOf(runtime, row);
  else yield* pastStandings(runtime, row, after, signal);
}

async function* pastStandings(
  runtime: Runtime,
  row: CaseRow,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Standing> {
  const family = getMatter(runtime, row);
  const person = await findPersonKey(runtime, row.owner);
  const vault = Map.groupBy(await runtime.store.readVault(row.id), ({ seq }) => seq);
  const entries = await runtime.store.readEntries(row.id, 'accepted');
  let personal: Personal | undefined = {};
  for (const { entry, stored, state, matter } of replay(family, entries.slice(0, row.seq))) {
    if (signal.aborted) return;
    // A long history must not keep everyone else waiting.
    if (entry.seq % ENTRIES_A_TURN === 0) await setImmediate();
    personal = person && { ...personal, ...runtime.vault.openValues(person, vault.get(entry.seq) ?? []) };
    if (entry.seq <= after) continue;
    yield {
      id: row.id,
      matter,
      machineVersion: matter.version,
      state,
      seq: entry.seq,
      head: stored.digest,
      openedAt: row.openedAt,
      updatedAt: entry.at,
      personal,
    };
  }
}
