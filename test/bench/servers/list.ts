/** What is measured, beside each other. */
export const SERVERS = {
  echo: { letter: 'a', title: 'bare Fastify JSON echo', dialect: 'echo' },
  hand: { letter: 'b', title: 'by hand: status column, event row', dialect: 'cases' },
  plain: { letter: 'c', title: 'plain XState: revive, send, store', dialect: 'cases' },
  banjian: { letter: 'd', title: 'Banjian, everything on', dialect: 'cases' },
  restate: { letter: 'e', title: 'Restate with @restatedev/xstate', dialect: 'restate' },
} as const;

export type ServerName = keyof typeof SERVERS;
