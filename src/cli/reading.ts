import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { openStoreToRead } from '../db/open.ts';
import type { CaseRow, Store } from '../db/store.ts';
import type { Language, Matter } from '../engine/types.ts';
import { loadMatters } from '../machines/index.ts';
import { noProviders } from '../providers/none.ts';

/** What commands stand on that read beside a running server: no key, no provider, nothing written. */
export interface Reading {
  store: Store;
  matters: Map<string, Matter>;
}

/** @throws Error when there is no database yet. */
export function databaseFile(): string {
  const file = join(readConfig(process.env).dataDir, 'banjian.db');
  if (existsSync(file)) return file;
  throw new Error(
    `没有数据:${file}。请设置 BANJIAN_DATA 或先启动服务。 No data at ${file}: set BANJIAN_DATA, or start the server first.`,
  );
}

/** Every matter in every version; whoever has no server to protect needs no limits. */
export function loadMattersToRead(): Promise<Map<string, Matter>> {
  const none = Number.MAX_SAFE_INTEGER;
  return loadMatters(noProviders, { identityPerHour: none, smsPerHour: none });
}

export async function withReading<T>(work: (reading: Reading) => Promise<T>): Promise<T> {
  const store = openStoreToRead(databaseFile());
  try {
    return await work({ store, matters: await loadMattersToRead() });
  } finally {
    await store.close();
  }
}

/** @throws Error when there is no such case, or its matter is not loaded at all. */
export async function getCaseAndMatter({ store, matters }: Reading, id: string): Promise<[CaseRow, Matter]> {
  const row = await store.findCase(id);
  if (!row) throw new Error(`没有此办件:${id}。 There is no case ${id}.`);
  return [row, getMatterOf(matters, row.matter)];
}

/** @throws Error when it is not one of those that are loaded. */
export function getMatterOf(matters: Map<string, Matter>, id: string): Matter {
  const matter = matters.get(id);
  if (matter) return matter;
  throw new Error(`没有此事项:${id}。 There is no matter ${id}: ${[...matters.keys()].join(', ')}.`);
}

/** @throws Error */
export function languageFrom(value: string): Language {
  if (value === 'zh-CN' || value === 'en') return value;
  throw new Error('--language: zh-CN | en');
}
