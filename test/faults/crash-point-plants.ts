import type { IncomingMessage } from 'node:http';
import type { Providers } from '../../src/providers/types.ts';
import type { OnCall, OnStatement } from './crash-point-patch.ts';

/** Something wrong on purpose, which the checks must find. */
export interface Plant {
  onStatement?: OnStatement;
  onCall?: OnCall;
  onRequest?(request: IncomingMessage): void;
}

export type PlantName = keyof typeof plants;

const plants = {
  /** A filing that is begun as soon as it is wished for, before the wish is on disk. */
  'effect-before-commit': (outside: Providers): Plant => ({
    onStatement(name, params, run) {
      const result = run();
      const key = params.find((param) => typeof param === 'string' && param.endsWith(':fileDeregistration'));
      if (name.startsWith('insert into tasks') && typeof key === 'string') fileAtOnce(outside, key);
      return result;
    },
  }),
  /** Each attempt is a wish of its own to the provider. */
  'new-key-each-time': (): Plant => ({
    onCall: (_name, call, send) => send({ ...call, key: `${call.key}~${performance.now()}` }),
  }),
  /** The same event sent again is another event. */
  'no-idempotency': (): Plant => ({
    onRequest(request) {
      delete request.headers['idempotency-key'];
    },
  }),
  /** What was said to be written is not. */
  'lost-commit': (): Plant => {
    let declared = false;
    return {
      onStatement(name, params, run, database) {
        if (params.some((param) => typeof param === 'string' && param.includes('"type":"form.save"'))) {
          declared = true;
        }
        if (name !== 'commit' || !declared) return run();
        declared = false;
        return database.prepare('rollback').run();
      },
    };
  },
  /** A timer that goes with the process that set it. */
  'timers-forgotten': (): Plant => ({
    onStatement(name, params, run) {
      if (name.startsWith('insert into tasks') && params.includes('timer')) {
        const forgotten = params.map((param) => (isTime(param) ? '9999-12-31T00:00:00.000Z' : param));
        params.splice(0, params.length, ...forgotten);
      }
      return run();
    },
  }),
};

function fileAtOnce({ register }: Providers, key: string): void {
  const filing = { itemCode: '', kind: 'normal', reason: '', idNumber: '', name: '', ethnicity: '' } as const;
  const call = { key, signal: AbortSignal.timeout(1_000) };
  void register.file({ ...filing, caseId: key.split(':')[0] ?? '', materials: [] }, call);
}

function isTime(param: unknown): boolean {
  return typeof param === 'string' && /^\d{4}-\d\d-\d\dT/.test(param);
}

export function plantOf(name: string, outside: Providers): Plant {
  if (name === '') return {};
  const plant = Object.entries(plants).find(([each]) => each === name)?.[1];
  if (!plant) throw new Error(`nothing of the name ${name} can be planted`);
  return plant(outside);
}
