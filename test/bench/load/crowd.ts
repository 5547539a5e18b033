import type { Dialect, Walk } from './requests.ts';
import { openWire, type Wire } from './wire.ts';

export interface SliceResult {
  /** Events acknowledged before the slice was over, and in all: what was under way then is waited for. */
  inTime: number;
  acknowledged: number;
  /** Until the last that was in time. */
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface CrowdOptions {
  url: string;
  dialect: Dialect;
  connections: number;
  /** Who comes next on a connection. */
  nextWalk: (connection: number) => Walk;
}

/** A slice ends with whatever comes first. */
export interface Limit {
  seconds?: number | undefined;
  events?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Many connections, each playing one person after the other. A walk that a slice leaves half done goes on in the next. */
export interface Crowd {
  play(limit: Limit): Promise<SliceResult>;
}

/** One connection of a slice. */
interface Player {
  connection: number;
  wire: Wire;
  walk: Walk;
  sentAt: number;
}

export function createCrowd(options: CrowdOptions): Crowd {
  let walks = Array.from({ length: options.connections }, (_, connection) => options.nextWalk(connection));
  return {
    async play(limit) {
      const slice = await playSlice(options, walks, limit);
      walks = slice.walks;
      return slice.result;
    },
  };
}

async function playSlice(
  { url, dialect, nextWalk }: CrowdOptions,
  walks: Walk[],
  { seconds = Number.POSITIVE_INFINITY, events = Number.POSITIVE_INFINITY, signal }: Limit,
): Promise<{ result: SliceResult; walks: Walk[] }> {
  const latencies: number[] = [];
  let inTime = 0;
  let playing = walks.length;
  let endAt = Number.POSITIVE_INFINITY;
  let lastAt = 0;
  const over = Promise.withResolvers<void>();

  const send = (player: Player) => player.wire.send(dialect.request(player.walk));
  const take = (player: Player, status: number, body: Buffer) => {
    if (!dialect.take(player.walk, status, body)) return send(player);
    const now = performance.now();
    latencies.push(now - player.sentAt);
    if (player.walk.done === dialect.events) player.walk = nextWalk(player.connection);
    if (now < endAt) {
      inTime++;
      lastAt = now;
    }
    if (now < endAt && inTime < events && !signal?.aborted) {
      player.sentAt = now;
      send(player);
    } else if (--playing === 0) over.resolve();
  };

  const players = await Promise.all(
    walks.map(async (walk, connection) => {
      const wire = await openWire(new URL(url), {
        onAnswer(status, body) {
          try {
            take(player, status, body);
          } catch (error) {
            over.reject(error);
          }
        },
        onEnd: (error) => over.reject(error ?? new Error(`${url} hung up`)),
      });
      const player: Player = { connection, wire, walk, sentAt: 0 };
      return player;
    }),
  );
  const beganAt = performance.now();
  endAt = beganAt + seconds * 1000;
  for (const player of players) {
    player.sentAt = beganAt;
    send(player);
  }
  await over.promise.finally(() => {
    for (const { wire } of players) wire.close();
  });
  const result = summarise(latencies, inTime, (lastAt - beganAt) / 1000);
  return { result, walks: players.map(({ walk }) => walk) };
}

function summarise(latencies: number[], inTime: number, seconds: number): SliceResult {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const acknowledged = sorted.length;
  return { inTime, acknowledged, seconds, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
