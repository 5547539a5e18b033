import { jsonl } from './jsonl.ts';
import type { ExportFormat } from './source.ts';

/** What an export can be written as. */
export const formats: readonly ExportFormat[] = [jsonl];
