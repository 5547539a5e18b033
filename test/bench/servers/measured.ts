import { readFileSync } from 'node:fs';
import type { ServerName } from './list.ts';

/** A server under measurement: one process, or several that do the work together. */
export interface Measured {
  url: string;
  pid: number;
  /** What its processes have used so far. */
  cpuMicros(): number;
  memoryMiB(): number;
  stop(): Promise<void>;
}

export interface MeasuredOptions {
  name: ServerName;
  /** Where its data folder is made. */
  folder: string;
  people: number;
  /** A data folder that is there already, and stays. */
  dataFolder?: string;
  env?: Record<string, string>;
}

/** The kernel counts in hundredths of a second. */
const TICK_MICROS = 10_000;

export function cpuMicrosOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in the second field may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

export function memoryMiBOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}
