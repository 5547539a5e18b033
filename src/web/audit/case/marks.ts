import type { CaseMoment } from './history.ts';

/** What stands out in the chart after an entry. A chart is of one version: the way under another is not in it. */
export function marksAt(moments: readonly CaseMoment[], position: number) {
  const now = moments[position - 1];
  const before = moments
    .slice(0, position)
    .filter(({ machineVersion }) => machineVersion === now?.machineVersion);
  return {
    states: now?.states ?? [],
    visited: new Set(before.slice(0, -1).flatMap(({ states }) => states)),
    last: now?.ways ?? [],
    taken: new Set(before.flatMap(({ ways }) => ways)),
  };
}
