import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readVerifierKey, SIGNATURE_TYPES } from './log/note.ts';

/** What a server is started with. */
export interface Config {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  dataDir: string;
  keyFile: string;
  /** The public log's name, and that of its keys. */
  logOrigin: string;
  /** Outside the data folder: who copies or changes the one has not the other. */
  logKeyFile: string;
  /** Whether checkpoints are signed with SM2 and SM3 as well. */
  logSm2: boolean;
  /** Who is asked to cosign checkpoints. */
  logWitnesses: { url: string; vkey: string }[];
  /** There are no others yet. */
  providers: 'simulator';
  logLevel: LogLevel;
  /** How many proxies stand in front, or which: only then is X-Forwarded-For believed. */
  trustProxy: false | number | string;
  /** Per client address. */
  ratePerMinute: number;
  identityPerHour: number;
  smsPerHour: number;
  /** How many cases are kept in memory, some 10 KB each; 0 for none. */
  hotCases: number;
  /** Requests in hand at once; whoever comes beyond is answered 503 at once. */
  maxAtOnce: number;
  /** Where people reach this server, without a slash at the end; the address it listens on when left out. */
  publicUrl: string | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Every problem of a configuration, not only the first. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(['配置有误,未启动。 The configuration is wrong; nothing was started.', ...problems].join('\n  - '));
    this.problems = problems;
  }
}

const LIVE = `目前尚无可用的正式服务接口(应实现于 src/providers/),请使用 simulator。 No live providers are built in yet; they belong in src/providers/, beside the simulator. Use simulator.`;
const IN_PRODUCTION = `NODE_ENV=production 时不允许使用模拟服务,除非设置 BANJIAN_ALLOW_SIMULATOR=yes。 Simulators are refused when NODE_ENV=production, unless BANJIAN_ALLOW_SIMULATOR=yes.`;

/** Each field says in both languages what it expects: a person reads it, not a program. */
const schema = z.object({
  HOST: z.string().min(1, expected('主机名或 IP 地址', 'a host name or an address')).default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  LOG_LEVEL: z.enum(LOG_LEVELS, oneOf(LOG_LEVELS)).default('info'),
  NODE_ENV: z.string().optional(),
  BANJIAN_DATA: z.string().min(1, expected('文件夹路径', 'a folder')).default('./data'),
  BANJIAN_KEY_FILE: z.string().min(1, expected('文件路径', 'a file')).optional(),
  BANJIAN_LOG_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/u, expected('不含空格和加号的名称', 'a name without spaces and plus signs'))
    .default('banjian.local/log'),
  BANJIAN_LOG_KEY_FILE: z.string().min(1, expected('文件路径', 'a file')).optional(),
  BANJIAN_LOG_SM2: z.enum(['yes', 'no'], oneOf(['yes', 'no'])).default('no'),
  BANJIAN_LOG_WITNESSES: z.string().refine(areWitnesses, expectedWitnesses()).default(''),
  BANJIAN_PROVIDERS: z
    .enum(['simulator', 'live'], oneOf(['simulator', 'live']))
    .refine((name) => name !== 'live', LIVE)
    .default('simulator'),
  BANJIAN_ALLOW_SIMULATOR: z.enum(['yes', 'no'], oneOf(['yes', 'no'])).default('no'),
  BANJIAN_TRUST_PROXY: z
    .string()
    .regex(/^(?:off|[1-9]|[0-9a-fA-F.:/,]{2,}|(?:loopback|linklocal|uniquelocal))$/, expectedProxy())
    .default('off'),
  BANJIAN_RATE_PER_MINUTE: integer(1, 1_000_000).default(600),
  BANJIAN_IDENTITY_PER_HOUR: integer(1, 1_000_000).default(120),
  BANJIAN_SMS_PER_HOUR: integer(1, 1_000_000).default(60),
  BANJIAN_HOT_CASES: integer(0, 1_000_000).default(5_000),
  BANJIAN_MAX_AT_ONCE: integer(1, 100_000).default(512),
  BANJIAN_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: expected('http(s) 网址', 'an http(s) URL') })
    .optional(),
});

/**
 * Reads the environment.
 * @throws ConfigError naming everything that is wrong with it.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(env).filter((name) => name.startsWith('BANJIAN_') && !known.includes(name));
  const parsed = schema.safeParse(Object.fromEntries(known.map((name) => [name, env[name]])));
  const problems = [
    ...unknown.map((name) => `${name}: 未知的配置项。 There is no such setting.`),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...refuseSimulatorInProduction(env),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

function refuseSimulatorInProduction(env: Record<string, string | undefined>): string[] {
  const simulated = (env.BANJIAN_PROVIDERS ?? 'simulator') === 'simulator';
  const refused = env.NODE_ENV === 'production' && simulated && env.BANJIAN_ALLOW_SIMULATOR !== 'yes';
  return refused ? [`BANJIAN_PROVIDERS: ${IN_PRODUCTION}`] : [];
}

function toConfig(env: z.infer<typeof schema>): Config {
  const dataDir = resolve(env.BANJIAN_DATA);
  return {
    host: env.HOST,
    port: env.PORT,
    dataDir,
    keyFile: resolve(env.BANJIAN_KEY_FILE ?? join(dataDir, 'banjian.key')),
    logOrigin: env.BANJIAN_LOG_ORIGIN,
    logKeyFile: resolve(env.BANJIAN_LOG_KEY_FILE ?? join(`${dataDir}.keys`, 'log.json')),
    logSm2: env.BANJIAN_LOG_SM2 === 'yes',
    logWitnesses: readWitnesses(env.BANJIAN_LOG_WITNESSES),
    providers: 'simulator',
    logLevel: env.LOG_LEVEL,
    trustProxy: readProxy(env.BANJIAN_TRUST_PROXY),
    ratePerMinute: env.BANJIAN_RATE_PER_MINUTE,
    identityPerHour: env.BANJIAN_IDENTITY_PER_HOUR,
    smsPerHour: env.BANJIAN_SMS_PER_HOUR,
    hotCases: env.BANJIAN_HOT_CASES,
    maxAtOnce: env.BANJIAN_MAX_AT_ONCE,
    publicUrl: env.BANJIAN_PUBLIC_URL?.replace(/\/+$/, ''),
  };
}

function readProxy(value: string): Config['trustProxy'] {
  if (value === 'off') return false;
  return /^\d$/.test(value) ? Number(value) : value;
}

/** `url vkey`, separated by commas. */
function readWitnesses(value: string): Config['logWitnesses'] {
  const lines = value.split(',').map((line) => line.trim().split(/\s+/));
  return lines.flatMap(([url = '', vkey = '']) =>
    url === '' ? [] : [{ url: url.replace(/\/+$/, ''), vkey }],
  );
}

function areWitnesses(value: string): boolean {
  return readWitnesses(value).every(({ url, vkey }) => {
    try {
      return (
        /^https?:$/.test(new URL(url).protocol) && readVerifierKey(vkey).type === SIGNATURE_TYPES.cosignature
      );
    } catch {
      return false;
    }
  });
}

function expectedWitnesses(): string {
  return expected(
    '以逗号分隔的“网址 公钥”',
    'pairs of an http(s) URL and the key of a witness, separated by commas',
  );
}

/** The environment holds strings only, so a number is read here and nowhere else. */
function integer(min: number, max: number) {
  const message = expected(`${min} 至 ${max} 之间的整数`, `a whole number from ${min} to ${max}`);
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function oneOf(values: readonly string[]): string {
  return expected(values.join('、'), values.join(', '));
}

function expectedProxy(): string {
  return expected('off、代理层数(1–9)或代理地址列表', 'off, a number of proxies (1–9) or their addresses');
}

function expected(zh: string, en: string): string {
  return `应为${zh}。 Expected ${en}.`;
}
