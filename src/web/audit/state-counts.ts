/** How many cases stand in a state or in one inside it. */
export interface StateCount {
  state: string;
  cases: number;
}

/** A case in parallel states counts in each of them, and once in every state around them. */
export function countStates(standing: { states: string[]; cases: number }[]): StateCount[] {
  const counts = new Map<string, number>();
  for (const { states, cases } of standing) {
    for (const state of new Set(states.flatMap(around))) counts.set(state, (counts.get(state) ?? 0) + cases);
  }
  return [...counts]
    .map(([state, cases]) => ({ state, cases }))
    .toSorted((a, b) => (a.state < b.state ? -1 : 1));
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`. */
function around(leaf: string): string[] {
  const parts = leaf.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
