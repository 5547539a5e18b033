import { type TestApp, turn } from '../../helpers.ts';
import { findPersonalIn } from './canaries.ts';
import { findBreaches } from './check.ts';
import type { Answer, Contract, Operation } from './contract.ts';
import type { Plan } from './plan.ts';
import { makeRequest, type Request } from './request.ts';
import type { World } from './world.ts';

/** Sends what was planned to who there is, and says what is wrong with the answer. */
export async function carryOut(
  world: World,
  contract: Contract,
  plan: Plan,
): Promise<{ request: Request; answer: Answer; operation: Operation | undefined; breaches: string[] }> {
  const request = await makeRequest(world, contract, plan);
  const answer = await ask(world.kit, request);
  const breaches = [...findBreaches(contract, request, answer), ...findPersonalIn(request.url, answer.text)];
  return { request, answer, operation: contract.find(request.method, request.url), breaches };
}

/** How often the event loop comes round before an answer that waits for time is given some. */
const TURNS = 1_000;
/** An answer waits for work at most 10 s of the case's time. */
const MOST_SECONDS = 60;
/** Of ours: a hash or a picture takes what it takes on a busy machine. */
const PATIENCE_MS = 30_000;

/** One request through the whole app. Time is moved when the answer waits for it. No answer at all has the status 0. */
async function ask(kit: TestApp, { method, url, headers, payload }: Request): Promise<Answer> {
  let done = false;
  const asked = inject(kit, { method, url, headers, payload }).finally(() => {
    done = true;
  });
  const began = performance.now();
  for (let seconds = 0; seconds < MOST_SECONDS || performance.now() - began < PATIENCE_MS; seconds++) {
    for (let turns = 0; turns < TURNS && !done; turns++) await Promise.race([asked, turn()]);
    if (done) return asked;
    if (seconds < MOST_SECONDS) await kit.advance(1_000);
  }
  return { status: 0, headers: {}, text: '' };
}

/** A stream has no end of its own: its head is its answer. */
async function inject({ app }: TestApp, { method, url, headers, payload }: Request): Promise<Answer> {
  const payloadAsStream = true;
  const options = { method: method as 'GET', url, headers, ...(payload === undefined ? {} : { payload }) };
  if (!/\/stream(?:[?#]|$)/.test(url)) {
    const whole = await app.inject(options);
    return { status: whole.statusCode, headers: whole.headers, text: whole.payload };
  }
  const answer = await app.inject({ ...options, payloadAsStream });
  const isEndless = String(answer.headers['content-type']).startsWith('text/event-stream');
  const text = isEndless ? '' : await read(answer.stream());
  answer.raw.res.destroy();
  return { status: answer.statusCode, headers: answer.headers, text };
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
