import type { Providers } from '../../src/providers/types.ts';

/** For tests in which no effect runs: whoever calls a provider here has made a mistake. */
const refuse = () => Promise.reject(new Error('no provider may be called here'));

export const noProviders: Providers = {
  people: { find: refuse, register: refuse },
  sms: { send: refuse },
  faces: { start: refuse, check: refuse },
  register: { read: refuse, file: refuse, withdraw: refuse, tellEnterprise: refuse },
};
