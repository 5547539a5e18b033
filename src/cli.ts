import { enableCompileCache } from 'node:module';
import { UsageError } from './cli/usage.ts';

const HELP = `办件 Banjian

服务 · The service
  banjian start                                  启动服务 · start the server
  banjian token create --role R --name N         为工作人员或审计人员生成令牌 · a token for staff: enterprise, officer, auditor, operator
  banjian walk [--kind normal|forced] [--new] …  在运行中的服务上走完全程 · play the whole path against a running server

审计 · For auditors
  banjian verify [FOLDER] …                      离线核验数据或导出 · checks a data folder or an export, offline
  banjian replay CASE [--diff] [--watch] …       逐条重放一个办件,或假设另一走法 · a history told entry by entry; or what if
  banjian ask QUESTION …                         审计人员的提问 · what auditors ask
  banjian who-saw CASE                           谁查看过此办件 · who of the staff has read a case
  banjian export [--format jsonl|folder|…] …     导出日志(jsonl、OCEL、XES、文件夹) · writes the log out: JSON Lines, OCEL 2.0, XES, a folder
  banjian archive CASE --out FILE.tar|DIR        一件一包,供归档 · one case as a package for a records office
  banjian receipt verify FILE --key KEY          离线核验回执 · checks a receipt offline
  banjian witness --log KEY …                    启动见证服务 · a witness that cosigns the checkpoints of other logs

运维 · For operators
  banjian key show | rotate                      公开日志的公钥;更换密钥,服务可继续运行 · the keys of the public log; new ones, beside a running server too
  banjian key renew                              更换封装密钥,旧备份随之作废 · a new wrapping key: older backups are lost
  banjian erase PERSON --reason CODE [--dry-run] 删除一个人的全部个人信息 · erase a person; their histories stay
  banjian preflight [--matter M]                 新版本上线前检查全部历史 · every history through the newest version of its machine
  banjian migrate [--dry-run] …                  把在办办件移到新版本 · moves open cases to another version

  banjian COMMAND --help: verify export archive ask walk replay witness

环境变量 · Environment: HOST PORT LOG_LEVEL BANJIAN_DATA BANJIAN_KEY_FILE BANJIAN_PROVIDERS BANJIAN_PUBLIC_URL
  BANJIAN_LOG_ORIGIN BANJIAN_LOG_KEY_FILE BANJIAN_LOG_SM2 BANJIAN_LOG_WITNESSES
  BANJIAN_TRUST_PROXY BANJIAN_RATE_PER_MINUTE BANJIAN_IDENTITY_PER_HOUR BANJIAN_SMS_PER_HOUR
`;

type Command = (args: string[]) => Promise<void>;

/** Each is loaded when it is asked for: a command waits for no other's libraries. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./cli/start.ts')).start,
  token: async () => (await import('./cli/token.ts')).createToken,
  walk: async () => (await import('./cli/walk.ts')).walk,
  ask: async () => (await import('./cli/ask.ts')).ask,
  replay: async () => (await import('./cli/replay.ts')).replay,
  verify: async () => (await import('./cli/verify.ts')).verify,
  export: async () => (await import('./cli/export.ts')).exportLog,
  archive: async () => (await import('./cli/archive.ts')).archive,
  receipt: async () => (await import('./cli/receipt.ts')).receipt,
  'who-saw': async () => (await import('./cli/who-saw.ts')).whoSaw,
  erase: async () => (await import('./cli/erase.ts')).erase,
  key: async () => (await import('./cli/key.ts')).key,
  witness: async () => (await import('./cli/witness.ts')).witness,
  preflight: async () => (await import('./cli/preflight.ts')).preflight,
  migrate: async () => (await import('./cli/migrate.ts')).migrate,
};

async function main([name, ...args]: string[]): Promise<void> {
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return (await load())(args);
  const asked = name === undefined || ['help', '--help', '-h'].includes(name);
  if (!asked) process.exitCode = 2;
  (asked ? console.log : console.error)(asked ? HELP : `没有此命令 · No such command: ${name}\n\n${HELP}`);
}

// A quarter of a start's work is compiling what was compiled the last time.
enableCompileCache();

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(wordsFor(error));
  process.exitCode = isUsage(error) ? 2 : 1;
});

/** The command was typed wrong: nothing was done. */
function isUsage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof UsageError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

/** What a person did wrong has words of its own; a stack would only hide them. What we did wrong needs the stack. */
function wordsFor(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return '端口已被占用,请设置其他 PORT。 The port is in use: set another PORT.';
  }
  const isDeliberate = ['Error', 'ConfigError', 'LogError', 'Misfit', 'UnexpectedAnswer'].includes(
    error.name,
  );
  return isDeliberate || isUsage(error) ? error.message : error;
}
