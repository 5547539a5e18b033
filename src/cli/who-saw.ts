import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openStoreToRead } from '../db/open.ts';
import { readEntry } from '../engine/entry.ts';
import { readsHold } from '../engine/reads.ts';
import type { Entry, Json, JsonObject } from '../engine/types.ts';
import { PURPOSES } from '../http/purpose.ts';
import { getDatabase } from './data.ts';
import { UsageError } from './usage.ts';

/** Prints who has read a case, and whether the chain of reads holds; it ends with 1 when that is broken. */
export async function whoSaw(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [caseId, ...others] = positionals;
  if (caseId === undefined || others.length > 0) throw new UsageError('用法 · Usage: banjian who-saw CASE');
  const store = openStoreToRead(getDatabase(readConfig(process.env).dataDir));
  try {
    const row = await store.findCase(caseId);
    if (!row) throw new Error(`没有此办件 · There is no such case: ${caseId}`);
    const stored = await store.readEntries(row.id, 'read');
    for (const { bytes } of stored) console.log(describeRead(readEntry(bytes)));
    const holds = readsHold(row, stored);
    console.log(
      holds
        ? `共 ${stored.length} 次查看,记录链完整 · ${stored.length} reads, the chain holds`
        : `记录链已被破坏 · The chain of reads is broken`,
    );
    if (!holds) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

/** `2026-11-23T02:00:00.000Z  auditor 7Qm…  /v1/audit/cases/:id/history  refusals=true  监督检查 inspection FJ-2026-17` */
export function describeRead({ at, actor, data }: Entry): string {
  const { route, asked, purpose, ref } = data;
  const code = wordOf(purpose);
  return [
    at,
    `${actor.role} ${actor.id}`,
    wordOf(route),
    ...Object.entries(isObject(asked) ? asked : {}).map(([name, value]) => `${name}=${wordOf(value)}`),
    [PURPOSES[code]?.zh, code, wordOf(ref)].filter(Boolean).join(' '),
  ].join('  ');
}

/** Whatever else stands there, somebody forged. */
function wordOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
