import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ConnectResult } from './connecting.ts';
import type { Limit, SliceResult } from './crowd.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Play extends Omit<Limit, 'signal'> {
  kind: 'play';
  url: string;
  dialect: 'cases' | 'keyed' | 'echo' | 'restate' | 'acknowledge';
  connections: number;
  /** How many were made ready on that server, and from which on. */
  people: number;
  from?: number;
}

export interface Connect {
  kind: 'connect';
  url: string;
  connections: number;
}

/** Ends the slice that is played. */
export interface Halt {
  kind: 'halt';
}

export type Order = Play | Connect | Halt;
type Costly<Result> = Result & { loadCpuMicros: number };
export type LoadAnswer = { result: Costly<SliceResult | ConnectResult> } | { fault: string };

/** Each throws when the server answered anything that was not to be expected. */
export interface Load {
  play(play: Play): Promise<Costly<SliceResult>>;
  connect(connect: Connect): Promise<Costly<ConnectResult>>;
  halt(): void;
  stop(): Promise<void>;
}

export function startLoad(): Load {
  const child: ChildProcess = fork(MAIN);
  const ask = async <Result>(asked: Play | Connect): Promise<Result> => {
    const answered = once(child, 'message');
    child.send(asked);
    const [answer] = (await answered) as [LoadAnswer];
    if ('fault' in answer) throw new Error(answer.fault);
    return answer.result as Result;
  };
  return {
    play: (play) => ask(play),
    connect: (connect) => ask(connect),
    halt: () => void child.send({ kind: 'halt' } satisfies Halt),
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
