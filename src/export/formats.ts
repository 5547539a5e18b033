import { jsonl } from './jsonl.ts';
import { ocelJson } from './ocel-json.ts';
import { ocelSqlite } from './ocel-sqlite.ts';
import type { ExportFormat } from './source.ts';
import { xes } from './xes.ts';

/** What an export can be written as. */
export const formats: readonly ExportFormat[] = [jsonl, ocelJson, ocelSqlite, xes];
