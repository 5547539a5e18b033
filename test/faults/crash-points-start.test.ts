import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { connect } from '../load/connection.ts';
import { newWalker, openCase } from '../load/walker.ts';
import { CONTROL } from './crash-point-patch.ts';
import { COMPILED } from './crash-point-rig.ts';
import { chooseTargets } from './crash-point-runs.ts';
import { inventBoth } from './crash-point-world.ts';
import { isFull, report, sized } from './scale.ts';
import { type ServerProcess, startServerProcess } from './server.ts';

vi.setConfig({ testTimeout: sized(120_000, 1_800_000) });

const MAIN = fileURLToPath(new URL('./crash-point-main.ts', import.meta.url));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'banjian-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function start(folder: string, at?: At): Promise<ServerProcess> {
  const env = { NODE_COMPILE_CACHE: COMPILED, ...(at ? { CRASH_AT: JSON.stringify(at) } : {}) };
  return startServerProcess({ folder, main: MAIN, env });
}

/** What a first start passes that is not killed. */
async function record(folder: string): Promise<string[]> {
  const server = await start(folder);
  const control = connect(readFileSync(join(folder, 'control'), 'utf8'));
  const { body } = await control.call({ method: 'POST', path: `${CONTROL}start`, body: {} });
  control.close();
  await server.kill('SIGTERM');
  return body;
}

function readSchema(folder: string): unknown[] {
  const database = new Database(join(folder, 'banjian.db'), { readonly: true });
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    return database.prepare('select type, name, sql from sqlite_master order by name').all();
  } finally {
    database.close();
  }
}

/** Whether a first start that died at a point is made good by the next: what differs, if not. */
async function startAfterDeath(at: At, schema: unknown[]): Promise<string[]> {
  return inFolder(async (folder) => {
    const survived = await start(folder, at).catch(() => undefined);
    if (survived && (await survived.exited) !== null) return [`it did not die at ${at.point}`];
    const server = await start(folder);
    const connection = connect(server.url);
    const [person] = inventBoth(1);
    if (!person) throw new Error('nobody');
    const opened = await openCase(connection, await newWalker(connection, person));
    connection.close();
    await server.kill('SIGTERM');
    const same = JSON.stringify(readSchema(folder)) === JSON.stringify(schema);
    return [
      ...(opened.status === 201 ? [] : [`after ${at.point}: ${opened.status} ${opened.text}`]),
      ...(same ? [] : [`after ${at.point} the schema is another`]),
    ];
  });
}

interface At {
  point: string;
  nth: number;
}

/** Of each kind of statement the first, the middle and the last: a schema is made by many that are alike. */
function chooseKinds(points: string[]): At[] {
  const kindOf = ({ point }: At) => `${/^\w+ ?\w*/.exec(point)?.[0]} ${point.split(' · ').at(-1)}`;
  const kinds = Map.groupBy(chooseTargets([{ step: 'start', points }]), kindOf);
  return [...kinds.values()].flatMap((alike) => {
    const places = new Set([0, Math.floor(alike.length / 2), alike.length - 1]);
    return alike.filter((_at, index) => places.has(index));
  });
}

describe('a first start that is killed', () => {
  it('at any of its statements is made good by the next start', async () => {
    const [points, schema] = await inFolder(async (folder) => [await record(folder), readSchema(folder)]);
    const all = chooseKinds(points);
    const chosen = isFull ? all : all.filter(({ point }) => point === 'commit · before').slice(0, 1);
    const faults: string[] = [];
    for (const at of chosen) faults.push(...(await startAfterDeath(at, schema)));
    report(`a first start: killed at ${chosen.length} of ${new Set(points).size} points`);
    expect(chosen).not.toEqual([]);
    expect(faults).toEqual([]);
  });

  it('a control: half a schema is found', async () => {
    const found = await inFolder(async (folder) => {
      const database = new Database(join(folder, 'banjian.db'));
      database.exec('create table persons (id text)');
      database.close();
      return start(folder).then(
        async (server) => `it started; ${await server.kill('SIGKILL')}`,
        (error: unknown) => String(error),
      );
    });
    expect(found).toMatch(/did not start.*persons/s);
  });
});
