import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/engine/canonical.ts';
import { readEntry } from '../../src/engine/entry.ts';
import { findLine, jsonl } from '../../src/export/jsonl.ts';
import { openSource, type Selection } from '../../src/export/source.ts';
import { hashLeaf } from '../../src/log/tree.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { smallMatter } from '../http/small-matter.ts';

let kit: TestApp;
beforeAll(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
  for (let person = 0; person < 2; person++) {
    const client = await kit.person();
    const { id } = (await client.post('/v1/matters/small/cases', {})).json();
    kit.clock.move(1_000);
    await client.post(`/v1/cases/${id}/events/note.close`);
    await client.post(`/v1/cases/${id}/events/note.send`, { text: '你好', colour: 'red' });
  }
});
afterAll(() => kit.close());

async function linesOf(selection: Selection = {}, onRead?: (read: number) => void): Promise<string[]> {
  const source = await openSource(kit.runtime.store, selection, onRead);
  let text = '';
  for await (const piece of jsonl.write(source)) text += piece;
  expect(text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

describe('an export as lines', () => {
  it('holds every entry in log order, refusals too, each with its leaf and its digest', async () => {
    const lines = (await linesOf()).map(findLine);
    const log = await kit.runtime.store.readLog(0, 1_000);
    expect(lines).toEqual(
      log.map(({ index, bytes, digest }) => ({
        index,
        bytes,
        digest,
        leaf: hashLeaf(bytes).toString('hex'),
      })),
    );
    expect(log.map(({ kind }) => kind)).toContain('refused');
    expect(lines.map((line) => line && digestOf(line.bytes))).toEqual(log.map(({ digest }) => digest));
  });

  it('is JSON on every line, and the stored bytes are in it as they are', async () => {
    const [line = ''] = await linesOf();
    const { entry } = JSON.parse(line);
    const [stored] = await kit.runtime.store.readLog(0, 1);
    expect(entry).toEqual(readEntry(stored?.bytes ?? ''));
    expect(line.endsWith(`"entry":${stored?.bytes}}`)).toBe(true);
  });

  it('can be of a time, its beginning with it and its end without it, and of a matter', async () => {
    const all = (await linesOf()).map((line) => JSON.parse(line).entry);
    const [from, to] = [all[1].at, all.at(-1).at];
    const some = (await linesOf({ from, to })).map((line) => JSON.parse(line).entry);
    expect(some).toEqual(all.filter(({ at }) => at >= from && at < to));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(await linesOf({ matter: 'small' })).toHaveLength(all.length);
  });

  it('ends where the log ended when it began, and tells how far it has come', async () => {
    const reads: number[] = [];
    const source = await openSource(kit.runtime.store, {}, (read) => reads.push(read));
    const before = source.size;
    const client = await kit.person();
    await client.post('/v1/matters/small/cases', {});
    let entries = 0;
    for await (const _ of source.entries()) entries++;
    expect(entries).toBe(before);
    expect(await kit.runtime.store.findLogSize()).toBeGreaterThan(before);
    expect(reads.at(-1)).toBe(before);
  });
});
