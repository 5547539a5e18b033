import { Misfit } from './misfit.ts';
import { readHash } from './proof.ts';

/** What a log asks of a witness (C2SP tlog-witness, add-checkpoint). */
export interface CosignRequest {
  oldSize: number;
  proof: Buffer[];
  /** The signed note, as the log gave it. */
  checkpoint: string;
}

const MAX_PROOF = 63;

/** @throws Misfit proof */
export function readCosignRequest(body: string): CosignRequest {
  const end = body.indexOf('\n\n');
  if (end < 0) throw new Misfit('proof', 'no empty line before the checkpoint');
  const [first = '', ...lines] = body.slice(0, end).split('\n');
  const oldSize = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (oldSize === undefined || !Number.isSafeInteger(Number(oldSize))) {
    throw new Misfit('proof', 'the first line is not: old <size>');
  }
  if (lines.length > MAX_PROOF) throw new Misfit('proof', `a proof of ${lines.length} hashes`);
  return { oldSize: Number(oldSize), proof: lines.map(readHash), checkpoint: body.slice(end + 2) };
}

export function writeCosignRequest({ oldSize, proof, checkpoint }: CosignRequest): string {
  return [`old ${oldSize}`, ...proof.map((hash) => hash.toString('base64')), '', checkpoint].join('\n');
}
