import { table } from '../table.ts';
import type { GrowthReport } from './main.ts';

export function growthTables({ tables, startUp, disk, replays }: GrowthReport): string {
  return [
    ...tables.map((each) => {
      const [first] = each.rows;
      const rows = each.rows.map((row) => {
        const by = first && row.by[first.label];
        return [
          row.label,
          row.eventsPerSecond.toFixed(0),
          (1_000_000 / row.eventsPerSecond).toFixed(0),
          row.cpuMicrosPerEvent.toFixed(0),
          row.p99Ms.toFixed(1),
          String(row.memoryMiB),
          by ? `× ${(1 / by.events).toFixed(2)}` : '',
          by ? `× ${by.cpu.toFixed(2)}` : '',
        ];
      });
      const head = ['', 'events/s', 'µs/event', 'CPU µs/event', 'p99 ms', 'MiB', 'time', 'CPU'];
      const { title, connections } = each;
      return `${title} · ${connections} connection${connections === 1 ? '' : 's'}\n${table(head, rows)}`;
    }),
    table(
      ['start-up', 'ready, ms', 'first case, ms'],
      startUp.map((row) => [
        `${row.cases.toLocaleString('en')} cases`,
        row.readyMs.toFixed(0),
        row.caseMs.toFixed(0),
      ]),
    ),
    table(
      ['on disk', 'bytes a case', 'bytes an entry'],
      disk.map((row) => [
        `${row.cases.toLocaleString('en')} cases, ${row.entries.toLocaleString('en')} entries`,
        row.bytesPerCase.toFixed(0),
        row.bytesPerEntry.toFixed(0),
      ]),
    ),
    table(
      ['entries a second of one core', 'replayed', 'verified'],
      replays.map((row) => [
        `${row.title}: ${row.cases} × ${row.entriesPerCase.toFixed(0)}`,
        row.replayed.toFixed(0),
        row.verified.toFixed(0),
      ]),
    ),
  ].join('\n\n');
}
