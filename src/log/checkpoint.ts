import { Misfit } from './misfit.ts';
import { findBase64, type Note, readNote, type Signature, type Verifier, verifyNote } from './note.ts';
import { HASH_BYTES, type Head } from './tree.ts';

/** C2SP tlog-checkpoint: the head of a log, as the text of a note. */
export interface Checkpoint extends Head {
  origin: string;
}

export function writeCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Extension lines are read over: they say nothing of the tree. @throws Misfit checkpoint */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', sizeText = '', rootText = '', ...rest] = text.split('\n');
  if (origin === '') throw new Misfit('checkpoint', 'no origin');
  const size = /^(?:0|[1-9]\d{0,15})$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new Misfit('checkpoint', `no size: ${sizeText.slice(0, 40)}`);
  const root = findBase64(rootText);
  if (root?.length !== HASH_BYTES) throw new Misfit('checkpoint', `no root hash: ${rootText.slice(0, 60)}`);
  if (rest.at(-1) !== '' || rest.slice(0, -1).includes('')) throw new Misfit('checkpoint', 'an empty line');
  return { origin, size, root };
}

/** A checkpoint that was verified: of this log, with the signatures of keys that are known. */
export interface SignedCheckpoint extends Checkpoint {
  note: Note;
  signatures: Signature[];
}

/**
 * Reads a checkpoint that one of these keys must have signed. A log's own key has the name of its origin, so that a key
 * of another log, or of a witness, does not do.
 * @throws Misfit note, unsigned, signature, checkpoint, origin
 */
export function openCheckpoint(bytes: string | Uint8Array, verifiers: readonly Verifier[]): SignedCheckpoint {
  const note = readNote(bytes);
  const checkpoint = readCheckpoint(note.text);
  const names = verifiers.map(({ name }) => name);
  if (!names.includes(checkpoint.origin)) {
    throw new Misfit(
      'origin',
      `a checkpoint of ${checkpoint.origin}, expected ${[...new Set(names)].join(', ')}`,
    );
  }
  const own = verifiers.filter(({ name }) => name === checkpoint.origin);
  verifyNote(note, own);
  return { ...checkpoint, note, signatures: verifyNote(note, verifiers) };
}
