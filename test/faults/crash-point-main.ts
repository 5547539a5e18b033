/**
 * A real server that can be killed at any of its points. The wiring is the program's own; what it stands on is watched,
 * and its clock can be moved on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readConfig } from '../../src/config.ts';
import { startServer } from '../../src/main.ts';
import { type Call, ProviderDown } from '../../src/providers/types.ts';
import {
  CONTROL,
  methodOf,
  type OnCall,
  type OnStatement,
  watchAnswers,
  watchProviders,
  watchStatements,
} from './crash-point-patch.ts';
import { plantOf } from './crash-point-plants.ts';
import { around, createPoints } from './crash-point-points.ts';
import { createMovedClock, inventBoth, openOutside } from './crash-point-world.ts';

/** `CRASH_AT`: a point of the start itself. `LOSE`: a provider's method whose first answer to each key is lost. */
const { PEOPLE = '64', CRASH_AT, LOSE, ...env } = process.env;
const config = readConfig(env);
mkdirSync(config.dataDir, { recursive: true });

const points = createPoints();
if (CRASH_AT !== undefined) {
  const { point, nth } = JSON.parse(CRASH_AT) as { point: string; nth: number };
  points.arm(point, nth);
}
const people = inventBoth(Number(PEOPLE));
const clock = createMovedClock(config.dataDir);
const outside = openOutside(config.dataDir, clock, people);
/** What is wrong on purpose outlives the process, as a mistake in the program would. */
const planted = join(config.dataDir, 'planted');
let plant = plantOf(existsSync(planted) ? readFileSync(planted, 'utf8') : '', outside.providers);

const justRun: OnStatement = (_name, _params, run) => run();
watchStatements((name, params, run, database) =>
  around(points, name, () => (plant.onStatement ?? justRun)(name, params, run, database)),
);
watchAnswers(points);

const justCall: OnCall = (_name, call, send) => send(call);

/** The work is done, and the word of it does not come back: what became of it must be asked under the same key. */
const loseAnswers: OnCall = async (name, call, send) => {
  const answer = await send(call);
  if (name === LOSE && outside.control.attempts(call.key) === 1)
    throw new ProviderDown('the answer was lost');
  return answer;
};

const providers = watchProviders(outside.providers, async (name, call, send, input) => {
  points.pass(`${name} · before`);
  try {
    const asked = (given: Call) => (plant.onCall ?? justCall)(name, given, send, input);
    return await loseAnswers(name, call, asked, input);
  } finally {
    points.pass(`${name} · after`);
  }
});

async function control(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  const given = body === '' ? {} : JSON.parse(body);
  switch (request.url?.slice(CONTROL.length)) {
    case 'alive':
      return {};
    case 'arm':
      return points.arm(given.point, given.nth);
    case 'clock':
      return clock.setAhead(given.aheadMs);
    case 'plant':
      writeFileSync(planted, given.name);
      plant = plantOf(given.name, outside.providers);
      return {};
    case 'start':
      return startTrace;
    case 'trace':
      return points.takeTrace();
    default:
      throw new Error(`no such control: ${request.url}`);
  }
}

const server = createServer((request, response) => {
  control(request).then(
    (answer) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer ?? {})),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
writeFileSync(join(config.dataDir, 'control'), `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

const emit = methodOf<(name: string, ...given: unknown[]) => boolean>(Server.prototype, 'emit');
Server.prototype.emit = function (this: Server, name: string, ...given: unknown[]) {
  if (name === 'request' && this !== server) plant.onRequest?.(given[0] as IncomingMessage);
  return emit.call(this, name, ...given);
} as Server['emit'];

const started = await startServer(config, { clock, providers, people });
const startTrace = points.takeTrace();
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void started.stop().then(() => outside.close());
});
console.log(`listening ${started.address}`);
