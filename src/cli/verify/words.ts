import type { ChainPlace, Check, Finding } from '../../verify/finding.ts';
import type { Report, Stage } from '../../verify/verify-log.ts';
import { inWords } from '../progress.ts';

export const STAGES: Record<Stage, string> = {
  log: '链与树 · chains and tree',
  cases: '重放 · replay',
  files: '文件 · files',
};

const CHECKS: Record<Check, string> = {
  export: '导出文件 · the exported files',
  chain: '链 · its chain',
  tree: '公布的树 · the published tree',
  checkpoint: '公布的检查点 · the published checkpoint',
  keptCheckpoint: '您保存的检查点 · the checkpoint you kept',
  signature: '签名 · signatures',
  machine: '状态机定义 · the machine’s structure',
  replay: '重放 · replay',
  currentRow: '办件当前状态 · the case’s current row',
  tasks: '待办任务 · open tasks',
  vault: '保管库 · the vault',
  index: '审计索引 · the index that questions look at',
  beside: '附属数据 · rows beside the histories',
};

/** What a person reads at the end. */
export function describeReport(
  report: Report,
  { chainOnly, unsealed }: { chainOnly: boolean; unsealed: boolean | undefined },
): string {
  const lines = report.finding ? describeFinding(report.finding) : ['成立 · Holds'];
  return [
    ...lines,
    ...describeCounts(report),
    ...(report.finding || !chainOnly ? [] : ['  未重放(--chain-only)· nothing was run again (--chain-only)']),
    ...(report.finding || chainOnly || unsealed !== false
      ? []
      : ['  无密钥文件:密封的值只核对摘要 · no key file: sealed values were compared by their digests only']),
  ].join('\n');
}

function describeFinding({ check, index, place, what, expected, found }: Finding): string[] {
  return [
    '不成立 · Does not hold',
    `  第一处 · first:    ${describePlace(index, place)}`,
    `  检查项 · check:    ${CHECKS[check]} (${what})`,
    `  应为 · expected:   ${expected}`,
    `  实为 · found:      ${found}`,
  ];
}

function describePlace(index: number | undefined, place: ChainPlace | undefined): string {
  const leaf = index === undefined ? '不在某一条目 · at no entry' : `日志条目 · entry ${index}`;
  if (!place) return leaf;
  return place.caseId === ''
    ? `${leaf}, service ${place.seq}`
    : `${leaf}, case ${place.caseId}, ${place.kind} ${place.seq}`;
}

function describeCounts({ entries, cases, published, replayed, perSecond }: Report): string[] {
  const { accepted, refused, read, service } = entries;
  const total = accepted + refused + read + service;
  const counts = { 受理: accepted, 拒绝: refused, 查阅: read, 服务: service };
  const of = Object.entries(counts).map(([name, count]) => `${name} ${inWords(count)}`);
  const rate = (stage: Stage) => `${inWords(Math.round(perSecond[stage] ?? 0))}/s`;
  return [
    `  条目 · entries:    ${inWords(total)} (${of.join(' · ')}), ${rate('log')}`,
    `  办件 · cases:      ${inWords(cases)}`,
    `  已公布 · published: ${inWords(published)}`,
    ...(total > published ? [`  未公布 · not yet:  ${inWords(total - published)}`] : []),
    ...(replayed === undefined ? [] : [`  重放 · replayed:   ${inWords(replayed)}, ${rate('cases')}`]),
  ];
}
