import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_EVERY_MS = 500;

/**
 * Closes connections on which no request has been under way for so long. Node's own clock for that stops for good at the
 * first byte, even of an empty line, which begins no request.
 */
export function closeIdle(server: Server, idleMs: number): void {
  const open = new Map<Socket, { underWay: number; since: number }>();
  server.on('request', ({ socket }, response) => {
    const state = open.get(socket) ?? { underWay: 0, since: 0 };
    if (!open.has(socket)) socket.once('close', () => open.delete(socket));
    open.set(socket, state);
    state.underWay += 1;
    response.once('close', () => {
      state.underWay -= 1;
      state.since = performance.now();
    });
  });
  const timer = setInterval(() => {
    for (const [socket, { underWay, since }] of open) {
      if (underWay === 0 && performance.now() - since > idleMs) socket.destroy();
    }
  }, LOOK_EVERY_MS);
  timer.unref();
  server.once('close', () => clearInterval(timer));
}
