import {
  ed25519Signer,
  ed25519Verifier,
  readSignerKey,
  readVerifierKey,
  SIGNATURE_TYPES,
  type Signer,
  type Verifier,
} from './note.ts';

/** SM2 is loaded where a key of its kind comes up: hardly any installation has one. @throws Misfit key */
export async function openVerifiers(vkeys: readonly string[]): Promise<Verifier[]> {
  return Promise.all(
    vkeys.map(async (vkey) => {
      if (readVerifierKey(vkey).type !== SIGNATURE_TYPES.other) return ed25519Verifier(vkey);
      return (await import('./sm2.ts')).sm2Verifier(vkey);
    }),
  );
}

/** @throws Misfit key */
export async function openSigners(skeys: readonly string[]): Promise<Signer[]> {
  return Promise.all(
    skeys.map(async (skey) => {
      if (readSignerKey(skey).type !== SIGNATURE_TYPES.other) return ed25519Signer(skey);
      return (await import('./sm2.ts')).sm2Signer(skey);
    }),
  );
}
