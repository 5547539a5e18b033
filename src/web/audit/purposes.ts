import type { Words } from '../shared/language.ts';

/** Why somebody reads, as the API lists it. */
export const purposes: Record<string, Words> = {
  inspection: { zh: '监督检查', en: 'Inspection' },
  complaint: { zh: '投诉举报处理', en: 'Complaint' },
  review: { zh: '行政复议', en: 'Administrative review' },
  litigation: { zh: '诉讼', en: 'Litigation' },
  statistics: { zh: '统计分析', en: 'Statistics' },
  archiving: { zh: '归档', en: 'Archiving' },
  handling: { zh: '业务办理', en: 'Handling' },
};

/** A number of the reader's own files, with no room for an ID number or a mobile. */
export const FILE_NUMBER = '[A-Z]{2,6}-\\d{4}-\\d{1,6}';

export function purposeOf(code: unknown): Words {
  const text = String(code);
  return (
    purposes[text] ?? {
      zh: text === 'unspecified' ? '未说明' : text,
      en: text === 'unspecified' ? 'Not said' : text,
    }
  );
}
