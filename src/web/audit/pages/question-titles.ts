import type { Words } from '../../shared/language.ts';

/** The document of the API speaks English; a question that is not named here is called what it says there. */
const titles: Record<string, string> = {
  skips: '谁试图跳过步骤',
  waiting: '在某状态停留过久的办件',
  'passes-after-failures': '多次失败后通过',
  'cases-of-person': '某人的全部办件',
  'acts-of-staff': '某工作人员的全部操作',
  'entries-of-version': '某版本流程下的全部记录',
  'refusals-by-hour': '按原因和小时统计的拒绝次数',
};

export function titleOfQuestion(name: string, summary: string | undefined): Words {
  return { zh: titles[name] ?? summary ?? name, en: summary ?? name };
}
