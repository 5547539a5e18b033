import type { CaseRow } from '../db/store.ts';
import { standingOf } from '../engine/answer.ts';
import type { Standing } from '../engine/present.ts';
import { replay } from '../engine/replay.ts';
import { getMatter, getPersonKey, type Runtime } from '../engine/runtime.ts';

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
      const row = await runtime.store.findCase(caseId);
      if (!row) return;
      for await (const standing of standingsSince(runtime, row, seen)) yield standing;
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
async function* standingsSince(runtime: Runtime, row: CaseRow, after: number): AsyncGenerator<Standing> {
  if (row.seq <= after) return;
  if (row.seq === after + 1) yield standingOf(runtime, row);
  else yield* pastStandings(runtime, row, after);
}

async function* pastStandings(runtime: Runtime, row: CaseRow, after: number): AsyncGenerator<Standing> {
  const matter = getMatter(runtime, row);
  const person = await getPersonKey(runtime, row.owner);
  const vault = await runtime.store.readVault(row.id, row.seq);
  const entries = await runtime.store.readEntries(row.id, 'accepted');
  for (const { entry, state } of replay(matter, entries.slice(0, row.seq))) {
    if (entry.seq <= after) continue;
    yield {
      id: row.id,
      matter,
      machineVersion: row.machine.version,
      state,
      seq: entry.seq,
      openedAt: row.openedAt,
      updatedAt: entry.at,
      personal: runtime.vault.openValues(
        person,
        vault.filter(({ seq }) => seq <= entry.seq),
      ),
    };
  }
}
