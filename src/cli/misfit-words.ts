import type { Misfit, MisfitKind } from '../log/misfit.ts';

/** What does not fit, for the person who was to believe it. */
const WORDS: Record<MisfitKind, string> = {
  note: '不是带签名的文本 · not a signed note',
  key: '公钥有误 · the key is not valid',
  unsigned: '没有所给密钥的签名 · not signed by a key that was given',
  signature: '签名不符 · the signature does not fit the text',
  checkpoint: '检查点有误 · not a checkpoint',
  origin: '属于另一个日志 · of another log',
  proof: '回执格式有误 · not a receipt',
  index: '序号超出日志 · the index is past the end of the log',
  path: '证明路径长度不符 · the path is not one of this leaf',
  entry: '记录、位置或路径与检查点不符 · entry, index and path do not lead to the root of the checkpoint',
  bundle: '记录文件不完整 · a bundle of entries is cut off',
  tile: '哈希文件不符 · a tile does not fit',
  rotation: '密钥更换记录不符 · a hand-over of keys does not follow',
};

/** Both languages, then what was expected and what was found. */
export function describeMisfit({ kind, message }: Misfit): string {
  return `${WORDS[kind]}: ${message}`;
}
