import type { Case } from './client.ts';

export type Language = 'zh-CN' | 'en';

/** One step as a person would read it: number, what was done, where from and where to, what the service says, seq. */
export function describeStep(step: {
  number: number;
  event: string;
  title?: string;
  label?: string | undefined;
  before: string[];
  now: Case;
}): string {
  const { number, event, title, label, before, now } = step;
  const named = title === undefined ? event : `${event} 「${title}」`;
  const head = `${String(number).padStart(3)}  ${named}${label === undefined ? '' : ` ${label}`}`;
  const from = before.length === 0 ? '·' : before.join(' + ');
  const to = now.states.join(' + ');
  const way = from === to ? to : `${from} → ${to}`;
  const lines = [head, `     ${way}  (seq ${now.seq})`];
  return [...lines, ...(now.message === null ? [] : [`     ${now.message}`])].join('\n');
}

/** Where it ended; `goesOn` adds how to go on from there. */
export function describeEnd(token: string, here: Case, language: Language, goesOn: boolean): string {
  const words = {
    'zh-CN': ['办件', '会话令牌', '继续办理'],
    en: ['case', 'session token', 'to go on'],
  }[language];
  const lines = ['', `${words[0]}: ${here.id}`, `${words[1]}: ${token}`];
  const command = `npm run banjian -- walk --resume ${here.id} --token ${token}`;
  return [...lines, ...(goesOn ? [`${words[2]}: ${command}`] : [])].join('\n');
}
