import { sm2 } from 'sm-crypto-v2';
import { Misfit } from './misfit.ts';
import {
  keyId,
  readSignerKey,
  readVerifierKey,
  SIGNATURE_TYPES,
  type Signer,
  type Verifier,
  writeSignerKey,
  writeVerifierKey,
} from './note.ts';

/**
 * SM2 with SM3 as GM/T 0003 has it, beside the log's Ed25519 signature. C2SP has no type of its own for it, so the key
 * begins with the byte for others and the object identifier of this signature. Node's crypto signs SM2 with an empty
 * identity only; GM/T 0009 asks for this one.
 */
const IDENTITY = '1234567812345678';
const OID = Buffer.from('1.2.156.10197.1.501');
/** An uncompressed point: 04 ‖ x ‖ y. */
const PUBLIC_BYTES = 65;
const OPTIONS = { hash: true, der: true, userId: IDENTITY };

/** Keys out of 32 secret bytes. @throws RangeError for the few that are no SM2 key. */
export function sm2Keys(name: string, seed: Uint8Array): { skey: string; vkey: string } {
  const material = Buffer.concat([OID, publicBytes(seed)]);
  const id = keyId(name, SIGNATURE_TYPES.other, material);
  return {
    vkey: writeVerifierKey(name, SIGNATURE_TYPES.other, material),
    skey: writeSignerKey(name, SIGNATURE_TYPES.other, id, Buffer.concat([OID, seed])),
  };
}

/** Signatures are DER, as `openssl dgst -sm3` verifies them. @throws Misfit key */
export function sm2Signer(skey: string): Signer {
  const { name, id, type, material } = readSignerKey(skey);
  const seed = secretOf(type, material, 32);
  const publicKey = publicBytes(seed);
  if (id !== keyId(name, SIGNATURE_TYPES.other, Buffer.concat([OID, publicKey]))) {
    throw new Misfit('key', 'the id of a private key is not its own');
  }
  const [secret, point] = [seed.toString('hex'), publicKey.toString('hex')];
  const sign = (text: string) => sm2.doSignature(Buffer.from(text), secret, { ...OPTIONS, publicKey: point });
  return { name, id, sign: (text) => Buffer.from(sign(text), 'hex') };
}

/** @throws Misfit key */
export function sm2Verifier(vkey: string): Verifier {
  const { name, id, type, material } = readVerifierKey(vkey);
  const point = secretOf(type, material, PUBLIC_BYTES).toString('hex');
  if (!isOnCurve(point)) throw new Misfit('key', `${vkey}: not a point of the curve`);
  return { name, id, verifies: (text, signature) => verifies(text, signature, point) };
}

/** The library throws for some points, and says no to others. */
function isOnCurve(point: string): boolean {
  try {
    return sm2.verifyPublicKey(point);
  } catch {
    return false;
  }
}

function verifies(text: string, signature: Buffer, point: string): boolean {
  try {
    return sm2.doVerifySignature(Buffer.from(text), signature.toString('hex'), point, OPTIONS);
  } catch {
    // Bytes that are no DER are no signature either.
    return false;
  }
}

function secretOf(type: number, material: Buffer, length: number): Buffer {
  const isOurs = type === SIGNATURE_TYPES.other && material.subarray(0, OID.length).equals(OID);
  const key = material.subarray(OID.length);
  if (!isOurs || key.length !== length) throw new Misfit('key', 'no SM2 key');
  return key;
}

function publicBytes(seed: Uint8Array): Buffer {
  return Buffer.from(sm2.getPublicKeyFromPrivateKey(Buffer.from(seed).toString('hex')), 'hex');
}
