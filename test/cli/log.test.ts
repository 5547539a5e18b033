import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receipt as checkReceipt } from '../../src/cli/receipt.ts';
import { openStore } from '../../src/db/open.ts';
import { readEntry } from '../../src/engine/entry.ts';
import { trustedKeys } from '../../src/log/rotation.ts';
import { until } from '../faults/server.ts';
import { checkFolder } from '../log/kit.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const run = promisify(execFile);

let scratch: string;
let data: string;
let server: ChildProcessWithoutNullStreams;
let witness: ChildProcessWithoutNullStreams;
let url: string;
let firstKey: string;
let witnessKey: string;
let receipt: string;

/** A witness, a server that knows it, and a case with a receipt: processes of their own, as an operator starts them. */
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'banjian-log-cli-'));
  data = join(scratch, 'data');
  firstKey = (await banjian('key', 'show')).trim();
  const folder = join(scratch, 'witness');
  let set: string;
  [witness, set] = await start(
    /LOG_WITNESSES='(.+)'/,
    'witness',
    '--log',
    firstKey,
    '--folder',
    folder,
    '--port',
    '0',
  );
  witnessKey = set.split(' ')[1] ?? '';
  env = { ...env, BANJIAN_LOG_WITNESSES: set };
  [server, url] = await start(/running: (http:\S+)/, 'start');
  receipt = join(scratch, 'case.tlog-proof');
  writeFileSync(receipt, await fetchReceipt());
}, 60_000);
afterAll(async () => {
  await stop(server);
  await stop(witness);
  rmSync(scratch, { recursive: true });
});

let env: Record<string, string> = {};

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'warn', BANJIAN_DATA: data, ...env };
}

async function banjian(...args: string[]): Promise<string> {
  return (await run(process.execPath, [CLI, ...args], { env: environment() })).stdout;
}

/** Ready when it says what is looked for. */
async function start(says: RegExp, ...args: string[]): Promise<[ChildProcessWithoutNullStreams, string]> {
  const child = spawn(process.execPath, [CLI, ...args], { env: environment() });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const found = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      const match = says.exec(said)?.[1];
      if (match !== undefined) resolve(match);
    });
    child.once('exit', () => reject(new Error(`did not start: ${said}`)));
  });
  return [child, found];
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function call(path: string, token?: string, body?: unknown): Promise<Response> {
  return fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function fetchReceipt(): Promise<string> {
  const walked = await run(
    process.execPath,
    [CLI, 'walk', '--url', url, '--language', 'en', '--until', 'identity.submit'],
    {
      env: environment(),
    },
  );
  const caseId = /^case: (\S+)$/m.exec(walked.stdout)?.[1] ?? '';
  const token = /^session token: (\S+)$/m.exec(walked.stdout)?.[1] ?? '';
  // The witness answers when it does; a receipt of the checkpoint before has no word of it.
  let text = '';
  await until(async () => {
    text = await (await call(`/v1/cases/${caseId}/receipts/1`, token)).text();
    return text.includes('— witness.banjian.local ');
  });
  return text;
}

const verify = (file: string, ...args: string[]) => banjian('receipt', 'verify', file, ...args);

describe('banjian receipt verify', () => {
  it('believes a receipt by the log’s key, and its witness where that is asked for', async () => {
    const said = await verify(receipt, '--key', firstKey, '--witness', witnessKey);
    expect(said).toContain('Holds');
    expect(said).toContain('"type":"case.open"');
    expect(said).toContain('witness.banjian.local+');
  });

  it('names what does not fit', async () => {
    const text = readFileSync(receipt, 'utf8');
    const extra = /^extra (\S+)$/m.exec(text)?.[1] ?? '';
    const entry = Buffer.from(extra, 'base64').toString();
    const forged = Buffer.from(entry.replace('case.open', 'case.0pen')).toString('base64');
    const refusals: [change: (text: string) => string, says: string][] = [
      [(from) => from.replace(extra, forged), 'do not lead to the root of the checkpoint'],
      [(from) => from.replace(/\n\n([^\n]+)\n\d+\n/, '\n\n$1\n999\n'), 'the signature does not fit the text'],
      [(from) => from.replace('tlog-proof@v1', 'tlog-proof@v9'), 'not a receipt'],
      [(from) => from.replace(/^extra .*\n/m, ''), 'give its bytes with --entry FILE'],
    ];
    const file = join(scratch, 'changed.tlog-proof');
    for (const [change, says] of refusals) {
      const changed = change(text);
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      await expect(checkReceipt(['verify', file, '--key', firstKey])).rejects.toThrow(says);
    }
    await expect(checkReceipt(['verify', receipt, '--key', witnessKey])).rejects.toThrow('of another log');
    await expect(checkReceipt(['verify', receipt])).rejects.toThrow('Usage');
  });

  it('ends with an error for a script to see', async () => {
    await expect(verify(receipt, '--key', witnessKey)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Does not hold'),
    });
  });
});

describe('banjian key rotate', () => {
  it('beside a running server hands its log over, and the way from the first key to the new one is in the log', async () => {
    const said = await banjian('key', 'rotate');
    const newKey = said.trim().split('\n').at(-1) ?? '';
    const signedBy = () => readFileSync(join(data, 'log', 'checkpoint'), 'utf8');
    const idOf = (vkey: string) =>
      Buffer.from(vkey.split('+')[1] ?? '', 'hex')
        .toString('base64')
        .slice(0, 5);
    await until(() => signedBy().includes(`— banjian.local/log ${idOf(newKey)}`));
    const { entries, checkpoint } = await checkFolder(join(data, 'log'), [firstKey, newKey]);
    expect(checkpoint.note.signatures.filter(({ name }) => name === 'banjian.local/log')).toHaveLength(2);
    const found = trustedKeys(
      firstKey,
      entries.map((bytes) => readEntry(bytes.toString())).filter(({ kind }) => String(kind) === 'service'),
    );
    expect(found.at(-1)?.vkeys).toEqual([newKey]);
    expect(await (await call('/log/keys')).text()).toBe(`${firstKey}\n${newKey}\n`);
    expect(await verify(receipt, '--key', firstKey)).toContain('Holds');
  }, 60_000);

  it('keeps private keys from other users, and shows none', async () => {
    expect(statSync(join(`${data}.keys`, 'log.json')).mode & 0o077).toBe(0);
    expect(await banjian('key', 'show')).not.toContain('PRIVATE');
  });
});

describe('a server whose database was rolled back', () => {
  it('does not start, and says why', async () => {
    await stop(server);
    for (const end of ['', '-wal', '-shm']) rmSync(join(data, `banjian.db${end}`), { force: true });
    await openStore(join(data, 'banjian.db')).close();
    await expect(start(/running: (\S+)/, 'start')).rejects.toThrow('the database was rolled back');
  }, 60_000);
});
