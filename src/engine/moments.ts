import type { AnyTransitionDefinition } from 'xstate';
import { listOpen } from './gate.ts';
import { findWays, restore } from './interpret.ts';
import { activeLeaves } from './present.ts';
import { eventOf, type Replayed, replay } from './replay.ts';
import type { Matter, Role, StoredEntry, Text } from './types.ts';
import { MIGRATE } from './versions.ts';

/** A case as it stood after an entry, and what could happen then. Nothing in it is personal. */
export interface CaseMoment extends Replayed {
  states: string[];
  /** The transitions that led here from the moment before. */
  ways: AnyTransitionDefinition[];
  allowed: { event: string; title: Text; roles: Role[] }[];
}

/** Every moment of a history, run again, each in the version of the machine that the case was then on. @throws MachineNotLoaded */
export function* replayMoments(matter: Matter, entries: Iterable<StoredEntry>): Generator<CaseMoment> {
  let before: Replayed | undefined;
  for (const replayed of replay(matter, entries)) {
    yield {
      ...replayed,
      states: activeLeaves(restore(replayed.matter.machine, replayed.state)),
      ways: waysFrom(before, replayed),
      allowed: listAllowedThen(replayed),
    };
    before = replayed;
  }
}

/** Opening takes none, and neither does a move to another version. */
function waysFrom(before: Replayed | undefined, { entry }: Replayed): AnyTransitionDefinition[] {
  if (!before || entry.type === MIGRATE) return [];
  const { machine } = before.matter;
  return findWays(machine, restore(machine, before.state), eventOf(entry));
}

function listAllowedThen({ matter, state, entry }: Replayed): CaseMoment['allowed'] {
  const snapshot = restore(matter.machine, state);
  return listOpen({ matter, snapshot, at: entry.at }).flatMap((event) => {
    const definition = matter.events[event];
    return definition ? [{ event, title: definition.title, roles: definition.roles }] : [];
  });
}
