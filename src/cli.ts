import { erase } from './cli/erase.ts';
import { key } from './cli/key.ts';
import { receipt } from './cli/receipt.ts';
import { start } from './cli/start.ts';
import { createToken } from './cli/token.ts';
import { walk } from './cli/walk.ts';
import { whoSaw } from './cli/who-saw.ts';
import { witness } from './cli/witness.ts';

const HELP = `办件 Banjian

  banjian start                                  启动服务 · start the server
  banjian token create --role R --name N         为工作人员或审计人员生成令牌 · a token for staff: enterprise, officer, auditor, operator
  banjian key show                               公开日志的公钥 · the public keys of the public log
  banjian key rotate                             更换日志密钥,服务可继续运行 · hands the log over to new keys, beside a running server too
  banjian receipt verify FILE --key KEY          离线核验回执 · checks a receipt offline
  banjian witness --log KEY …                    启动见证服务 · a witness that cosigns the checkpoints of other logs
  banjian walk [--kind normal|forced] [--new] …  在运行中的服务上走完全程 · play the whole path against a running server
  banjian walk --help
  banjian erase PERSON --reason CODE [--dry-run] 删除一个人的全部个人信息 · erase a person; their histories stay
  banjian key renew                              更换封装密钥,旧备份随之作废 · a new wrapping key: older backups are lost
  banjian who-saw CASE                           谁查看过此办件 · who of the staff has read a case

环境变量 · Environment: HOST PORT LOG_LEVEL BANJIAN_DATA BANJIAN_KEY_FILE BANJIAN_PROVIDERS BANJIAN_PUBLIC_URL
  BANJIAN_LOG_ORIGIN BANJIAN_LOG_KEY_FILE BANJIAN_LOG_SM2 BANJIAN_LOG_WITNESSES
  BANJIAN_TRUST_PROXY BANJIAN_RATE_PER_MINUTE BANJIAN_IDENTITY_PER_HOUR BANJIAN_SMS_PER_HOUR
`;

const commands: Record<string, (args: string[]) => Promise<void>> = {
  start,
  token: createToken,
  key,
  receipt,
  witness,
  walk,
  erase,
  'who-saw': whoSaw,
};

async function main([name, ...args]: string[]): Promise<void> {
  const command = name === undefined ? undefined : commands[name];
  if (command) return command(args);
  const asked = name === undefined || ['help', '--help', '-h'].includes(name);
  if (!asked) process.exitCode = 2;
  (asked ? console.log : console.error)(asked ? HELP : `没有此命令 · No such command: ${name}\n\n${HELP}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(wordsFor(error));
  process.exitCode = 1;
});

/** What a person did wrong has words of its own; a stack would only hide them. What we did wrong needs the stack. */
function wordsFor(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return '端口已被占用,请设置其他 PORT。 The port is in use: set another PORT.';
  }
  return ['Error', 'ConfigError', 'LogError', 'Misfit', 'UnexpectedAnswer'].includes(error.name)
    ? error.message
    : error;
}
