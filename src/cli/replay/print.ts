import { inLanguage } from '../../engine/errors.ts';
import type { WhatIfStep } from '../../engine/fork.ts';
import { type Change, type Narration, narrate, titleOf } from '../../engine/narrate.ts';
import type { Told } from '../../engine/tell.ts';
import type { Actor, Entry, JsonObject, Language, TimerState } from '../../engine/types.ts';

interface Look {
  language: Language;
  diff: boolean;
}

const WORDS = {
  'zh-CN': {
    due: '限期',
    fired: '到期',
    ended: '不再计时',
    asks: '请求',
    wouldAsk: '本会请求',
    refused: '被拒绝',
    wouldRefuse: '不会被接受',
    overdue: '此前本已到期',
    broken: '无法继续重放',
    differs: '摘要不符',
    personal: '项个人信息已密封',
  },
  en: {
    due: 'due',
    fired: 'ran out',
    ended: 'no longer due',
    asks: 'asks for',
    wouldAsk: 'would ask for',
    refused: 'refused',
    wouldRefuse: 'would not be taken',
    overdue: 'would have run out before',
    broken: 'cannot be run any further',
    differs: 'digest differs',
    personal: 'personal, sealed',
  },
};

/** One line for what happened, and one for each thing it changed if that is asked for. */
export function describeTold(told: Told, look: Look): string[] {
  const words = WORDS[look.language];
  if (told.kind === 'broken') return [`${numbered(told.seq)}  ✗ ${words.broken}: ${told.why}`];
  const { entry } = told;
  if (told.kind === 'refused') {
    const event = named(entry.type, inLanguage(told.title, look.language));
    return [`   –  ${entry.at}  ${who(entry.actor)}  ${event}  ✗ ${words.refused}: ${factsOf(entry.data)}`];
  }
  const { narration } = told;
  const { personal, files } = entry;
  const line = [
    numbered(entry.seq),
    entry.at,
    who(entry.actor),
    ...partsOf(entry, narration, look.language, words.asks),
    personal.length > 0 ? `🔒 ${personal.length} ${words.personal}` : '',
    files.length > 0 ? `📎 ${files.length}` : '',
    told.holds ? '✓' : `✗ ${words.differs}: ${told.digest}`,
  ];
  return [joined(line), ...(look.diff ? narration.changes.map(describeChange) : [])];
}

/** The same for what did not happen; `~` stands before it. */
export function describeWhatIf(step: WhatIfStep, look: Look): string[] {
  const words = WORDS[look.language];
  const { entry, refused, before } = step;
  const head = [numbered(entry.seq, '~'), entry.at, entry.role];
  if (refused !== undefined) {
    const event = named(entry.type, inLanguage(titleOf(step.matter, entry), look.language));
    return [joined([...head, event, `✗ ${words.wouldRefuse}: ${refused}`])];
  }
  const narration = narrate(before, step);
  const line = [
    ...head,
    ...partsOf(entry, narration, look.language, words.wouldAsk),
    ...step.overdue.map((timer) => `⚠ ${words.overdue}: ${timer.event} ${timer.dueAt}`),
    entry.recorded === undefined ? '' : entry.recorded === step.digest ? '✓' : '≠',
  ];
  return [joined(line), ...(look.diff ? narration.changes.map(describeChange) : [])];
}

export function describeEnd(holds: boolean, entries: number, language: Language): string {
  if (language === 'en')
    return holds ? `All ${entries} digests hold.` : `Not all of ${entries} digests hold.`;
  return holds ? `全部 ${entries} 条的摘要一致。` : `${entries} 条中有摘要不一致。`;
}

export function describeWhatIfEnd(
  found: { differing: number; started: number; compared: boolean },
  language: Language,
): string {
  const { differing, started, compared } = found;
  if (language === 'en') {
    const said =
      differing === 0
        ? 'Every digest is as recorded.'
        : `Digests that differ from those recorded: ${differing}.`;
    return `Nothing was done and nothing written. Work that would have begun: ${started}.${compared ? ` ${said}` : ''}`;
  }
  const said = differing === 0 ? '各条摘要与记录一致。' : `${differing} 条摘要与记录不同。`;
  return `未做任何操作,未写入任何数据;本会开始 ${started} 项外部工作。${compared ? said : ''}`;
}

function partsOf(
  entry: Pick<Entry, 'type' | 'data'>,
  narration: Narration,
  language: Language,
  asks: string,
): string[] {
  const words = WORDS[language];
  const { set, fired, ended } = narration.deadlines;
  const timers = (sign: string, all: TimerState[], at: boolean) =>
    all.map(({ event, dueAt }) => `⏰ ${sign} ${event}${at ? ` ${dueAt}` : ''}`);
  return [
    named(entry.type, inLanguage(narration.title, language)),
    wayOf(narration),
    factsOf(entry.data),
    ...timers(words.fired, fired, false),
    ...timers(words.due, set, true),
    ...timers(words.ended, ended, false),
    ...(narration.started.length > 0 ? [`⚙ ${asks} ${narration.started.join(', ')}`] : []),
  ];
}

/** What it left and where it came to; regions that stayed are not told again. */
function wayOf({ from, states }: Narration): string {
  const left = from.filter((state) => !states.includes(state));
  const entered = states.filter((state) => !from.includes(state));
  if (left.length === 0 && entered.length === 0) return `= ${states.join(' + ')}`;
  return `${left.join(' + ') || '·'} → ${entered.join(' + ') || '·'}`;
}

function describeChange({ pointer, before, after }: Change): string {
  return `        ${pointer}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
}

function numbered(seq: number, sign = ''): string {
  return `${sign}${seq}`.padStart(4);
}

function who({ role, id }: Actor): string {
  return `${role} ${id}`;
}

function named(type: string, title: string): string {
  return title === type ? type : `${type} 「${title}」`;
}

function factsOf(data: JsonObject): string {
  return Object.keys(data).length === 0 ? '' : JSON.stringify(data);
}

function joined(parts: string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}
