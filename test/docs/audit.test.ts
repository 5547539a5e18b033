import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/log/checkpoint.ts';
import { readNote } from '../../src/log/note.ts';
import { exportSmall } from '../verify/exported.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/audit.md'), 'utf8');
const noPython = spawnSync('python3', ['--version']).status !== 0;
const noOpenssl = spawnSync('openssl', ['version']).status !== 0;

/** The block of code that follows a word of the page. */
function codeAfter(word: string): string {
  return /```\w+\n([\s\S]*?)```/.exec(page.slice(page.indexOf(word)))?.[1] ?? '';
}

let root: string;
let folder: string;
let vkey: string;
beforeAll(async () => {
  ({ root, folder, vkey } = await exportSmall());
});
afterAll(() => rmSync(root, { recursive: true }));

function run(command: string, args: string[]) {
  const env = { ...process.env, KEY: vkey };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('what docs/audit.md tells an inspector to type', () => {
  it('prints the script that the tests run', () => {
    const script = readFileSync(join(ROOT, 'test/foreign/verify.py'), 'utf8');
    expect(codeAfter('<!-- the same as test/foreign/verify.py -->')).toBe(script);
  });

  it.skipIf(noPython)(
    'gives the root of the first entries, and another for other entries (needs python3)',
    () => {
      const { size, root: expected } = readCheckpoint(
        readNote(readFileSync(join(folder, 'log/checkpoint'))).text,
      );
      writeFileSync(join(root, 'root.py'), codeAfter('<!-- root.py -->'));
      expect(run('python3', ['../root.py', String(size)])).toEqual({
        status: 0,
        said: `${expected.toString('base64')}\n`,
      });
      expect(run('python3', ['../root.py', String(size - 1)]).said).not.toContain(
        expected.toString('base64'),
      );
    },
  );

  it.skipIf(noOpenssl)('checks the signature with openssl, and sees another text (needs openssl)', () => {
    const typed = codeAfter('**2. The checkpoint is signed').replaceAll(
      /(?<=> |-inkey |-in |-sigfile )(key\.der|text|signature)/g,
      '../$1',
    );
    expect(run('sh', ['-euc', typed]).said).toContain('Signature Verified Successfully');
    const other = typed.replace('> ../text', '| tr 0-9 1-90 > ../text');
    expect(run('sh', ['-euc', other]).status).not.toBe(0);
  });

  it('cuts out the bytes of an entry, and hashes them to its digest', () => {
    const typed = codeAfter('**5. One entry by hand.**');
    const { digest } = JSON.parse(readFileSync(join(folder, 'entries.jsonl'), 'utf8').split('\n')[2] ?? '');
    expect(run('sh', ['-euc', typed]).said.split(' ')[0]).toBe(digest.slice('sha256:'.length));
  });
});
