import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openStoreToRead } from '../db/open.ts';
import type { Store } from '../db/store.ts';
import { describeProblem } from '../engine/errors.ts';
import { parseForm } from '../engine/forms.ts';
import type { JsonObject } from '../engine/types.ts';
import { normaliseIdNumber } from '../machines/shared/id-number.ts';
import { casesOfPerson } from '../questions/cases.ts';
import { toCaseItem } from '../questions/items.ts';
import { questions } from '../questions/list.ts';
import type { Answer, Asked, Question } from '../questions/question.ts';
import { loadKeys } from '../vault/keys.ts';
import { createVault } from '../vault/vault.ts';
import { getDatabase, readMatters } from './data.ts';
import { UsageError } from './usage.ts';

/** All pages are read, so nobody has to ask for one. */
const PAGING = ['cursor', 'limit'];
const FROM_STDIN = 'id-number-from-stdin';
const AT_ONCE = 200;

const HELP = `banjian ask QUESTION [--…] [--json]

${questions.map(describeQuestion).join('\n')}

  --json                    每行一个 JSON · a JSON object a line
  --${FROM_STDIN}    cases-of-person:从标准输入读身份证号,不留在命令行里 · reads the ID number from standard input, so that no
                            command line holds it; needs the key file
`;

function describeQuestion({ name, title, query }: Question): string {
  const flags = Object.entries(query.shape)
    .filter(([field]) => !PAGING.includes(field))
    .map(([field, schema]) =>
      schema.safeParse(undefined).success ? `[--${flagOf(field)} …]` : `--${flagOf(field)} …`,
    );
  return `  ${name} ${flags.join(' ')}\n      ${title.zh} · ${title.en}`;
}

function flagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Answers from the data folder, beside a running server too. */
export async function ask([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h') return console.log(HELP);
  const question = questions.find((each) => each.name === name);
  if (!question) throw new UsageError(`没有这个问题 · No such question: ${name}\n\n${HELP}`);
  const { json, number, values } = readArgs(question, args);
  const { dataDir, keyFile } = readConfig(process.env);
  const store = openStoreToRead(getDatabase(dataDir));
  try {
    const asked = { store, matters: await readMatters(), now: Date.now() };
    const subject = number ? digestNumber(keyFile, await text(process.stdin)) : undefined;
    const pages = subject === undefined ? askAll(question, asked, values) : findCasesOf(store, subject);
    const print = json ? printJson : createTable();
    for await (const item of pages) print(item);
  } finally {
    await store.close();
  }
}

function readArgs(question: Question, args: string[]) {
  const fields = Object.keys(question.query.shape).filter((field) => !PAGING.includes(field));
  const given = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      ...(question === casesOfPerson ? { [FROM_STDIN]: { type: 'boolean' } } : {}),
      ...Object.fromEntries(fields.map((field) => [flagOf(field), { type: 'string' as const }])),
    },
  }).values as Record<string, string | boolean | undefined>;
  const number = given[FROM_STDIN] === true;
  const wanted = fields.flatMap((field) => {
    const value = given[flagOf(field)];
    return value === undefined ? [] : [[field, value]];
  });
  const values: JsonObject = Object.fromEntries(wanted);
  if (!number) refuseIfWrong(question, values);
  return { json: given.json === true, number, values };
}

/** @throws UsageError naming each flag that is wrong or missing. */
function refuseIfWrong(question: Question, values: JsonObject): void {
  const parsed = parseForm(question.query, values, {});
  if (parsed.ok) return;
  const [zh, en] = (['zh-CN', 'en'] as const).map(
    (language) => describeProblem({}, parsed.problem, language).errors ?? [],
  );
  const lines = (zh ?? []).map(
    ({ pointer, message }, at) => `--${flagOf(pointer.slice(1))}: ${message} · ${en?.[at]?.message ?? ''}`,
  );
  throw new UsageError(`${lines.join('\n')}\n\n${describeQuestion(question)}`);
}

async function* askAll(question: Question, asked: Asked, values: JsonObject): AsyncGenerator<unknown> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Answer = await question.ask(asked, {
      ...values,
      limit: String(AT_ONCE),
      ...(cursor ? { cursor } : {}),
    });
    yield* page.items;
    cursor = page.next;
  }
}

/** @throws Error without the key file: the index is keyed, so that nobody can look numbers up without it. */
function digestNumber(keyFile: string, input: string): string {
  if (!existsSync(keyFile))
    throw new Error(
      `没有密钥文件,无法按身份证号查找 · Without the key file no ID number can be looked up: ${keyFile}`,
    );
  return createVault(loadKeys(keyFile)).digestOf('subject', normaliseIdNumber(input));
}

async function* findCasesOf(store: Store, subject: string): AsyncGenerator<unknown> {
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await store.searchCases({ subject, limit: AT_ONCE, ...(cursor ? { cursor } : {}) });
    yield* page.rows.map(toCaseItem);
    cursor = page.next;
  }
}

function printJson(item: unknown): void {
  console.log(JSON.stringify(item));
}

/** Columns by name, tabs between: for eyes, and for `cut`. */
function createTable(): (item: unknown) => void {
  let isFirst = true;
  return (item) => {
    const columns = Object.entries(item as Record<string, unknown>).filter(([name]) => name !== 'href');
    if (isFirst) console.log(columns.map(([column]) => column).join('\t'));
    isFirst = false;
    console.log(columns.map(([, value]) => cellOf(value)).join('\t'));
  };
}

function cellOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' && value !== null ? Object.values(value).join(' ') : '-';
}
