import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import {
  ERASURE_REASONS,
  type Erased,
  type Eraser,
  type ErasureReason,
  type ErasureRequest,
  erase as eraseOne,
  planErasure,
} from '../engine/erase.ts';
import { newId } from '../engine/ids.ts';
import { normaliseIdNumber } from '../machines/shared/id-number.ts';
import { createFileStore } from '../vault/files.ts';
import { createVault } from '../vault/vault.ts';
import { loadExistingKeys, openExisting } from './open-existing.ts';
import { UsageError } from './usage.ts';

const USAGE = `banjian erase PERSON --reason CODE [--dry-run]
  banjian erase --id-number --reason CODE [--all] [--dry-run] < FILE   号码由标准输入读入 · the number comes on stdin

  PERSON  历史记录中的当事人代号 · the person's pseudonym, as it stands in histories
  CODE    ${ERASURE_REASONS.join(' · ')}`;

/** Whoever runs commands on the server's own machine is its operator: there is nobody to ask. */
const ACTOR = { role: 'operator', id: 'command-line' } as const;

interface Options {
  person: string | undefined;
  reason: ErasureReason;
  all: boolean;
  dryRun: boolean;
}

/** Erases a person, beside a running server too. Repeating it finishes what was interrupted, and changes nothing else. */
export async function erase(args: string[], input: Readable = process.stdin): Promise<void> {
  const options = readArgs(args);
  const { dataDir, keyFile } = readConfig(process.env);
  const store = openExisting(dataDir);
  const vault = createVault(loadExistingKeys(keyFile));
  const files = createFileStore(join(dataDir, 'files'), vault);
  const eraser: Eraser = { store, vault, clock: systemClock, owner: newId(), files };
  try {
    for (const personId of await findPersons(eraser, options, input))
      await eraseAndTell(eraser, options, personId);
  } finally {
    await store.close();
  }
}

function readArgs(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reason: { type: 'string' },
      'id-number': { type: 'boolean' },
      all: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  });
  const reason = ERASURE_REASONS.find((each) => each === values.reason);
  const [person, ...others] = positionals;
  const asked = values['id-number'] ? person === undefined : person !== undefined && others.length === 0;
  if (!reason || !asked) throw new UsageError(`用法 · Usage: ${USAGE}`);
  return { person, reason, all: values.all === true, dryRun: values['dry-run'] === true };
}

/** @throws Error for nobody, and for several unless told to take them all: whoever typed a number need not be its owner. */
async function findPersons(eraser: Eraser, { person, all }: Options, input: Readable): Promise<string[]> {
  if (person !== undefined) return [person];
  const idNumber = normaliseIdNumber((await text(input)).trim());
  const found = await eraser.store.findPersonsBySubject(eraser.vault.digestOf('subject', idNumber));
  if (found.length === 0) throw new Error('未找到使用此号码的人员 · Nobody is known under this number.');
  if (found.length === 1 || all) return found;
  throw new Error(
    [
      '此号码曾由多名人员填写,填写者未必是本人。请核对后逐一删除,或加 --all',
      'This number was typed by several persons, not all of whom need be its owner. Name one, or add --all:',
      ...found.map((id) => `  ${id}`),
    ].join('\n'),
  );
}

async function eraseAndTell(eraser: Eraser, options: Options, personId: string): Promise<void> {
  const request: ErasureRequest = { personId, reason: options.reason, actor: ACTOR };
  if (options.dryRun) return tellPlan(eraser, request);
  const erased = await eraseOne(eraser, request).catch((error: unknown) => {
    throw error instanceof Error && error.message === 'not-found' ? new Error(unknown(personId)) : error;
  });
  console.log(tell(personId, erased));
  if (!erased.purged) {
    throw new Error(
      '数据库正被读取,日志文件尚未清空,请稍后重复此命令 · The database is being read and its log could not be emptied yet: repeat this command in a while.',
    );
  }
}

async function tellPlan(eraser: Eraser, request: ErasureRequest): Promise<void> {
  const { commits, values, abandoned } = await planErasure(eraser, request);
  console.log(
    [
      `试运行,未作任何更改 · Dry run, nothing was changed: ${request.personId}`,
      ...describe(
        commits.map(({ row }) => row.id),
        values,
        abandoned,
      ),
    ].join('\n'),
  );
}

function tell(personId: string, { before, cases, values, abandoned }: Erased): string {
  if (before) return `此人早已删除,未作更改 · Erased before, nothing was changed: ${personId}`;
  return [`已删除 · Erased: ${personId}`, ...describe(cases, values, abandoned)].join('\n');
}

function describe(cases: string[], values: number, abandoned: string[]): string[] {
  return [
    `  办件 · cases           ${cases.length}${cases.map((id) => `\n    ${id}`).join('')}`,
    `  加密数据 · sealed values  ${values}`,
    ...(abandoned.length > 0 ? [`  未完成的通知 · work left undone  ${abandoned.join(' ')}`] : []),
  ];
}

function unknown(personId: string): string {
  return `没有此人 · There is no such person: ${personId}`;
}
