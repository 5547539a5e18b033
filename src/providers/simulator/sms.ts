import type { Sms } from '../types.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import type { Clock } from './records.ts';

export function createSms(ledger: Ledger, gate: Gate, clock: Clock): Sms {
  return {
    send: ({ mobile, text }, call) =>
      gate.once('send', call, () => {
        ledger.append('message', mobile, { mobile, text, at: new Date(clock.now()).toISOString() });
      }),
  };
}
