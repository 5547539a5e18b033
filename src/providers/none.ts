import type { Providers } from './types.ts';

const refuse = () => Promise.reject(new Error('no provider may be called here'));

/** For where no effect runs: commands that read histories, and tests. */
export const noProviders: Providers = {
  people: { find: refuse, register: refuse },
  sms: { send: refuse },
  faces: { start: refuse, check: refuse },
  register: { read: refuse, file: refuse, withdraw: refuse, tellEnterprise: refuse },
};
