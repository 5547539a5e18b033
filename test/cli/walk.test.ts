import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const run = promisify(execFile);

let scratch: string;
let dir: string;
let server: ChildProcessWithoutNullStreams;
let url: string;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-'));
  dir = join(scratch, 'data');
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(scratch, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, PORT: '0', BANJIAN_DATA: dir, LOG_LEVEL: 'warn' };
}

/** A process of its own on a port that the system chose; ready when it says where it listens. */
async function start(): Promise<void> {
  server = spawn(process.execPath, [CLI, 'start'], { env: environment() });
  url = await new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += String(chunk);
      const address = /running: (http:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', () => reject(new Error(`did not start: ${said}`)));
  });
}

async function stop(): Promise<number | null> {
  if (server.exitCode !== null) return server.exitCode;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return code;
}

async function walk(...args: string[]): Promise<string> {
  const command = [CLI, 'walk', '--url', url, '--language', 'en', ...args];
  return (await run(process.execPath, command, { env: environment() })).stdout;
}

describe('a server of its own, walked through from outside', () => {
  it('takes a registered person through a normal deregistration', async () => {
    const said = await walk();
    expect(said).toContain('form.normal → submitted.awaitingEnterprise');
    expect(said).toContain('Your application was submitted successfully.');
  }, 30_000);

  it('is stopped and started in the middle, and the walk goes on where it was', async () => {
    const first = await walk('--kind', 'forced', '--new', '--until', 'sms.request');
    const caseId = /^case: (\S+)$/m.exec(first)?.[1] ?? '';
    const token = /^session token: (\S+)$/m.exec(first)?.[1] ?? '';
    expect(await stop()).toBe(0);
    await start();
    const rest = await walk('--kind', 'forced', '--resume', caseId, '--token', token);
    expect(rest).toContain('form.forced → submitted.received');
  }, 30_000);

  it('says clearly when nobody is left to walk', async () => {
    await walk('--new', '--until', 'registration.submit');
    await walk('--new', '--until', 'registration.submit');
    await expect(walk('--new')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No unregistered sample person is left'),
    });
  }, 30_000);

  it('lets nobody else have its data, and gives staff a token meanwhile', async () => {
    await expect(run(process.execPath, [CLI, 'start'], { env: environment() })).rejects.toMatchObject({
      stderr: expect.stringContaining('Another server has this data folder'),
    });
    const command = [CLI, 'token', 'create', '--role', 'auditor', '--name', 'test'];
    const { stdout } = await run(process.execPath, command, { env: environment() });
    const token = stdout.trimEnd().split('\n').at(-1) ?? '';
    const answer = await fetch(`${url}/v1/audit/cases`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  }, 30_000);

  it('does not wait for connections on which nothing is asked when it stops', async () => {
    const silent = createConnection(Number(new URL(url).port), '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    silent.on('error', () => {});
    silent.resume();
    const began = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(9_000);
    await closed;
  }, 30_000);

  it('ends open streams when it stops, and is gone soon', async () => {
    const first = await walk('--until', 'identity.submit');
    const caseId = /^case: (\S+)$/m.exec(first)?.[1] ?? '';
    const token = /^session token: (\S+)$/m.exec(first)?.[1] ?? '';
    const stream = await fetch(`${url}/v1/cases/${caseId}/stream`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const reading = stream.text();
    expect(await stop()).toBe(0);
    expect(await reading).toContain('"faceVerification.consenting"');
  }, 30_000);
});
