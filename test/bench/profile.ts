import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLoad } from './load/process.ts';
import { SERVERS, type ServerName } from './servers/list.ts';
import { startMeasured } from './servers/start.ts';

/** What V8 writes with `--cpu-prof`. Times in microseconds of the system's monotonic clock. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
  startTime: number;
}

export interface Spent {
  name: string;
  area: string;
  microsPerEvent: number;
  share: number;
}

export interface Profile {
  events: number;
  areas: Spent[];
  functions: Spent[];
}

export interface ProfileOptions {
  name: ServerName;
  folder: string;
  connections: number;
  seconds: number;
}

const WALKS_A_SECOND = 700;
const WARM_UP_SECONDS = 2;

/** One server under load with V8's profiler on. What it did before the load is left out. */
export async function profileServer(options: ProfileOptions): Promise<Profile> {
  const { name, folder, connections, seconds } = options;
  const profiles = join(folder, 'profiles');
  mkdirSync(profiles, { recursive: true });
  const people = (seconds + WARM_UP_SECONDS) * WALKS_A_SECOND + connections;
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${profiles}` };
  const server = await startMeasured({ name, folder, people, env });
  const load = startLoad();
  const { dialect } = SERVERS[name];
  const play = { kind: 'play' as const, url: server.url, dialect, connections, people };
  try {
    await load.play({ ...play, seconds: WARM_UP_SECONDS });
    const from = monotonicMicros();
    const { acknowledged } = await load.play({ ...play, seconds });
    const to = monotonicMicros();
    await server.stop();
    return summarise(readProfile(profiles), from, to, acknowledged);
  } finally {
    await load.stop();
    await server.stop();
  }
}

function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

function readProfile(folder: string): CpuProfile {
  const [file] = readdirSync(folder);
  if (file === undefined) throw new Error('the server left no profile');
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
}

function summarise(profile: CpuProfile, from: number, to: number, events: number): Profile {
  const spent = new Map<number, number>();
  let at = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    if (at >= from && at <= to) spent.set(id, (spent.get(id) ?? 0) + delta);
  }
  const functions = new Map<string, { area: string; micros: number }>();
  const areas = new Map<string, { area: string; micros: number }>();
  for (const { id, callFrame } of profile.nodes) {
    const micros = spent.get(id) ?? 0;
    const { functionName, url, lineNumber } = callFrame;
    if (micros === 0 || functionName === '(idle)') continue;
    const area = areaOf(url, functionName);
    const place =
      url === '' ? '' : ` ${url.replace(/^.*\/(?=(?:node_modules|src|test)\/)/, '')}:${lineNumber + 1}`;
    add(functions, `${functionName || '(anonymous)'}${place}`, area, micros);
    add(areas, area, area, micros);
  }
  return { events, areas: ranked(areas, events), functions: ranked(functions, events) };
}

function add(to: Map<string, { area: string; micros: number }>, name: string, area: string, micros: number) {
  to.set(name, { area, micros: (to.get(name)?.micros ?? 0) + micros });
}

function ranked(spent: Map<string, { area: string; micros: number }>, events: number): Spent[] {
  const total = [...spent.values()].reduce((sum, { micros }) => sum + micros, 0);
  return [...spent]
    .map(([name, { area, micros }]) => ({
      name,
      area,
      microsPerEvent: micros / events,
      share: micros / total,
    }))
    .toSorted((a, b) => b.microsPerEvent - a.microsPerEvent);
}

/** The first that fits names the area a function belongs to. */
const AREAS: [pattern: RegExp, area: string][] = [
  [/node_modules\/xstate\//, 'xstate'],
  [/node_modules\/zod\//, 'zod'],
  [/node_modules\/better-sqlite3\//, 'sqlite'],
  [/node_modules\/drizzle-orm\//, 'drizzle'],
  [/node_modules\/prom-client\//, 'metrics'],
  [/node_modules\//, 'fastify and plugins'],
  [/node:internal\/crypto/, 'crypto'],
  [/^node:/, 'node: http, net, streams'],
  [/\/src\/engine\/(?:canonical|entry)\.ts/, 'entry: canonical bytes'],
  [/\/src\/engine\/(?:classify|forms)\.ts/, 'forms'],
  [/\/src\/engine\//, 'engine'],
  [/\/src\/machines\//, 'machines'],
  [/\/src\/vault\//, 'vault'],
  [/\/src\/db\//, 'db'],
  [/\/src\/http\//, 'http'],
  [/\/test\//, 'bench'],
];

/** Native functions have no file; these are told by their names. */
const NATIVES: Record<string, string> = {
  run: 'sqlite',
  get: 'sqlite',
  all: 'sqlite',
  exec: 'sqlite',
  parse: 'json',
  stringify: 'json',
  normalize: 'entry: canonical bytes',
  update: 'crypto',
  digest: 'crypto',
  Hash: 'crypto',
  Hmac: 'crypto',
  final: 'crypto',
  structuredClone: 'json',
  writeUtf8String: 'node: http, net, streams',
  writev: 'node: http, net, streams',
  '(garbage collector)': 'garbage collector',
};

function areaOf(url: string, name: string): string {
  if (url === '') return NATIVES[name] ?? 'V8 and native';
  return AREAS.find(([pattern]) => pattern.test(url))?.[1] ?? 'other';
}
