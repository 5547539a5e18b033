import { describe, expect, it } from 'vitest';
import { openCheckpoint, readCheckpoint, writeCheckpoint } from '../../src/log/checkpoint.ts';
import {
  ed25519Keys,
  ed25519Signer,
  ed25519Verifier,
  SIGNATURE_TYPES,
  signNote,
  writeNote,
} from '../../src/log/note.ts';
import { type Proof, readProof, verifyProof, writeProof } from '../../src/log/proof.ts';
import { mth, path } from './naive-tree.ts';

const ORIGIN = 'log.example/banjian';
const LOG = ed25519Keys(ORIGIN, Buffer.alloc(32, 1));
const WITNESS = ed25519Keys('witness.example', Buffer.alloc(32, 2), SIGNATURE_TYPES.cosignature);
const verifier = ed25519Verifier(LOG.vkey);
const witness = ed25519Verifier(WITNESS.vkey);

const entries = Array.from({ length: 100 }, (_, index) => Buffer.from(`{"seq":${index}}`));

function checkpointOf(size: number, ...skeys: string[]): string {
  const text = writeCheckpoint({ origin: ORIGIN, size, root: mth(entries.slice(0, size)) });
  return writeNote(signNote(text, skeys.map(ed25519Signer), 1));
}

function proofOf(index: number, size = 100): Proof {
  const extra = entries[index];
  return {
    ...(extra ? { extra } : {}),
    index,
    path: path(index, entries.slice(0, size)),
    checkpoint: checkpointOf(size, LOG.skey),
  };
}

describe('a checkpoint', () => {
  it('is the text of the specification, and is read back', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const checkpoint = readCheckpoint(text);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(writeCheckpoint(checkpoint)).toBe(text);
    expect(readCheckpoint(`${text}an extension\n`).size).toBe(20_852_163);
  });

  it.each([
    ['no origin', '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a size with a nought before it', 'a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a size past counting', 'a\n9999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'],
    ['a short root', 'a\n1\nCsUYapGG\n'],
    ['an empty line', 'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nb\n'],
    ['two lines', 'a\n1\n'],
  ])('with %s is none', (_what, text) => {
    expect(() => readCheckpoint(text)).toThrow(expect.objectContaining({ kind: 'checkpoint' }));
  });

  it('is believed by the key of its log, with or without its witnesses', () => {
    expect(openCheckpoint(checkpointOf(7, LOG.skey), [verifier]).size).toBe(7);
    const cosigned = checkpointOf(7, LOG.skey, WITNESS.skey);
    expect(openCheckpoint(cosigned, [verifier]).signatures).toHaveLength(1);
    expect(openCheckpoint(cosigned, [verifier, witness]).signatures).toHaveLength(2);
  });

  it('of another log, or signed by witnesses only, is not', () => {
    const other = ed25519Keys('other.example', Buffer.alloc(32, 1));
    const byOther = checkpointOf(7, LOG.skey);
    expect(() => openCheckpoint(byOther, [ed25519Verifier(other.vkey)])).toThrow(
      `a checkpoint of ${ORIGIN}, expected other.example`,
    );
    expect(() => openCheckpoint(checkpointOf(7, WITNESS.skey), [verifier, witness])).toThrow(
      /^signed by witness/,
    );
  });
});

describe('a proof that an entry is in the log', () => {
  it('is written as the specification says, and holds offline', () => {
    const text = writeProof(proofOf(41));
    const lines = text.split('\n');
    expect(lines[0]).toBe('c2sp.org/tlog-proof@v1');
    expect(lines[1]).toBe(`extra ${Buffer.from('{"seq":41}').toString('base64')}`);
    expect(lines[2]).toBe('index 41');
    const proof = readProof(text);
    expect(proof).toEqual(proofOf(41));
    expect(verifyProof(proof, proof.extra ?? '', [verifier])).toMatchObject({ origin: ORIGIN, size: 100 });
  });

  it('of the only entry has an empty path', () => {
    const proof = readProof(writeProof(proofOf(0, 1)));
    expect(proof.path).toEqual([]);
    expect(verifyProof(proof, '{"seq":0}', [verifier]).size).toBe(1);
  });

  it('names what does not fit', () => {
    const proof = proofOf(41);
    const entry = proof.extra ?? '';
    const kindOf = (changed: Partial<Proof>, bytes: string | Buffer = entry) => {
      try {
        verifyProof({ ...proof, ...changed }, bytes, [verifier]);
        return 'holds';
      } catch (error) {
        return (error as { kind?: string }).kind;
      }
    };
    expect(kindOf({})).toBe('holds');
    expect(kindOf({}, '{"seq":42}')).toBe('entry');
    expect(kindOf({ index: 40 })).toBe('entry');
    expect(kindOf({ index: 100 })).toBe('index');
    expect(kindOf({ path: proof.path.slice(1) })).toBe('path');
    expect(kindOf({ checkpoint: proof.checkpoint.replace('\n100\n', '\n101\n') })).toBe('signature');
    expect(kindOf({ checkpoint: checkpointOf(99, LOG.skey) })).toBe('entry');
  });

  it.each([
    ['another first line', (text: string) => text.replace('@v1', '@v2')],
    ['no index', (text: string) => text.replace('index 41\n', '')],
    ['an index with a nought before it', (text: string) => text.replace('index 41', 'index 041')],
    ['extra data that is not base64', (text: string) => text.replace('extra ey', 'extra *y')],
    ['a hash that is too short', (text: string) => text.replace(/(index 41\n)\S{8}/, '$1')],
    ['nothing after it', (text: string) => text.split('\n\n')[0] ?? ''],
  ])('with %s is none', (_what, change) => {
    expect(() => readProof(change(writeProof(proofOf(41))))).toThrow(
      expect.objectContaining({ kind: 'proof' }),
    );
  });
});
