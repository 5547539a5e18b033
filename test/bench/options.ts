import { parseArgs } from 'node:util';
import { SERVERS, type ServerName } from './servers/list.ts';

export interface Options {
  command: 'compare' | 'growth' | 'profile' | 'verify';
  only: ServerName[] | undefined;
  variants: string[] | undefined;
  rounds: number;
  seconds: number;
  connections: number | undefined;
  folder: string | undefined;
  /** How many cases the databases of `growth` and `verify` have. */
  sizes: number[] | undefined;
}

const HELP = `npm run bench -- [compare | growth | profile | verify] [options]
  --only a,d          servers: ${Object.entries(SERVERS)
    .map(([name, { letter }]) => `${letter} ${name}`)
    .join(', ')}
  --variant v,w       see variants.ts; all of them when left out
  --rounds 5 --seconds 4 --connections 32
  --sizes 1000,100000,1000000   cases, for growth; 125000, which are 1,000,000 entries, for verify
  --folder /disk      where the databases are made; the system's temporary folder when left out`;

const COMMANDS = ['compare', 'growth', 'profile', 'verify'] as const;

/** Ends the program with the help, for anything it does not know. */
export function readOptions(args: string[]): Options {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}

function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      variant: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string' },
      folder: { type: 'string' },
      sizes: { type: 'string' },
    },
  });
  const [command = 'compare'] = positionals;
  const known = COMMANDS.find((each) => each === command);
  if (!known) throw new Error(`no command ${command}`);
  return {
    command: known,
    only: values.only?.split(',').map(serverNamed),
    variants: values.variant?.split(','),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    connections: values.connections === undefined ? undefined : Number(values.connections),
    folder: values.folder,
    sizes: values.sizes?.split(',').map(Number),
  };
}

function serverNamed(text: string): ServerName {
  const found = (Object.keys(SERVERS) as ServerName[]).find(
    (name) => name === text || SERVERS[name].letter === text,
  );
  if (!found) throw new Error(`no server ${text}`);
  return found;
}
