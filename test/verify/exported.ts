import { cpSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Matter } from '../../src/engine/types.ts';
import { writeFolder } from '../../src/export/folder.ts';
import { verifyExport } from '../../src/verify/export-folder.ts';
import { getTileBytes, openPublished, readIfThere } from '../../src/verify/published.ts';
import type { Report, Wanted } from '../../src/verify/verify-log.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { smallMatter } from '../http/small-matter.ts';
import { silent } from './world.ts';

const matters = new Map<string, Matter>([['small', smallMatter()]]);

/** A small log with everything in it, written out. Answers the folder and the log's key. */
export async function exportSmall(): Promise<{ root: string; folder: string; vkey: string }> {
  const root = mkdtempSync(join(tmpdir(), 'banjian-'));
  const kit = await startTestApp({ matters: [...matters.values()], folder: join(root, 'data') });
  for (const colour of ['red', 'blue']) {
    const person = await kit.person();
    const { id } = (await person.post('/v1/matters/small/cases', {})).json();
    await person.post(`/v1/cases/${id}/events/note.close`);
    await person.post(`/v1/cases/${id}/events/note.send`, { text: '你好', colour });
  }
  const folder = join(root, 'export');
  await exportTo(folder, kit);
  const [vkey = ''] = kit.publisher.vkeys();
  await kit.close();
  return { root, folder, vkey };
}

async function exportTo(folder: string, kit: TestApp): Promise<void> {
  await kit.publisher.publish();
  const published = openPublished(join(kit.folder, 'log'));
  const { missing } = await writeFolder(folder, {
    store: kit.runtime.store,
    matters: kit.runtime.matters,
    checkpoint: readIfThere(join(kit.folder, 'log/checkpoint')) ?? Buffer.alloc(0),
    readTile: (tile) => getTileBytes(published, tile),
    vkeys: kit.publisher.vkeys(),
  });
  if (missing.length > 0) throw new Error('a machine is missing');
}

export function lookAtExport(folder: string, wanted: Partial<Wanted> = {}): Promise<Report> {
  return verifyExport(folder, matters, { kept: [], key: undefined, chainOnly: false, ...wanted }, silent);
}

/** Every file, with how many bytes it has. */
export function listFiles(folder: string): { file: string; size: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, size: statSync(file).size }));
}

export function copyTo(folder: string, copy: string): string {
  cpSync(folder, copy, { recursive: true });
  return copy;
}
