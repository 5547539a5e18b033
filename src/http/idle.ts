import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const LOOK_EVERY_MS = 500;

/**
 * Closes connections on which no request has been under way for so long. Node's own clock for that stops for good at the
 * first byte, even of an empty line, which begins no request.
 */
export function closeIdle(app: FastifyInstance, idleMs: number): void {
  const { server } = app;
  const open = new Map<Socket, { underWay: number; since: number }>();
  server.on('connection', (socket) => {
    open.set(socket, { underWay: 0, since: performance.now() });
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const state = open.get(socket);
    if (!state) return;
    state.underWay += 1;
    response.once('close', () => {
      state.underWay -= 1;
      state.since = performance.now();
    });
  });
  const close = (longerThanMs: number) => {
    for (const [socket, { underWay, since }] of open) {
      if (underWay === 0 && performance.now() - since > longerThanMs) socket.destroy();
    }
  };
  const timer = setInterval(close, LOOK_EVERY_MS, idleMs);
  timer.unref();
  // A connection on which nothing was ever asked is not idle to Node, which would wait for it at the end.
  app.addHook('preClose', async () => close(0));
  server.once('close', () => clearInterval(timer));
}
