import { openWire } from './wire.ts';

export interface ConnectResult {
  /** Until half of them, and all of them, had their first answer. */
  halfMs: number;
  allMs: number;
}

const HELLO = 'GET /health/live HTTP/1.1\r\nhost: bench\r\n\r\n';

/** Many new connections at once. Whatever the first answer says: it shows that the server has taken the connection. */
export async function connectAtOnce(url: string, connections: number): Promise<ConnectResult> {
  const began = performance.now();
  const times = await Promise.all(
    Array.from({ length: connections }, async () => {
      const answered = Promise.withResolvers<void>();
      const wire = await openWire(new URL(url), {
        onAnswer: () => answered.resolve(),
        onEnd: (error) => answered.reject(error ?? new Error(`${url} hung up`)),
      });
      wire.send(HELLO);
      await answered.promise;
      const ms = performance.now() - began;
      wire.close();
      return ms;
    }),
  );
  times.sort((a, b) => a - b);
  return { halfMs: times[Math.floor(times.length / 2)] ?? 0, allMs: times.at(-1) ?? 0 };
}
