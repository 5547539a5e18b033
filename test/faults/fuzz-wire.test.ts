import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../load/connection.ts';
import { inventPeople } from '../load/people.ts';
import { newWalker } from '../load/walker.ts';
import { readContract } from './fuzz/contract.ts';
import type { Exchange } from './fuzz/wire.ts';
import { type WirePlan, wirePlan } from './fuzz/wire-plan.ts';
import { type Base, makeBases, speakAndJudge } from './fuzz/wire-talk.ts';
import { report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess } from './server.ts';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const COUNT = sized(150, 3_000);
const AT_ONCE = 40;

let folder: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  server = await startServerProcess({ folder });
});
afterAll(async () => {
  await server.kill('SIGTERM');
  rmSync(folder, { recursive: true });
});

it('bytes that no client library would send are answered as a request, refused as none, or hung up on; and the server goes on', {
  timeout: 600_000,
}, async () => {
  console.log(`fuzzing the wire with FUZZ_SEED=${SEED}`);
  const contract = readContract(await (await fetch(`${server.url}/openapi.json`)).json());
  const bases = await makeBases(server.url);
  const seen = new Map<string, number>();
  const breaches = new Map<string, string>();
  await inLanes(fc.sample(wirePlan, { seed: SEED, numRuns: COUNT }), async (plan) => {
    const base = bases[plan.base % bases.length] as Base;
    const { exchange, breaches: found } = await speakAndJudge(server.url, contract, base, plan);
    const kind = summarise(plan, exchange);
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    for (const breach of found) {
      breaches.set(breach, JSON.stringify({ ...plan, base: `${base.method} ${base.path}` }).slice(0, 600));
    }
  });
  report([...seen].map(([kind, count]) => `${kind}: ${count}`).join(', '));
  expect(Object.fromEntries(breaches)).toEqual({});
  // Nothing fell over, and no upload that was hung up on still holds its place.
  expect(server.errors()).toBe('');
  const connection = connect(server.url);
  for (const person of inventPeople(3)) await newWalker(connection, person);
  connection.close();
});

it.each<[what: string, answers: string, breach: RegExp]>([
  ['a fault', 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n', /^a fault of ours: 500$/],
  ['a status of its own', 'HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n', /418 is not described$/],
  [
    'a refusal in no words',
    'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}',
    /^404 that is no problem$/,
  ],
  [
    'an answer and a half',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n',
    /^bytes that are no answer$/,
  ],
  ['nothing', '', /^no answer$/],
])('and it would notice: a server that answers with %s is found', async (_what, answers, breach) => {
  const contract = readContract(await (await fetch(`${server.url}/openapi.json`)).json());
  const odd = createServer((socket) => socket.on('error', () => {}).end(answers));
  odd.listen(0, '127.0.0.1');
  await once(odd, 'listening');
  const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  const base = { method: 'GET', path: '/v1/matters', headers: [], body: '' };
  const plan = { base: 0, line: 'fitting', lines: [], framing: 'length', cuts: [] };
  const { breaches } = await speakAndJudge(url, contract, base, plan);
  odd.close();
  expect(breaches.some((each) => breach.test(each))).toBe(true);
});

async function inLanes(plans: WirePlan[], work: (plan: WirePlan) => Promise<void>): Promise<void> {
  const waiting = plans.values();
  const lane = async () => {
    for (const plan of waiting) await work(plan);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function summarise({ abortAt }: WirePlan, { answers }: Exchange): string {
  if (abortAt !== undefined) return 'hung up';
  return answers.map(({ status }) => status).join(' then ') || 'silence';
}
