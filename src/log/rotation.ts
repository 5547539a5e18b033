import { Misfit } from './misfit.ts';
import { type ed25519Signer, ed25519Verifier, readVerifierKey, SIGNATURE_TYPES } from './note.ts';

/** The type of the entry that hands a log over from one generation of its keys to the next. */
export const ROTATION = 'key.rotate';

/** What such an entry says. The old Ed25519 key signs the hand-over, so that it can be followed from the first key on. */
export interface Rotation {
  from: string[];
  to: string[];
  /** Base64. */
  endorsement: string;
}

/** A generation of keys, and which entry of the service's chain made it the log's; 0 for the first. */
export interface TrustedKeys {
  vkeys: string[];
  sinceSeq: number;
}

/** What a verifier reads of an entry of the service's chain. */
export interface ServiceFact {
  seq: number;
  type: string;
  data: unknown;
}

/**
 * Every generation of a log's keys, in order, for somebody who knows the first one only. The entries are those of the
 * service's chain, whose place in the log is checked elsewhere: here each key must vouch for the one after it.
 * @throws Misfit rotation, naming the entry that does not follow.
 */
export function trustedKeys(firstKey: string, entries: Iterable<ServiceFact>): TrustedKeys[] {
  let current: TrustedKeys = { vkeys: [firstKey], sinceSeq: 0 };
  const all = [current];
  for (const { seq, type, data } of entries) {
    if (type !== ROTATION) continue;
    const rotation = readRotation(data, seq);
    const key = ed25519Of(current.vkeys);
    if (!rotation.from.includes(key))
      throw new Misfit('rotation', `entry ${seq} does not hand over from ${key}`);
    const endorsement = Buffer.from(rotation.endorsement, 'base64');
    if (!ed25519Verifier(key).verifies(statementOf(rotation), endorsement)) {
      throw new Misfit('rotation', `entry ${seq} is not signed by ${key}`);
    }
    current = { vkeys: rotation.to, sinceSeq: seq };
    all.push(current);
  }
  return all;
}

/** A hand-over, signed by the key that ends. */
export function signRotation(
  from: string[],
  to: string[],
  signer: ReturnType<typeof ed25519Signer>,
): Rotation {
  const endorsement = signer.sign(statementOf({ from, to }), 0).toString('base64');
  return { from, to, endorsement };
}

/** What the old key signs: no checkpoint, and no other note, reads like it. */
function statementOf({ from, to }: Pick<Rotation, 'from' | 'to'>): string {
  return `banjian key rotation v1\n${from.map((key) => `from ${key}\n`).join('')}${to.map((key) => `to ${key}\n`).join('')}`;
}

/** @throws Misfit rotation unless `data` is what a rotation says. */
export function readRotation(data: unknown, seq: number): Rotation {
  const { from, to, endorsement } = { ...(data as Partial<Record<keyof Rotation, unknown>>) };
  if (isKeys(from) && isKeys(to) && typeof endorsement === 'string') return { from, to, endorsement };
  throw new Misfit('rotation', `entry ${seq} does not name its keys`);
}

function isKeys(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

/** The one Ed25519 key of a generation. @throws Misfit key */
export function ed25519Of(vkeys: readonly string[]): string {
  const found = vkeys.find((vkey) => readVerifierKey(vkey).type === SIGNATURE_TYPES.ed25519);
  if (found === undefined) throw new Misfit('key', `no Ed25519 key among ${vkeys.join(', ') || 'none'}`);
  return found;
}
