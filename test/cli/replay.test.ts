import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reading } from '../../src/cli/reading.ts';
import { printReplay, printWhatIf, type ReplayOptions } from '../../src/cli/replay.ts';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../src/cli.ts');

let folder: string;
let kit: TestApp;
let applicant: Applicant;
let id: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-replay-'));
  kit = await startTestApp({ folder });
  applicant = await newApplicant(kit);
  id = (await applicant.open()).id;
  kit.clock.move(1_000);
  await applicant.send(id, 'face.begin', { consent: true });
  kit.clock.move(1_000);
  await applicant.walk(id, { ...person.unregistered, kind: 'normal' }, 'registration.smsCode.sent');
});
afterEach(async () => {
  await kit.close();
  rmSync(folder, { recursive: true, force: true });
});

const never = async () => false;

async function told(
  options: Partial<ReplayOptions> = {},
  next = never,
): Promise<{ lines: string[]; holds: boolean }> {
  const lines: string[] = [];
  const reading: Reading = { store: kit.runtime.store, matters: kit.runtime.matters };
  const asked: ReplayOptions = {
    caseId: id,
    to: Number.MAX_SAFE_INTEGER,
    refusals: false,
    diff: false,
    watch: false,
    language: 'en',
    ...options,
  };
  const out = (line: string) => void lines.push(line);
  const holds = asked.whatIf
    ? await printWhatIf(reading, asked, out)
    : await printReplay(reading, asked, out, next);
  return { lines, holds };
}

describe('banjian replay', () => {
  it('tells each entry on one line: when, who, what, from where to where, facts, deadlines, and that its digest holds', async () => {
    const { lines, holds } = await told();
    expect(holds).toBe(true);
    expect(lines[0]).toMatch(
      /^ {3}1 {2}2026-11-23T02:00:00\.000Z {2}applicant \S+ {2}case\.open 「Opened」 {2}· → identity\.entering {2}✓$/,
    );
    expect(lines[1]).toMatch(
      /identity\.submit 「Confirm」 {2}identity\.entering → identity\.checking {2}⚙ asks for findPerson {2}🔒 2 personal, sealed {2}✓$/,
    );
    expect(lines[2]).toMatch(
      /system worker {2}xstate\.done\.actor\.findPerson 「result of findPerson」 .* \{"output":\{"registered":false\}\} {2}✓$/,
    );
    expect(lines.at(-2)).toMatch(
      /registration\.smsCode\.sending → registration\.smsCode\.sent .*⏰ due smsCodeExpires 2026-11-23T02:05:02\.000Z {2}🔒 1 personal, sealed {2}✓$/,
    );
    expect(lines.at(-1)).toBe('All 6 digests hold.');
  });

  it('tells a deadline that ran out, and in Chinese unless asked otherwise', async () => {
    await kit.advance(61_000);
    const { lines } = await told({ language: 'zh-CN' });
    expect(lines.at(-2)).toContain('⏰ 到期 sms.resume');
    expect(lines.at(-1)).toBe('全部 7 条的摘要一致。');
  });

  it('tells refusals among the entries, and what each entry changed', async () => {
    const { lines } = await told({ refusals: true, diff: true });
    expect(lines[1]).toMatch(
      /^ {3}– {2}.* face\.begin 「Next」 {2}✗ refused: \{"code":"event-not-allowed","fields":\[\]\}$/,
    );
    expect(lines).toContain('        /sms/paused: false → true');
  });

  it('goes on as entries come in, each told once, until the case is done', async () => {
    const moves = [
      () => applicant.send(id, 'identity.retry'),
      async () => {},
      () => applicant.send(id, 'case.withdraw'),
    ];
    const { lines } = await told({ watch: true }, async () => {
      await moves.shift()?.();
      return true;
    });
    const numbers = lines.slice(0, -1).map((line) => Number(line.slice(0, 4)));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(lines.at(-2)).toContain('→ withdrawn');
  });

  it('ends with what does not hold', async () => {
    const { store } = kit.runtime;
    const readEntries = store.readEntries.bind(store);
    store.readEntries = async (caseId, kind) =>
      (await readEntries(caseId, kind)).map((entry) => ({
        ...entry,
        bytes: entry.bytes.replace('"registered":false', '"registered":true'),
      }));
    const { lines, holds } = await told();
    expect(holds).toBe(false);
    expect(lines[2]).toContain('✗ digest differs');
    expect(lines.at(-1)).toBe('Not all of 6 digests hold.');
  });

  it('tells no personal value, whatever is asked for', async () => {
    const { lines } = await told({ refusals: true, diff: true });
    const { name, idNumber, mobile } = person.unregistered;
    for (const value of [name, idNumber, mobile]) expect(lines.join('\n')).not.toContain(value);
  });
});

describe('what if', () => {
  const whatIf = (seq: number, events?: object[]) => ({
    whatIf: { seq, events: events as never, machine: undefined },
  });

  it('with nothing changed every digest is as recorded', async () => {
    const { lines, holds } = await told(whatIf(2));
    expect(holds).toBe(true);
    expect(lines[2]).toMatch(/^ {2}~3 .*✓$/);
    expect(lines.at(-1)).toContain('Every digest is as recorded.');
  });

  it('goes another way, says what would have begun, and leaves everything as it was', async () => {
    const before = { count: await kit.runtime.store.count(), row: await kit.runtime.store.findCase(id) };
    const found = { type: 'xstate.done.actor.findPerson', output: { registered: true } };
    const { lines } = await told(
      whatIf(2, [
        found,
        { type: 'face.begin', consentVersion: '1', channel: 'web' },
        { type: 'notice.declare' },
      ]),
    );
    expect(lines[2]).toContain('identity.checking → faceVerification.consenting');
    expect(lines[3]).toContain('⚙ would ask for startFace');
    expect(lines[4]).toContain('✗ would not be taken: event-not-allowed');
    expect(lines.at(-1)).toBe('Nothing was done and nothing written. Work that would have begun: 1.');
    await kit.advance(60_000_000);
    expect((await kit.runtime.store.findCase(id))?.seq).toBeGreaterThanOrEqual(before.row?.seq ?? 0);
    expect(before.count.cases).toBe(1);
  });
});

describe('the command', () => {
  const banjian = (...args: string[]) => {
    const env = { PATH: process.env.PATH ?? '', BANJIAN_DATA: folder };
    return run(process.execPath, [CLI, ...args], { env });
  };

  it('reads beside a running server, without the key file, and writes nothing', async () => {
    const key = join(folder, 'banjian.key');
    renameSync(key, `${key}.away`);
    const { stdout } = await banjian('replay', id, '--refusals', '--language', 'en');
    expect(stdout).toContain('All 6 digests hold.');
    const forked = await banjian('replay', id, '--fork', '2', '--event', '{"type":"case.withdraw"}');
    expect(forked.stdout).toContain('identity.checking → withdrawn');
    expect(existsSync(key)).toBe(false);
    renameSync(`${key}.away`, key);
  });

  it('says what is wrong with what was typed', async () => {
    const cases: [string[], string][] = [
      [['replay'], 'Usage'],
      [['replay', 'nothing'], 'There is no case nothing'],
      [['replay', id, '--to', 'x'], '--to: expected the number of an entry'],
      [['replay', id, '--fork', '1', '--event', '{'], '--event: expected a JSON object'],
      [['replay', id, '--machine', '9'], 'there is no version 9, but 1'],
    ];
    for (const [args, words] of cases) {
      await expect(banjian(...args)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(words),
      });
    }
  });

  it('preflight runs every history through the newest version, and says that they are safe', async () => {
    const { stdout } = await banjian('preflight');
    expect(stdout).toContain('same: 1');
    expect(stdout).toContain(id);
    const { stdout: moved } = await banjian('migrate', '--dry-run');
    expect(moved).toContain('Dry run, nothing written: 0 would move, 1 stay, 0 cannot');
  });
});
