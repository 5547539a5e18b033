import { openCheckpoint, readCheckpoint, type SignedCheckpoint } from '../log/checkpoint.ts';
import type { CosignRequest } from '../log/cosign-request.ts';
import { Misfit } from '../log/misfit.ts';
import { readNote, type Verifier } from '../log/note.ts';
import { emptyRoot, type Head, verifyConsistency } from '../log/tree.ts';

/** Which log a request is about, whoever signed it. @throws Misfit note, checkpoint */
export function originOf({ checkpoint }: CosignRequest): string {
  return readCheckpoint(readNote(checkpoint).text).origin;
}

export type Decision =
  | { kind: 'cosign'; checkpoint: SignedCheckpoint }
  /** Another size than ours, or another root of the same size: the answer says ours. */
  | { kind: 'conflict'; size: number }
  | { kind: 'refused'; status: 400 | 403 | 422; why: string };

/** Whether a checkpoint is of a log we know, and goes on from the last one we cosigned. */
export function decide(
  request: CosignRequest,
  verifiers: readonly Verifier[],
  last: Head = { size: 0, root: emptyRoot() },
): Decision {
  let checkpoint: SignedCheckpoint;
  try {
    checkpoint = openCheckpoint(request.checkpoint, verifiers);
  } catch (error) {
    if (error instanceof Misfit) return { kind: 'refused', status: 403, why: error.message };
    throw error;
  }
  const { oldSize, proof } = request;
  if (oldSize > checkpoint.size) {
    return {
      kind: 'refused',
      status: 400,
      why: `old ${oldSize} is past the checkpoint’s ${checkpoint.size}`,
    };
  }
  const isOther = last.size === checkpoint.size && !last.root.equals(checkpoint.root);
  if (oldSize !== last.size || isOther) return { kind: 'conflict', size: last.size };
  if (verifyConsistency(last, checkpoint, proof)) return { kind: 'cosign', checkpoint };
  return { kind: 'refused', status: 422, why: `no proof that the log has only grown since ${last.size}` };
}
