import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyTo } from '../verify/exported.ts';
import { makeWorld, removeWorld, type World } from '../verify/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

let world: World;
// Commands are processes of their own: a busy machine takes its time over them.
beforeAll(async () => {
  world = await makeWorld();
}, 120_000);
afterAll(() => removeWorld(world));

interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** As it is typed, with a service's data folder and keys as they are set for it. */
function type(...args: string[]): Promise<Said> {
  return typeIn({}, ...args);
}

function typeIn(own: Record<string, string>, ...args: string[]): Promise<Said> {
  const env = {
    PATH: process.env.PATH,
    BANJIAN_DATA: world.folder,
    BANJIAN_LOG_KEY_FILE: join(world.folder, 'keys/log.json'),
    ...own,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env, cwd: world.root }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('banjian verify', { timeout: 120_000 }, () => {
  it('says that it holds, with counts and rates, and exits with 0', async () => {
    const [live, kept] = await Promise.all([
      type('verify'),
      type('verify', world.folder, '--key', world.vkey, '--checkpoint', join(world.backup, 'log/checkpoint')),
    ]);
    for (const { code, stdout, stderr } of [live, kept]) {
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^成立 · Holds\n/);
      expect(stdout).toMatch(/replayed: +\d+, \d/);
      expect(code).toBe(0);
    }
  });

  it('names the first entry that does not hold, what was expected and what was found, and exits with 1', async () => {
    const copy = copyTo(world.folder, join(world.root, 'tampered'));
    const db = new Database(join(copy, 'banjian.db'));
    db.exec(`UPDATE cases SET head = 'sha256:forged' WHERE id = '${world.cases.done}'`);
    db.close();
    const { code, stdout } = await type('verify', copy, '--key', world.vkey);
    expect(stdout).toMatch(/^不成立 · Does not hold\n/);
    expect(stdout).toMatch(new RegExp(`entry \\d+, case ${world.cases.done}, accepted \\d+`));
    expect(stdout).toMatch(
      /current row \(head\)\n.*expected: +sha256:[0-9a-f]{64}\n.*found: +sha256:forged\n/,
    );
    expect(code).toBe(1);
  });

  it('holds after the keys were handed over from the command line', async () => {
    const folder = copyTo(world.backup, join(world.root, 'rotated'));
    const env = { BANJIAN_DATA: folder, BANJIAN_LOG_KEY_FILE: join(folder, 'keys/log.json') };
    expect((await typeIn(env, 'key', 'rotate')).code).toBe(0);
    const { code, stdout } = await typeIn(env, 'verify', folder, '--key', world.vkey);
    expect(stdout).toMatch(/服务 1\)/);
    expect(code).toBe(0);
  });

  it('exits with 2 for a wrong call, and says how it is typed', async () => {
    const wrong = await Promise.all([
      type('verify', '--colour'),
      type('verify', world.root),
      type('verify', '--checkpoint', 'nowhere'),
      type('verify', '--key', 'a+b+c'),
      type('verify', world.folder, world.backup),
      type('export', '--format', 'parchment'),
      type('export', '--from', 'yesterday'),
      type('export', '--format', 'folder'),
      type('archive'),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual(wrong.map(() => 2));
    expect(wrong[1]?.stderr).toContain('BANJIAN_DATA');
    expect(wrong[6]?.stderr).toContain('--from');
    for (const { stdout } of wrong) expect(stdout).toBe('');
  });
});

describe('banjian export', { timeout: 120_000 }, () => {
  it('writes a folder that verify holds true, and that sha256sum does too', async () => {
    const out = join(world.root, 'exported');
    const written = await type('export', '--format', 'folder', '--out', out);
    expect(written.stderr).toBe('');
    const { code, stdout } = await type('verify', out, '--key', world.vkey);
    expect(stdout).toMatch(/^成立 · Holds\n/);
    expect(code).toBe(0);
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: out });
    const entries = readFileSync(join(out, 'entries.jsonl'), 'utf8');
    writeFileSync(join(out, 'entries.jsonl'), entries.replace('notice.declare', 'notice.declarE'));
    expect((await type('verify', out, '--key', world.vkey)).code).toBe(1);
  });

  it('writes lines to standard output or into a new file, of a matter and of a time', async () => {
    const file = join(world.root, 'lines.jsonl');
    const [all, none, toFile] = await Promise.all([
      type('export'),
      type('export', '--matter', 'another'),
      type('export', '--format', 'jsonl', '--to', '2100-01-01T00:00:00+08:00', '--out', file),
    ]);
    expect(all.stdout.split('\n').length).toBeGreaterThan(30);
    expect(none.stdout).toBe('');
    expect(toFile.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(all.stdout);
    expect((await type('export', '--out', file)).code).toBe(2);
  });
});

describe('banjian archive', { timeout: 120_000 }, () => {
  it('writes a package that sha256sum checks', async () => {
    const { code, stderr } = await type('archive', world.cases.done);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const tar = join(world.root, `${world.cases.done}.tar`);
    expect(existsSync(tar)).toBe(true);
    execFileSync('tar', ['-xf', tar], { cwd: world.root });
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], {
      cwd: join(world.root, world.cases.done),
    });
  });
});
