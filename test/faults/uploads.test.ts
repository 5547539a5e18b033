import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { png } from '../helpers.ts';
import { report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess } from './server.ts';
import { corpus } from './uploads/corpus.ts';
import { picture } from './uploads/images.ts';
import { measureMemory } from './uploads/memory.ts';
import {
  evidence,
  findWrong,
  newSender,
  type Part,
  type Sender,
  describe as say,
  sendForm,
  takeOut,
} from './uploads/sender.ts';

let folder: string;
let server: ServerProcess;
let sender: Sender;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  server = await startServerProcess({ folder });
  sender = await newSender(server.url);
}, 60_000);
afterAll(async () => {
  sender.connection.close();
  await server.kill('SIGTERM');
  rmSync(folder, { recursive: true });
});

describe('a file', () => {
  it(`of any of ${corpus.length} kinds is taken or refused as the service says, in its words`, {
    timeout: 120_000,
  }, async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(40);
    expect(await findWrong(sender, corpus)).toEqual([]);
    // A decoder that complains does so on stderr.
    expect(server.errors()).toBe('');
  });

  it('and it would notice: another answer is found', async () => {
    const samples = corpus.filter(({ what }) => what === 'a PNG' || what === 'a GIF');
    const exchanged = samples.map((each) => ({
      ...each,
      verdict: each.verdict === 'taken' ? ('broken' as const) : ('taken' as const),
    }));
    expect(await findWrong(sender, exchanged)).toHaveLength(2);
  });

  it.each<[sent: string, kept: string]>([
    ['../../etc/passwd.png', 'passwd.png'],
    ['..\\..\\windows\\system.png', 'system.png'],
    ['C:\\pictures\\裁决.png', '裁决.png'],
    ['a\0b.png', 'a_b.png'],
    ['a\u0007\u009fb.png', 'a__b.png'],
    ['gnp.\u202egpj.exe', 'gnp._gpj.exe'],
    ['a\u2028b.png', 'a_b.png'],
    ['e\u0301.png', 'é.png'],
    ['👩‍👩‍👧‍👦.png', '👩‍👩‍👧‍👦.png'],
    ['𠮷野.png', '𠮷野.png'],
    ['CON.png', 'CON.png'],
    ['.htaccess', '.htaccess'],
    ['<img src=x onerror=alert(1)>.png', '<img src=x onerror=alert(1)>.png'],
    ["'; DROP TABLE cases; --.png", "'; DROP TABLE cases; --.png"],
    ['%2e%2e%2fx.png', '%2e%2e%2fx.png'],
    [`${'林'.repeat(300)}.png`, '林'.repeat(255)],
    [`${'👍'.repeat(300)}.png`, '👍'.repeat(255)],
    ['..', ''],
    ['', ''],
    [' ', ' '],
  ])('called %j is kept as data under that name, and read back under it', async (sent, kept) => {
    const reply = await sendForm(sender, evidence(await picture().png().toBuffer(), sent));
    expect([reply.status, reply.body.name]).toEqual([201, kept]);
    const read = await sender.connection.call({ method: 'GET', path: reply.body.href, token: sender.token });
    expect(read.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
    const [, name = ''] =
      /^inline; filename\*=UTF-8''([\w.~!#$&+^`|%-]*)$/.exec(read.headers['content-disposition'] ?? '') ?? [];
    expect(decodeURIComponent(name)).toBe(kept);
    await takeOut(sender, reply);
  });

  const material: Part = { disposition: 'name="material"', content: 'death' };
  const file: Part = { disposition: 'name="file"; filename="a.png"', content: png() };
  const field = (name: string): Part => ({ disposition: `name="${name}"`, content: 'x' });
  it.each<[what: string, parts: Part[], answer: RegExp]>([
    ['of which there are two', [material, file, file], /^413 payload-too-large/],
    [
      'in 1,001 parts',
      [material, ...Array.from({ length: 1_000 }, (_, n) => field(`f${n}`))],
      /^422 form-invalid \/f0 /,
    ],
    ['beside a thousand files', Array<Part>(1_001).fill(file), /^413 payload-too-large/],
    ['that is not there', [material], /^422 form-invalid \/file /],
    ['that is a text', [material, { disposition: 'name="file"', content: 'x' }], /^422 form-invalid \/file /],
    [
      'under another name',
      [material, { ...file, disposition: 'name="picture"; filename="a.png"' }],
      /^422 form-invalid \/picture /,
    ],
    ['with a field too many', [material, field('extra'), file], /^422 form-invalid \/extra /],
    ['of two materials', [material, material, file], /^422 form-invalid \/material /],
    ['of no material', [file], /^422 (?:form-invalid|material-invalid) \/material /],
    [
      'whose material is a file',
      [{ ...file, disposition: 'name="material"; filename="a.png"' }, file],
      /^422 form-invalid \/material /,
    ],
    [
      'whose material is too long',
      [{ ...material, content: 'death'.repeat(1_000) }, file],
      /^(?:413 payload-too-large|422 )/,
    ],
    [
      'whose material is JSON',
      [{ ...material, type: 'application/json', content: '{"death":1}' }, file],
      /^422 .* \/material /,
    ],
    [
      'under the name of a prototype',
      [material, { ...file, disposition: 'name="__proto__"; filename="a.png"' }],
      /^4(?:00|22) /,
    ],
    ['in parts without a name', [{ disposition: 'filename="a.png"', content: 'x' }], /^4(?:00|22) /],
    ['in no parts at all', [], /^4(?:00|22) /],
  ])('%s is refused for that', async (_what, parts, answer) => {
    expect(say(await sendForm(sender, parts))).toMatch(answer);
  });
});

describe('20 files at once, again and again', () => {
  const size = sized(1, 10) * 1024 * 1024;
  const rounds = sized(8, 10);
  /** Less than what one round brings: nothing of a file may stay. */
  const MOST_GROWTH_MB = sized(50, 150);
  /** 20 files of 10 MB, each while it comes and once put together, and what decoding needs. */
  const MOST_MB = 1_200;

  it(`leave no more than ${MOST_GROWTH_MB} MB behind`, { timeout: 600_000 }, async () => {
    const memory = await measureMemory({ size, rounds });
    report(`20 files of ${size / 1024 / 1024} MB at once, ${rounds} rounds: ${JSON.stringify(memory)}`);
    expect(memory.growthMb).toBeLessThan(MOST_GROWTH_MB);
    expect(memory.peakMb).toBeLessThan(MOST_MB);
  });

  it('and it would notice: a server that keeps what it was sent is found', { timeout: 600_000 }, async () => {
    const memory = await measureMemory({ size, rounds, isKeeping: true });
    report(`the same, kept: ${JSON.stringify(memory)}`);
    expect(memory.growthMb).toBeGreaterThan(MOST_GROWTH_MB);
  });
});
