import { type SignedCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { LogKeys } from './keys.ts';
import { LogError } from './log-error.ts';
import { signNote } from './note.ts';
import { ed25519Of, ROTATION, readRotation } from './rotation.ts';
import { openSigners } from './signatures.ts';
import type { LogRow } from './source.ts';
import { type Edge, readOpen } from './tiles.ts';
import { rootOf } from './tree.ts';

/** An entry that hands the log over makes the keys it names the log's. @throws LogError when they are not in the key file. */
export function followRotation(keys: LogKeys, { kind, seq, bytes }: LogRow, current: number): number {
  if (kind !== 'service') return current;
  const { type, data } = JSON.parse(bytes) as { type?: unknown; data?: unknown };
  if (type !== ROTATION) return current;
  const key = ed25519Of(readRotation(data, seq).to);
  const found = keys.generations().findIndex(({ vkeys }) => vkeys.includes(key));
  if (found > current) return found;
  throw new LogError(
    `第 ${seq} 条服务记录把日志交给密钥 ${key},而密钥文件中没有它。 Service entry ${seq} hands the log over to the key ${key}, which the key file does not hold.`,
  );
}

/** By the keys of before and, where they were handed over, by those of after as well. */
export async function signCheckpoint(
  { keys, origin }: { keys: LogKeys; origin: string },
  { edge, generation, last }: { edge: Edge; generation: number; last: number },
): Promise<SignedCheckpoint> {
  const generations = keys.generations().slice(generation, last + 1);
  if (generations.at(-1)?.skeys.length === 0) {
    throw new LogError(
      '签名私钥已销毁,无法公布;如日志文件夹被移除,请从备份恢复。 The private key that must sign was destroyed: nothing can be published. If the log folder was removed, restore it from its copy.',
    );
  }
  const signers = await openSigners(generations.flatMap(({ skeys }) => skeys));
  const root = rootOf(edge.size, readOpen(edge));
  const note = signNote(writeCheckpoint({ origin, size: edge.size, root }), signers);
  return { origin, size: edge.size, root, note, signatures: note.signatures };
}
