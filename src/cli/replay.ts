import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import type { CaseRow } from '../db/store.ts';
import { runOn, type WhatIfEvent } from '../engine/fork.ts';
import { CannotMigrate } from '../engine/migrate.ts';
import { speaksFor, type Told, tell } from '../engine/tell.ts';
import type { Language, Matter } from '../engine/types.ts';
import { MachineNotLoaded, versionsOf } from '../engine/versions.ts';
import { getCaseAndMatter, languageFrom, type Reading, withReading } from './reading.ts';
import { describeEnd, describeTold, describeWhatIf, describeWhatIfEnd } from './replay/print.ts';

const HELP = `banjian replay CASE: 逐条重放一个办件的历史,只读,不需要密钥 · runs a history again entry by entry; read-only, needs no key

  --to SEQ             到此条为止 · up to this entry
  --refusals           同时列出被拒绝的操作 · refusals among the entries
  --diff               列出每条改变了什么 · what each entry changed in the context
  --watch              继续显示新的记录 · goes on as entries come in
  --language zh-CN|en

  假如 · What if: 不做任何外部操作,不写入任何数据 · no effect, no task, nothing written
  --fork SEQ           从此条之后改走 · leave the history after this entry (0: from the start)
  --event '{"type":…}' 改为发生此事,可多次 · what happens instead, more than once if need be: facts, "at", "role"
  --machine VERSION    按另一版本的流程 · under another version of the machine
`;

const LOOK_AGAIN_MS = 1_000;
const ROLES = ['applicant', 'enterprise', 'officer', 'auditor', 'operator'];

/** Exit code 1 when a digest does not hold. */
export async function replay(args: string[]): Promise<void> {
  const options = readArgs(args);
  if (!options) return console.log(HELP);
  const holds = await withReading((reading) =>
    options.whatIf ? printWhatIf(reading, options, print) : printReplay(reading, options, print, untilNext),
  );
  if (!holds) process.exitCode = 1;
}

function print(line: string): void {
  console.log(line);
}

function untilNext(): Promise<boolean> {
  return new Promise((resolve) => void systemClock.after(LOOK_AGAIN_MS, () => resolve(true)));
}

export interface ReplayOptions {
  caseId: string;
  to: number;
  refusals: boolean;
  diff: boolean;
  watch: boolean;
  language: Language;
  whatIf?: { seq: number; events: WhatIfEvent[] | undefined; machine: string | undefined };
}

/** @throws Error saying how to type it. */
function readArgs(args: string[]): ReplayOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      refusals: { type: 'boolean', default: false },
      diff: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      language: { type: 'string', default: 'zh-CN' },
      fork: { type: 'string' },
      event: { type: 'string', multiple: true },
      machine: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [caseId, ...more] = positionals;
  if (values.help) return undefined;
  if (caseId === undefined || more.length > 0) throw new Error(`用法 · Usage:\n\n${HELP}`);
  const { fork, event, machine, refusals, diff, watch } = values;
  const asked = [fork, event, machine].some((value) => value !== undefined);
  const seq = fork === undefined ? (event ? undefined : 0) : seqFrom('--fork', fork);
  if (asked && seq === undefined) throw new Error('--event 需要 --fork SEQ · --event needs --fork SEQ');
  return {
    caseId,
    to: values.to === undefined ? Number.MAX_SAFE_INTEGER : seqFrom('--to', values.to),
    refusals,
    diff,
    watch,
    language: languageFrom(values.language),
    ...(asked && seq !== undefined ? { whatIf: { seq, events: event?.map(eventFrom), machine } } : {}),
  };
}

function seqFrom(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${name}: 应为记录序号。 ${name}: expected the number of an entry.`);
}

function eventFrom(text: string): WhatIfEvent {
  const event = parseObject(text);
  const { type, at, role } = event ?? {};
  const fits =
    typeof type === 'string' &&
    (at === undefined || (typeof at === 'string' && !Number.isNaN(Date.parse(at)))) &&
    (role === undefined || ROLES.some((each) => each === role));
  if (event && fits) return event as WhatIfEvent;
  throw new Error(
    `--event: 应为 JSON 对象,含 "type",可含 "at"(时间)、"role" 与事实。 --event: expected a JSON object with "type", perhaps "at" (a time), "role", and facts: ${text}`,
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Prints a history line by line, and goes on with what comes in for as long as `next` says so. Answers whether every
 * digest holds.
 */
export async function printReplay(
  reading: Reading,
  options: ReplayOptions,
  out: (line: string) => void,
  next: () => Promise<boolean>,
): Promise<boolean> {
  const [first, matter] = await getCaseAndMatter(reading, options.caseId);
  let row: CaseRow = first;
  let holds = true;
  let entries = 0;
  const told = new Set<string>();
  for (;;) {
    for (const line of await tellCase(reading, matter, options)) {
      const place = placeOf(line);
      if (told.has(place)) continue;
      told.add(place);
      if (line.kind === 'accepted') entries++;
      holds &&= speaksFor(line);
      for (const text of describeTold(line, options)) out(text);
    }
    if (!options.watch || row.state.status === 'done' || !(await next())) break;
    row = (await reading.store.findCase(row.id)) ?? row;
  }
  out(describeEnd(holds, entries, options.language));
  return holds;
}

function placeOf(line: Told): string {
  return `${line.kind} ${line.kind === 'broken' ? line.seq : line.entry.seq}`;
}

async function tellCase({ store }: Reading, matter: Matter, { caseId, refusals, to }: ReplayOptions) {
  const accepted = await store.readEntries(caseId, 'accepted');
  return tell(matter, accepted.slice(0, to), refusals ? await store.readEntries(caseId, 'refused') : []);
}

/** Prints the other course. Answers whether what should be as it was is: where nothing is changed, every digest. */
export async function printWhatIf(
  reading: Reading,
  options: ReplayOptions,
  out: (line: string) => void,
): Promise<boolean> {
  const { caseId, whatIf, language } = options;
  const { seq, events, machine } = whatIf ?? { seq: 0, events: undefined, machine: undefined };
  const [row, matter] = await getCaseAndMatter(reading, caseId);
  const version = machine === undefined ? undefined : getVersionNamed(matter, machine);
  const history = await reading.store.readEntries(caseId, 'accepted');
  if (seq > history.length)
    throw new Error(`--fork: 共有 ${history.length} 条记录。 --fork: there are ${history.length} entries.`);
  for (const told of tell(matter, history.slice(0, seq)))
    for (const text of describeTold(told, options)) out(text);
  let differing = 0;
  let started = 0;
  for (const step of inWords(runOn(matter, history, { seq, events, machine: version }))) {
    for (const text of describeWhatIf(step, options)) out(text);
    if (step.entry.recorded !== undefined && step.entry.recorded !== step.digest) differing++;
    started += step.work.start.filter(({ kind }) => kind !== 'timer').length;
  }
  const changed = events !== undefined || (version !== undefined && version.version !== row.machine.version);
  out(describeWhatIfEnd({ differing, started, compared: events === undefined }, language));
  return changed || differing === 0;
}

/** @throws Error in both languages where a version is missing, or has no place for the case. */
function* inWords<T>(steps: Iterable<T>): Generator<T> {
  try {
    yield* steps;
  } catch (error) {
    if (!(error instanceof CannotMigrate || error instanceof MachineNotLoaded)) throw error;
    throw new Error(
      `在该版本下无法继续:${error.message}。 It cannot go on under that version: ${error.message}.`,
    );
  }
}

function getVersionNamed(matter: Matter, name: string): Matter {
  const found = versionsOf(matter).find(({ version }) => version === name);
  if (found) return found;
  const names = versionsOf(matter).map(({ version }) => version);
  throw new Error(
    `--machine: 没有版本 ${name}。 --machine: there is no version ${name}, but ${names.join(', ')}.`,
  );
}
