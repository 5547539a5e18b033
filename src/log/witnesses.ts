import type { Clock, Log } from '../engine/runtime.ts';
import { writeCosignRequest } from './cosign-request.ts';
import { isGood, readSignatures, type Verifier, writeNote } from './note.ts';
import type { Publisher } from './publisher.ts';

/** One that is asked to cosign: where it takes checkpoints, and the key that its cosignatures must be of. */
export interface Witness {
  url: string;
  verifier: Verifier;
}

export interface Witnesses {
  /** Shows them the newest checkpoint. Nobody waits for this. */
  ask(): void;
  /** When nobody is being asked any more. */
  idle(): Promise<void>;
  /** Whoever has not answered is left. */
  stop(): Promise<void>;
}

export interface WitnessesOptions {
  witnesses: readonly Witness[];
  publisher: Pick<Publisher, 'checkpoint' | 'cosign' | 'proveSince'>;
  clock: Clock;
  log: Log;
}

const PATIENCE_MS = 5_000;

/** Asks each witness of every checkpoint that is newest when the last answer has come: none delays another, or the log. */
export function createWitnesses(options: WitnessesOptions): Witnesses {
  const stopping = new AbortController();
  const each = options.witnesses.map((witness) => createAsker(options, witness, stopping.signal));
  const idle = async () => void (await Promise.all(each.map((asker) => asker.idle())));
  return {
    ask: () => {
      for (const asker of each) asker.ask();
    },
    idle,
    async stop() {
      stopping.abort();
      await idle();
    },
  };
}

function createAsker(options: WitnessesOptions, witness: Witness, stopping: AbortSignal) {
  const { publisher, log } = options;
  let running: Promise<void> | undefined;
  /** The size the witness remembers, as far as we know. */
  let size = 0;
  let shown = '';
  let lastFault = '';

  async function run(): Promise<void> {
    while (!stopping.aborted && publisher.checkpoint().note.text !== shown) {
      shown = publisher.checkpoint().note.text;
      const fault = await show().catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'));
      if (fault !== '' && fault !== lastFault && !stopping.aborted) {
        log.warn({ witness: witness.verifier.name, fault }, 'a witness did not cosign');
      }
      lastFault = fault;
    }
  }

  /** Answers what was wrong, or ''. A witness that remembers another size is shown the checkpoint once more from there. */
  async function show(): Promise<string> {
    let answer = await post();
    if (answer.status === 409 && /^\d{1,16}\n?$/.test(answer.body)) {
      size = Number(answer.body);
      if (size > publisher.checkpoint().size) return `it has seen ${size} entries`;
      answer = await post();
    }
    if (answer.status !== 200) return `status ${answer.status}`;
    const good = readSignatures(answer.body).filter((one) => isGood(answer.text, one, [witness.verifier]));
    if (good.length === 0) return 'its cosignature does not hold';
    size = answer.size;
    await publisher.cosign(answer.text, good);
    return '';
  }

  async function post() {
    const checkpoint = publisher.checkpoint();
    shown = checkpoint.note.text;
    const proof = await publisher.proveSince(size, checkpoint);
    const body = writeCosignRequest({ oldSize: size, proof, checkpoint: writeNote(checkpoint.note) });
    const { status, text } = await send(options.clock, stopping, witness.url, body);
    return { status, body: text, text: checkpoint.note.text, size: checkpoint.size };
  }

  return {
    ask() {
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    idle: async () => running,
  };
}

/** Gives up after a while, by our own clock. */
async function send(clock: Clock, stopping: AbortSignal, url: string, body: string) {
  const late = new AbortController();
  const cancel = clock.after(PATIENCE_MS, () => late.abort());
  try {
    const signal = AbortSignal.any([stopping, late.signal]);
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const answer = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      body,
      headers,
      signal,
      redirect: 'error',
    });
    return { status: answer.status, text: await answer.text() };
  } finally {
    cancel();
  }
}
