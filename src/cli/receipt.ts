import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { SignedCheckpoint } from '../log/checkpoint.ts';
import { Misfit } from '../log/misfit.ts';
import { type Proof, readProof, verifyProof } from '../log/proof.ts';
import { openVerifiers } from '../log/signatures.ts';
import { describeMisfit } from './misfit-words.ts';

const USAGE =
  'banjian receipt verify FILE --key KEY [--key KEY …] [--witness KEY …] [--entry FILE]\n' +
  '  KEY: 公钥,如 · a public key, as in: banjian.local/log+1a2b3c4d+AbC…';

/** Checks a receipt without a network, a database or this installation. @throws Error naming what does not fit. */
export async function receipt(args: string[]): Promise<void> {
  const { file, keys, witnesses, entryFile } = readArgs(args);
  try {
    const proof = readProof(readFileSync(file, 'utf8'));
    const entry = entryFile === undefined ? proof.extra : readFileSync(entryFile);
    if (!entry) throw new Misfit('proof', 'no extra line with the entry: give its bytes with --entry FILE');
    const checkpoint = verifyProof(proof, entry, await openVerifiers([...keys, ...witnesses]));
    requireWitnesses(checkpoint, witnesses);
    console.log(describe(proof, entry, checkpoint));
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new Error(`不成立 · Does not hold: ${describeMisfit(error)}`);
  }
}

/** A witness that was named must have cosigned. */
function requireWitnesses({ signatures }: SignedCheckpoint, witnesses: string[]): void {
  const isThere = (vkey: string) => signatures.some(({ name, id }) => vkey.startsWith(`${name}+${id}+`));
  const missing = witnesses.find((vkey) => !isThere(vkey));
  if (missing !== undefined) throw new Misfit('unsigned', `not cosigned by ${missing}`);
}

function describe({ index }: Proof, entry: Buffer, { origin, size, signatures }: SignedCheckpoint): string {
  return [
    '成立 · Holds',
    `  日志 · log:        ${origin}`,
    `  位置 · index:      ${index} / ${size}`,
    `  签名 · signed by:  ${signatures.map(({ name, id }) => `${name}+${id}`).join(', ')}`,
    `  记录 · entry:      ${entry.toString()}`,
  ].join('\n');
}

function readArgs(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true },
      witness: { type: 'string', multiple: true },
      entry: { type: 'string' },
    },
  });
  const [verb, file, ...more] = positionals;
  const { key = [], witness = [], entry } = values;
  if (verb !== 'verify' || file === undefined || more.length > 0 || key.length === 0) {
    throw new Error(`用法 · Usage: ${USAGE}`);
  }
  return { file, keys: key, witnesses: witness, entryFile: entry };
}
