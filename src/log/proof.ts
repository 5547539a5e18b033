import { openCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { Misfit } from './misfit.ts';
import { findBase64, type Verifier } from './note.ts';
import { HASH_BYTES, hashLeaf, rootFromPath } from './tree.ts';

/** C2SP tlog-proof: that an entry is in a log, to be checked offline. */
export interface Proof {
  /** Here the stored bytes of the entry itself: nothing vouches for them but the hash they have. */
  extra?: Buffer;
  index: number;
  path: Buffer[];
  /** The signed note, as the log gave it. */
  checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves is not higher. */
const MAX_PATH = 63;

export function writeProof({ extra, index, path, checkpoint }: Proof): string {
  const lines = [
    FIRST_LINE,
    ...(extra ? [`extra ${extra.toString('base64')}`] : []),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
    '',
  ];
  return `${lines.join('\n')}\n${checkpoint}`;
}

/** @throws Misfit proof */
export function readProof(text: string): Proof {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new Misfit('proof', 'no empty line before the checkpoint');
  const [first, ...lines] = text.slice(0, end).split('\n');
  if (first !== FIRST_LINE) throw new Misfit('proof', `the first line is not ${FIRST_LINE}`);
  const extra = lines[0]?.startsWith('extra ') ? readExtra(lines.shift() ?? '') : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index))) throw new Misfit('proof', 'no index line');
  if (lines.length > MAX_PATH) throw new Misfit('proof', `a path of ${lines.length} hashes`);
  return {
    ...(extra ? { extra } : {}),
    index: Number(index),
    path: lines.map(readHash),
    checkpoint: text.slice(end + 2),
  };
}

function readExtra(line: string): Buffer {
  const extra = findBase64(line.slice('extra '.length));
  if (!extra) throw new Misfit('proof', 'the extra line is not base64');
  return extra;
}

/** One line of a proof. @throws Misfit proof */
export function readHash(line: string): Buffer {
  const hash = findBase64(line);
  if (hash?.length !== HASH_BYTES) throw new Misfit('proof', `no hash: ${line.slice(0, 60)}`);
  return hash;
}

/**
 * Believes a proof, or says what does not fit: the checkpoint is signed, and holds these bytes at that index.
 * @throws Misfit naming it.
 */
export function verifyProof(
  proof: Proof,
  entry: string | Uint8Array,
  verifiers: readonly Verifier[],
): SignedCheckpoint {
  const checkpoint = openCheckpoint(proof.checkpoint, verifiers);
  const { index, path } = proof;
  if (index >= checkpoint.size) {
    throw new Misfit('index', `index ${index} in a log of ${checkpoint.size} entries`);
  }
  const root = rootFromPath(hashLeaf(entry), index, checkpoint.size, path);
  if (!root) throw new Misfit('path', `a path of ${path.length} hashes is not one of leaf ${index}`);
  if (!root.equals(checkpoint.root)) {
    const [found, expected] = [root.toString('base64'), checkpoint.root.toString('base64')];
    throw new Misfit('entry', `entry and path lead to the root ${found}, the checkpoint says ${expected}`);
  }
  return checkpoint;
}
