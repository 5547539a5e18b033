/** A server that counts who is in hand, and counts down only at the end of an answer: what the checks must catch. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MOST = Number(process.env.BANJIAN_MAX_AT_ONCE);
let inHand = 0;

const server = createServer((request, response) => {
  if (inHand >= MOST) {
    response.writeHead(503).end();
    return;
  }
  inHand += 1;
  response.once('finish', () => {
    inHand -= 1;
  });
  request.resume().once('close', () => setImmediate(() => response.end('{}')));
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));
