import type { Outcome } from './compare.ts';
import type { Row } from './figures.ts';

/** Columns as wide as what is in them; the first to the left, the rest to the right. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

export function contestTable(rows: Row[], missing: Outcome['missing']): string {
  const subject = rows.find(({ label }) => label === 'd');
  const head = ['', 'events/s', 'p50 ms', 'p99 ms', 'CPU µs/event', 'of the load', 'MiB'];
  const ratios = subject ? ['d by it: events/s', 'd by it: CPU'] : [];
  const lines = rows.map((row) => [
    `${row.label.padEnd(2)}  ${row.title}`,
    row.eventsPerSecond.toFixed(0),
    row.p50Ms.toFixed(2),
    row.p99Ms.toFixed(2),
    row.cpuMicrosPerEvent.toFixed(0),
    row.loadCpuMicrosPerEvent.toFixed(0),
    String(row.memoryMiB),
    ...(subject ? [subject.by[row.label]?.events, subject.by[row.label]?.cpu].map(inWords) : []),
  ]);
  const notes = missing.map(
    ({ contestant, why }) => `${contestant.label}  ${contestant.title}: NOT MEASURED: ${why}`,
  );
  return [table([...head, ...ratios], lines), ...notes].join('\n');
}

function inWords(ratio: number | undefined): string {
  return ratio === undefined ? '' : `× ${ratio.toFixed(2)}`;
}
