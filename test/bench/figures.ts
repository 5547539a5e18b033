import type { Slice } from './slice.ts';

/** Medians over the rounds, and how the server stands to the others. */
export interface Row extends Slice {
  label: string;
  title: string;
  memoryMiB: number;
  /** This one by that one: the ratio of each round, then their median, so that noise hits both sides of it. */
  by: Record<string, { events: number; cpu: number }>;
}

/** Whoever was measured, with a slice for each round. */
export interface Shown {
  contestant: { label: string; title: string };
  slices: Slice[];
  memoryMiB: number;
}

export function rowsOf(entrants: Shown[]): Row[] {
  return entrants.map((entrant) => {
    const of = (pick: (slice: Slice) => number) => median(entrant.slices.map(pick));
    return {
      label: entrant.contestant.label,
      title: entrant.contestant.title,
      eventsPerSecond: of((slice) => slice.eventsPerSecond),
      p50Ms: of((slice) => slice.p50Ms),
      p99Ms: of((slice) => slice.p99Ms),
      cpuMicrosPerEvent: of((slice) => slice.cpuMicrosPerEvent),
      loadCpuMicrosPerEvent: of((slice) => slice.loadCpuMicrosPerEvent),
      memoryMiB: entrant.memoryMiB,
      by: Object.fromEntries(
        entrants
          .filter((other) => other !== entrant)
          .map((other) => [other.contestant.label, standing(entrant, other)]),
      ),
    };
  });
}

function standing(entrant: Shown, other: Shown): { events: number; cpu: number } {
  const ratio = (pick: (slice: Slice) => number) =>
    median(
      entrant.slices.flatMap((slice, round) => {
        const beside = other.slices[round];
        return beside ? [pick(slice) / pick(beside)] : [];
      }),
    );
  return { events: ratio((slice) => slice.eventsPerSecond), cpu: ratio((slice) => slice.cpuMicrosPerEvent) };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
