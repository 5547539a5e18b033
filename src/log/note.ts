import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { Misfit } from './misfit.ts';

/** C2SP signed-note: a text, and lines of signatures over it. Keys are written as golang.org/x/mod/sumdb/note does. */

export interface Signature {
  name: string;
  /** The key's id: eight hex digits. */
  id: string;
  bytes: Buffer;
}

export interface Note {
  /** With its last newline: exactly what is signed. */
  text: string;
  signatures: Signature[];
}

/** Who may be believed. */
export interface Verifier {
  name: string;
  id: string;
  verifies(text: string, signature: Buffer): boolean;
}

/** Who signs. `now` is in seconds since 1970; a log's own signature does not need it. */
export interface Signer {
  name: string;
  id: string;
  sign(text: string, nowSeconds: number): Buffer;
}

/** What a key signs, by the byte that its encoding begins with. */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04, other: 0xff } as const;

const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** @throws Misfit note */
export function readNote(bytes: string | Uint8Array): Note {
  if (bytes.length > MAX_NOTE_BYTES) throw new Misfit('note', `longer than ${MAX_NOTE_BYTES}`);
  const all = typeof bytes === 'string' ? bytes : decode(bytes);
  if (!isPlain(all)) throw new Misfit('note', 'a control character');
  const end = all.lastIndexOf('\n\n');
  if (end < 0) throw new Misfit('note', 'no empty line between text and signatures');
  return { text: all.slice(0, end + 1), signatures: readSignatures(all.slice(end + 2)) };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Misfit('note', 'not UTF-8');
  }
}

/** A note holds no control character but the newline, and no half of a surrogate pair. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return false;
  }
  return text.isWellFormed();
}

/** Signature lines alone, as a witness answers them. @throws Misfit note */
export function readSignatures(lines: string): Signature[] {
  if (!lines.endsWith('\n')) throw new Misfit('note', 'no newline at the end');
  const all = lines.slice(0, -1).split('\n');
  if (all.length > MAX_SIGNATURES) throw new Misfit('note', `more than ${MAX_SIGNATURES} signatures`);
  return all.map(readSignature);
}

function readSignature(line: string): Signature {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = findBase64(base64);
  if (!bytes || bytes.length < 5) throw new Misfit('note', `no signature line: ${line.slice(0, 100)}`);
  return { name, id: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) };
}

export function writeNote({ text, signatures }: Note): string {
  return `${text}\n${writeSignatures(signatures)}`;
}

export function writeSignatures(signatures: readonly Signature[]): string {
  const base64 = ({ id, bytes }: Signature) =>
    Buffer.concat([Buffer.from(id, 'hex'), bytes]).toString('base64');
  return signatures.map((one) => `— ${one.name} ${base64(one)}\n`).join('');
}

/** @throws Misfit note when the text cannot be one of a note. */
export function signNote(text: string, signers: readonly Signer[], nowSeconds = 0): Note {
  if (!text.endsWith('\n') || !isPlain(text)) throw new Misfit('note', 'a text that cannot be signed');
  const signatures = signers.map((signer) => ({
    name: signer.name,
    id: signer.id,
    bytes: signer.sign(text, nowSeconds),
  }));
  return { text, signatures };
}

/**
 * The signatures of keys we know; those of others are passed over.
 * @throws Misfit unsigned when there is none, signature when one of a key we know is wrong.
 */
export function verifyNote(note: Note, verifiers: readonly Verifier[]): Signature[] {
  const known = note.signatures.filter((signature) => findVerifier(signature, verifiers));
  const wrong = known.find((signature) => !isGood(note.text, signature, verifiers));
  if (wrong) throw new Misfit('signature', `the signature of ${wrong.name}+${wrong.id} is not of this text`);
  if (known.length > 0) return known;
  const found = note.signatures.map(({ name, id }) => `${name}+${id}`).join(', ');
  const expected = verifiers.map(({ name, id }) => `${name}+${id}`).join(', ');
  throw new Misfit('unsigned', `signed by ${found || 'nobody'}, not by ${expected || 'a key that is known'}`);
}

/** Whether a key we know made this signature of the text. */
export function isGood(text: string, signature: Signature, verifiers: readonly Verifier[]): boolean {
  return findVerifier(signature, verifiers)?.verifies(text, signature.bytes) ?? false;
}

function findVerifier({ name, id }: Signature, verifiers: readonly Verifier[]): Verifier | undefined {
  return verifiers.find((one) => one.name === name && one.id === id);
}

// ── keys ────────────────────────────────────────────────────────────────────

/** A key in its text form, taken apart. `material` is what follows the type's byte. */
export interface KeyText {
  name: string;
  id: string;
  type: number;
  material: Buffer;
}

/** The first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), in hex. */
export function keyId(name: string, type: number, publicKey: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).slice(0, 8);
}

/** `<name>+<id>+<base64 of type and public key>`. */
export function writeVerifierKey(name: string, type: number, publicKey: Uint8Array): string {
  if (!NAME.test(name)) throw new Misfit('key', `no name for a key: ${name}`);
  return `${name}+${keyId(name, type, publicKey)}+${encodeKey(type, publicKey)}`;
}

/** @throws Misfit key */
export function readVerifierKey(vkey: string): KeyText {
  const key = readKeyText(vkey);
  if (key.id !== keyId(key.name, key.type, key.material))
    throw new Misfit('key', `${vkey}: its id is not its own`);
  return key;
}

/** `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`; the id is that of the public key. */
export function writeSignerKey(name: string, type: number, id: string, seed: Uint8Array): string {
  return `${SECRET}${name}+${id}+${encodeKey(type, seed)}`;
}

/** @throws Misfit key, without a word of the key itself. */
export function readSignerKey(skey: string): KeyText {
  if (!skey.startsWith(SECRET)) throw new Misfit('key', 'no private key');
  return readKeyText(skey.slice(SECRET.length), 'a private key');
}

const SECRET = 'PRIVATE+KEY+';

function encodeKey(type: number, bytes: Uint8Array): string {
  return Buffer.concat([Buffer.of(type), bytes]).toString('base64');
}

function readKeyText(text: string, shown = text): KeyText {
  const [, name = '', id = '', base64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const bytes = findBase64(base64);
  const type = bytes?.[0];
  if (!bytes || type === undefined) throw new Misfit('key', `not <name>+<id>+<key>: ${shown}`);
  return { name, id, type, material: bytes.subarray(1) };
}

/** Base64 has one way to write each value; undefined for any other. */
export function findBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}

// ── Ed25519, and cosignature/v1 by Ed25519 ──────────────────────────────────

const KEY_BYTES = 32;
/** DER of an Ed25519 key up to its 32 bytes: PKCS #8 and SubjectPublicKeyInfo. */
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');

/** A signer out of 32 secret bytes, with the text of both its keys. */
export function ed25519Keys(
  name: string,
  seed: Uint8Array,
  type: Ed25519Type = SIGNATURE_TYPES.ed25519,
): { skey: string; vkey: string } {
  const publicKey = publicBytes(privateKey(seed));
  const vkey = writeVerifierKey(name, type, publicKey);
  return { vkey, skey: writeSignerKey(name, type, keyId(name, type, publicKey), seed) };
}

type Ed25519Type = typeof SIGNATURE_TYPES.ed25519 | typeof SIGNATURE_TYPES.cosignature;

/** @throws Misfit key unless it is a private Ed25519 key of a log or a witness. */
export function ed25519Signer(skey: string): Signer {
  const { name, id, type, material } = readSignerKey(skey);
  requireEd25519(type, material);
  const key = privateKey(material);
  if (id !== keyId(name, type, publicBytes(key)))
    throw new Misfit('key', 'the id of a private key is not its own');
  const signText = (text: string) => sign(null, Buffer.from(text), key);
  return {
    name,
    id,
    sign: (text, now) => (type === SIGNATURE_TYPES.ed25519 ? signText(text) : cosign(text, now, signText)),
  };
}

/** @throws Misfit key unless it is an Ed25519 key of a log or a witness. */
export function ed25519Verifier(vkey: string): Verifier {
  const { name, id, type, material } = readVerifierKey(vkey);
  requireEd25519(type, material);
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_DER, material]), format: 'der', type: 'spki' });
  const isOf = (text: string, signature: Buffer) => verify(null, Buffer.from(text), key, signature);
  return {
    name,
    id,
    verifies: (text, signature) =>
      type === SIGNATURE_TYPES.ed25519 ? isOf(text, signature) : isCosigned(text, signature, isOf),
  };
}

function requireEd25519(type: number, material: Buffer): void {
  const isKnown = type === SIGNATURE_TYPES.ed25519 || type === SIGNATURE_TYPES.cosignature;
  if (!isKnown || material.length !== KEY_BYTES) {
    throw new Misfit('key', `type ${type} of ${material.length} bytes is no Ed25519 key`);
  }
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_DER.length);
}

const TIME_BYTES = 8;

/** C2SP tlog-cosignature: when it was signed, and a signature over that moment and the text. */
function cosign(text: string, nowSeconds: number, signText: (text: string) => Buffer): Buffer {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(nowSeconds));
  return Buffer.concat([time, signText(cosigned(text, String(nowSeconds)))]);
}

function isCosigned(
  text: string,
  signature: Buffer,
  isOf: (text: string, bytes: Buffer) => boolean,
): boolean {
  if (signature.length <= TIME_BYTES) return false;
  return isOf(cosigned(text, String(signature.readBigUInt64BE(0))), signature.subarray(TIME_BYTES));
}

function cosigned(text: string, seconds: string): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`;
}
