/** A server as Node makes it, with nothing set to hold off the slow: what the checks must catch. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer({ headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 0 }, (_, response) => {
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));
