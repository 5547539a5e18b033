import type { LogEntry } from '../db/store.ts';
import type { ServiceEntry } from '../engine/types.ts';
import { openCheckpoint, readCheckpoint } from '../log/checkpoint.ts';
import { Misfit } from '../log/misfit.ts';
import { readNote } from '../log/note.ts';
import { ROTATION, readRotation, trustedKeys } from '../log/rotation.ts';
import { openVerifiers } from '../log/signatures.ts';
import type { Finding } from './finding.ts';
import type { Mark } from './tree.ts';

/** A checkpoint as it was found: what it says is believed once its signature is, at the end. */
export interface SignedMark extends Mark {
  bytes: Buffer;
}

/** A finding where it is no checkpoint at all. */
export function readMark(check: Mark['check'], from: string, bytes: Buffer): SignedMark | Finding {
  try {
    return { ...readCheckpoint(readNote(bytes).text), check, from, bytes };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { check, what: from, expected: 'a signed checkpoint', found: error.message };
  }
}

/**
 * Each checkpoint is signed by the key that the log had at its size: the one we know, or one that it was handed over to
 * by the key before, entry by entry. `key` may be of any generation.
 */
export async function findSignatureBreak(
  marks: SignedMark[],
  service: LogEntry[],
  key: string,
): Promise<Finding | undefined> {
  const rotations = service.filter(({ bytes }) => readService(bytes).type === ROTATION);
  const known = await sinceKey(rotations, key);
  for (const [at, stored] of known.entries()) {
    const broken = await tried(() => keysAfter(key, known.slice(0, at + 1)));
    if (broken)
      return { check: 'signature', index: stored.index, place: stored, what: 'rotation', ...broken };
  }
  for (const { size, bytes, from } of marks) {
    const before = known.filter(({ index }) => index < size);
    const broken = await tried(async () =>
      openCheckpoint(bytes, await openVerifiers(keysAfter(key, before))),
    );
    if (broken) return { check: 'signature', what: from, ...broken };
  }
  return undefined;
}

/** From the first that hands over from this key; what came before it cannot be told by who knows only this one. */
async function sinceKey(rotations: LogEntry[], key: string): Promise<LogEntry[]> {
  for (const [at, { bytes, seq }] of rotations.entries()) {
    let from: string[] = [];
    let to: string[] = [];
    const broken = await tried(() => {
      ({ from, to } = readRotation(readService(bytes).data, seq));
    });
    if (broken || from.includes(key)) return rotations.slice(at);
    if (to.includes(key)) return rotations.slice(at + 1);
  }
  return rotations;
}

/** The keys of the generation that stands after these entries. */
function keysAfter(key: string, rotations: LogEntry[]): string[] {
  return (
    trustedKeys(
      key,
      rotations.map(({ bytes }) => readService(bytes)),
    ).at(-1)?.vkeys ?? []
  );
}

function readService(bytes: string): ServiceEntry {
  return JSON.parse(bytes) as ServiceEntry;
}

async function tried(look: () => unknown): Promise<Pick<Finding, 'expected' | 'found'> | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { expected: 'a signature of the key that the log had', found: error.message };
  }
}
