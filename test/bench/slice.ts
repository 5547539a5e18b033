import type { Load, Play } from './load/process.ts';
import type { Measured } from './servers/measured.ts';

/** What one slice said. */
export interface Slice {
  eventsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMicrosPerEvent: number;
  loadCpuMicrosPerEvent: number;
}

/** @throws Error when the server gave an answer that was not to be expected. */
export async function measureSlice(
  load: Load,
  server: Measured,
  play: Omit<Play, 'kind' | 'url'>,
): Promise<Slice> {
  const before = server.cpuMicros();
  const played = await load.play({ kind: 'play', url: server.url, ...play });
  const { inTime, acknowledged, seconds, p50Ms, p99Ms, loadCpuMicros } = played;
  return {
    eventsPerSecond: inTime / seconds,
    p50Ms,
    p99Ms,
    cpuMicrosPerEvent: (server.cpuMicros() - before) / acknowledged,
    loadCpuMicrosPerEvent: loadCpuMicros / acknowledged,
  };
}

/** Whoever comes first in a round has it easier or harder than the last: the order moves on by one each round. */
export function rotated<T>(list: T[], by: number): T[] {
  if (list.length === 0) return [];
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
