import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../engine/errors.ts';
import type { Purpose } from '../engine/reads.ts';
import type { Text } from '../engine/types.ts';
import { oneHeader } from './headers.ts';

/** Why somebody reads what is not theirs. A list, because a free text could name people. */
export const PURPOSES: Record<string, Text> = {
  handling: { zh: '业务办理', en: 'handling the case' },
  inspection: { zh: '监督检查', en: 'inspection' },
  complaint: { zh: '投诉举报处理', en: 'a complaint' },
  review: { zh: '行政复议', en: 'administrative review' },
  litigation: { zh: '诉讼', en: 'litigation' },
  statistics: { zh: '统计分析', en: 'statistics' },
  archiving: { zh: '归档', en: 'archiving' },
  unspecified: { zh: '未说明', en: 'not said' },
};

/** `code` or `code; ref=FJ-2026-17`. The number's shape has no room for an ID number or a mobile. */
const SHAPE = /^([a-z]+)(?:\s*;\s*ref=([A-Z]{2,6}-\d{4}-\d{1,6}))?$/;

/** For the documentation. */
export const purposeHeader = z.object({
  purpose: z
    .string()
    .optional()
    .describe(
      `Why staff or an auditor reads: ${Object.keys(PURPOSES).join(' · ')}; a number of their own files may follow, as in \`inspection; ref=FJ-2026-17\`. It is recorded with the read.`,
    ),
});

/** @throws Problem purpose-invalid for what is not on the list */
export function purposeOf(request: FastifyRequest): Purpose {
  const text = oneHeader(request, 'purpose')?.trim();
  return text === undefined || text === '' ? { code: 'unspecified' } : readPurpose(text);
}

/** @throws Problem purpose-invalid */
export function readPurpose(text: string): Purpose {
  const [, code = '', ref] = SHAPE.exec(text) ?? [];
  if (!Object.hasOwn(PURPOSES, code)) throw new Problem({ code: 'purpose-invalid' });
  return ref === undefined ? { code } : { code, ref };
}
