import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { erase } from '../../src/cli/erase.ts';
import { key } from '../../src/cli/key.ts';
import { whoSaw } from '../../src/cli/who-saw.ts';
import { newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

let folder: string;
let kit: TestApp;
let caseId: string;
let personId: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-cli-'));
  vi.stubEnv('BANJIAN_DATA', folder);
  kit = await startTestApp({ folder });
  const applicant = await newApplicant(kit);
  personId = (await applicant.ask('GET', '/v1/me')).body.id;
  ({ id: caseId } = await applicant.open());
  await applicant.walk(caseId, person.ordinary, 'notice.reading');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await kit.close();
  rmSync(folder, { recursive: true });
});

const commands = { erase, key, 'who-saw': whoSaw };

/** What a command says, and how it ends; `typed` is what it is given to read. */
async function banjian(
  [name, ...args]: readonly [keyof typeof commands, ...string[]],
  typed = '',
): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void said.push(String(line)));
  try {
    await commands[name](args, Readable.from([typed]));
    return { code: 0, said: said.join('\n') };
  } catch (error) {
    return { code: 1, said: [...said, error instanceof Error ? error.message : ''].join('\n') };
  } finally {
    log.mockRestore();
  }
}

it('a person is found by an ID number that is typed, never given as an argument, and erased beside the server', async () => {
  const asked = ['erase', '--id-number', '--reason', 'person-asked'] as const;
  const planned = await banjian([...asked, '--dry-run'], `${person.ordinary.idNumber.toLowerCase()}\n`);
  expect(planned).toMatchObject({ code: 0, said: expect.stringContaining('nothing was changed') });
  expect(planned.said).toContain(personId);
  expect(planned.said).toContain(caseId);
  expect((await kit.runtime.store.findCase(caseId))?.state.status).toBe('active');

  const erased = await banjian(asked, person.ordinary.idNumber);
  expect(erased).toMatchObject({ code: 0, said: expect.stringContaining(`Erased: ${personId}`) });
  expect(erased.said).not.toContain(person.ordinary.idNumber);
  expect((await kit.runtime.store.findCase(caseId))?.state.status).toBe('done');

  expect(await banjian(asked, person.ordinary.idNumber)).toMatchObject({
    code: 1,
    said: expect.stringContaining('Nobody is known under this number'),
  });
  expect(await banjian(['erase', personId, '--reason', 'person-asked'])).toMatchObject({
    code: 0,
    said: expect.stringContaining('Erased before'),
  });
});

it('a number that several typed erases nobody unless all are meant', async () => {
  const another = await newApplicant(kit);
  const { id } = await another.open();
  await another.send(id, 'identity.submit', {
    name: person.ordinary.name,
    idNumber: person.ordinary.idNumber,
  });
  const asked = ['erase', '--id-number', '--reason', 'law-requires'] as const;
  const refused = await banjian(asked, person.ordinary.idNumber);
  expect(refused.code).toBe(1);
  expect(refused.said).toContain(personId);
  expect(await kit.runtime.store.findPersonKey(personId)).toBeDefined();
  expect((await banjian([...asked, '--all'], person.ordinary.idNumber)).code).toBe(0);
  expect(await kit.runtime.store.findPersonKey(personId)).toBeUndefined();
  expect((await kit.runtime.store.findCase(id))?.state.status).toBe('done');
});

it('what is wrong with the words is said, and nothing is done', async () => {
  for (const args of [
    ['erase', personId],
    ['erase', personId, '--reason', 'because'],
    ['erase', '--reason', 'person-asked'],
    ['erase', personId, '--id-number', '--reason', 'person-asked'],
    ['key', 'destroy'],
    ['who-saw'],
  ] satisfies Parameters<typeof banjian>[0][]) {
    expect(await banjian(args)).toMatchObject({ code: 1, said: expect.stringContaining('Usage: banjian') });
  }
  expect(await banjian(['erase', 'AAAA', '--reason', 'person-asked'])).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no such person'),
  });
  expect(await kit.runtime.store.findPersonKey(personId)).toBeDefined();
});

it('where there is no database, or no key file, nothing is made', async () => {
  for (const [name, value] of [
    ['BANJIAN_DATA', join(folder, 'elsewhere')],
    ['BANJIAN_KEY_FILE', join(folder, 'other.key')],
  ] as const) {
    vi.stubEnv(name, value);
    for (const command of [
      ['erase', personId, '--reason', 'person-asked'],
      ['key', 'renew'],
    ] as const) {
      expect(await banjian(command)).toMatchObject({ code: 1, said: expect.stringContaining(value) });
    }
    expect(existsSync(value)).toBe(false);
    vi.unstubAllEnvs();
    vi.stubEnv('BANJIAN_DATA', folder);
  }
});

it('the wrapping key is renewed beside the server, with a word about backups', async () => {
  const { code, said } = await banjian(['key', 'renew']);
  expect([code, said]).toEqual([0, expect.stringContaining('epoch 2, 1 persons')]);
  expect(said).toContain('back up the database and the key file now');
});

it('who has seen a case is printed, and whether nothing was taken out', async () => {
  const officer = await kit.staff('officer');
  await officer.get(`/v1/cases/${caseId}`, { purpose: 'inspection; ref=FJ-2026-17' });
  const whole = await banjian(['who-saw', caseId]);
  expect(whole.code).toBe(0);
  expect(whole.said).toMatch(/officer \S+ {2}\/v1\/cases\/:id {2}监督检查 inspection FJ-2026-17\n/);
  expect(whole.said).toContain('1 reads, the chain holds');
  expect(await banjian(['who-saw', 'AAAA'])).toMatchObject({ code: 1 });
});

it('and it is there under its name', async () => {
  const env = { PATH: process.env.PATH, BANJIAN_DATA: folder };
  const args = [CLI, 'erase', personId, '--reason', 'person-asked'];
  const { stdout } = await run(process.execPath, args, { env });
  expect(stdout).toContain(`Erased: ${personId}`);
});
