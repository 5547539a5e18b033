import type { CaseRow } from '../db/store.ts';
import { leavesOf } from '../engine/entry.ts';
import type { Entry, Text } from '../engine/types.ts';
import type { Part } from './tar.ts';

/** What stands in the package, for people: no personal data but in the documents themselves. */
export function writeSummary(
  row: CaseRow,
  title: Text,
  entries: Entry[],
  parts: Part[],
  absent: string[],
): string {
  return [
    `${title.zh} · ${title.en}`,
    '',
    `办件 · case:       ${row.id}`,
    `事项 · matter:     ${row.matter} ${row.machine.version}`,
    `申请人 · person:   ${row.owner} (化名 · a pseudonym)`,
    `开启 · opened:     ${row.openedAt}`,
    `最后 · last:       ${row.updatedAt}`,
    `状态 · state:      ${leavesOf(row.state.value).join(', ')} (${row.state.status})`,
    '',
    '经过 · history',
    ...entries.map(describeEntry),
    '',
    '内容 · contents',
    ...parts.map(({ path, title: what }) => `  ${path.padEnd(44)} ${what}`),
    ...absent.map((line) => `  ${line}`),
    '',
    '核验 · to verify:   sha256sum -c SHA256SUMS',
    `                    banjian receipt verify receipts/1.tlog-proof --key "$(head -n 1 keys.txt)"`,
    '',
  ].join('\n');
}

function describeEntry({ seq, at, type, actor, state }: Entry): string {
  return `  ${String(seq).padStart(4)}  ${at}  ${actor.role.padEnd(9)}  ${type} → ${leavesOf(state.value).join(', ')}`;
}
