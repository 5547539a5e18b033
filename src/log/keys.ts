import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { createDurableFolder } from './durable.ts';
import { ed25519Keys, ed25519Signer, readVerifierKey } from './note.ts';
import { ed25519Of, type Rotation, signRotation } from './rotation.ts';

/** The keys that sign the log. They live in a file of their own, outside the data folder: who copies one has not the other. */
export interface LogKeys {
  /** From the first on. Read from the file each time: somebody may have rotated them beside us. */
  generations(): Generation[];
  /** Destroys the private keys of the generations before this one. */
  retire(before: number): Promise<void>;
}

/** Keys that hold together: the Ed25519 key, and the SM2 key where there is one. */
export interface Generation {
  vkeys: string[];
  /** None once it is retired. */
  skeys: string[];
}

export interface LogKeyOptions {
  file: string;
  /** The name of the keys: a log's key is called as its log. */
  origin: string;
  /** Whether a second signature is wanted, SM2 with SM3. */
  sm2: boolean;
}

/**
 * Reads the key file, or makes it (mode 0600) unless the log it belongs to is there already.
 * @throws Error when others may read it, it is not ours, it is of another log, or it is gone.
 */
export async function openLogKeys(options: LogKeyOptions, isLogThere: boolean): Promise<LogKeys> {
  const { file, origin } = options;
  const found = findKeyFile(file);
  if (!found && isLogThere) {
    throw new Error(
      `日志已存在,但签名密钥文件不在:${file}。 The log is there and its key file is not: ${file}. Restore it from its copy, or set BANJIAN_LOG_KEY_FILE.`,
    );
  }
  const keys = found ?? { v: 1, generations: [await newGeneration(options)] };
  const named = keys.generations.map(({ vkeys }) => readVerifierKey(vkeys[0] ?? '').name);
  const other = named.find((name) => name !== origin);
  if (other !== undefined) {
    throw new Error(
      `${file}: 密钥属于日志 ${other},而 BANJIAN_LOG_ORIGIN 为 ${origin}。 The keys are those of the log ${other}, and BANJIAN_LOG_ORIGIN says ${origin}.`,
    );
  }
  const withSm2 = await addSm2(keys, options);
  if (!found || withSm2) await writeKeyFile(file, keys);
  return logKeysIn(file);
}

function logKeysIn(file: string): LogKeys {
  return {
    generations: () => getKeyFile(file).generations,
    async retire(before) {
      const keys = getKeyFile(file);
      const kept = keys.generations.map((each, at) => (at < before ? { ...each, skeys: [] } : each));
      await writeKeyFile(file, { ...keys, generations: kept });
    },
  };
}

/**
 * Adds a generation to the key file, on disk before an entry names it: a log that hands over to a key nobody has is dead.
 * `isRecorded` says whether an entry hands over to a key already:
 * one that is in the file and in no entry is from a time when writing the entry failed, and is used now.
 * @throws Error while the last hand-over is not under a checkpoint.
 */
export async function prepareRotation(
  options: LogKeyOptions,
  isRecorded: (vkey: string) => boolean,
): Promise<Rotation> {
  const keys = getKeyFile(options.file);
  const { generations } = keys;
  const last = getGeneration(generations, -1);
  const before = generations.length > 1 ? getGeneration(generations, -2) : undefined;
  if (before && !isRecorded(ed25519Of(last.vkeys))) return handOver(before, last);
  if (before && before.skeys.length > 0) {
    throw new Error(
      '上一次密钥更换尚未进入检查点,请启动服务并稍候。 The last rotation is not under a checkpoint yet: start the server and wait a moment.',
    );
  }
  const next = await newGeneration({ ...options, sm2: last.vkeys.length > 1 });
  await writeKeyFile(options.file, { ...keys, generations: [...generations, next] });
  return handOver(last, next);
}

function handOver(from: Generation, to: Generation): Rotation {
  return signRotation(from.vkeys, to.vkeys, ed25519Signer(from.skeys[0] ?? ''));
}

function getGeneration(generations: Generation[], at: number): Generation {
  const found = generations.at(at);
  if (!found) throw new Error('a key file without keys');
  return found;
}

async function newGeneration({ origin, sm2 }: Omit<LogKeyOptions, 'file'>): Promise<Generation> {
  const pairs = [ed25519Keys(origin, randomBytes(32)), ...(sm2 ? [await newSm2Keys(origin)] : [])];
  return { vkeys: pairs.map(({ vkey }) => vkey), skeys: pairs.map(({ skey }) => skey) };
}

async function newSm2Keys(origin: string): Promise<{ vkey: string; skey: string }> {
  return (await import('./sm2.ts')).sm2Keys(origin, randomBytes(32));
}

/** Gives the newest generation an SM2 key where one is wanted and missing. */
async function addSm2(keys: KeyFile, { origin, sm2 }: LogKeyOptions): Promise<boolean> {
  const last = getGeneration(keys.generations, -1);
  if (!sm2 || last.vkeys.length > 1) return false;
  const { vkey, skey } = await newSm2Keys(origin);
  last.vkeys.push(vkey);
  last.skeys.push(skey);
  return true;
}

type KeyFile = z.infer<typeof keyFile>;
const keyFile = z.object({
  v: z.literal(1, 'not a key file of a version known here'),
  generations: z
    .array(z.object({ vkeys: z.array(z.string()).min(1), skeys: z.array(z.string()) }))
    .min(1, 'no keys'),
});

function getKeyFile(file: string): KeyFile {
  const found = findKeyFile(file);
  if (!found) throw new Error(`没有签名密钥文件:${file}。 There is no key file: ${file}`);
  return found;
}

function findKeyFile(file: string): KeyFile | undefined {
  const text = findText(file);
  if (text === undefined) return undefined;
  refuseIfOpenToOthers(file);
  try {
    return keyFile.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : 'not JSON';
    throw new Error(`${file}: this is no whole key file (${why}); restore it from its copy`);
  }
}

function findText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function refuseIfOpenToOthers(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  throw new Error(
    `${file}: 其他用户可以读取此密钥文件。 Other users may read this key file; run: chmod 600 ${file}`,
  );
}

async function writeKeyFile(file: string, keys: KeyFile): Promise<void> {
  const folder = createDurableFolder(dirname(file), true);
  await folder.write([[basename(file), `${JSON.stringify(keys, undefined, 2)}\n`]]);
}

/**
 * Does what must not be done twice at once to a key file.
 * @throws Error while another process does.
 */
export async function withKeyFileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new Error(
      `另一个进程正在更换密钥;如确无此事,请删除 ${lock}。 Another process rotates the keys; if none does, remove ${lock}.`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
