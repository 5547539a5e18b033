import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One import statement: a file of ours by its path, a package by its name. */
interface Import {
  from: string;
  to: string;
  /** Whether it is gone when types are stripped. */
  typeOnly: boolean;
}

const sources = new Map(listSources().map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const imports = [...sources].flatMap(([file, text]) => readImports(file, text));

/** The log as the specifications have it, for whoever writes it and for whoever verifies it. */
const LOG = ['misfit', 'tree', 'tiles', 'note', 'checkpoint', 'proof', 'rotation', 'cosign-request'].map(
  (name) => `src/log/${name}.ts`,
);
const ENGINE = [
  'step',
  'interpret',
  'entry',
  'canonical',
  'replay',
  'gate',
  'tags',
  'versions',
  'wanted',
  'migrate',
].map((name) => `src/engine/${name}.ts`);
/** Decide from what they are given: no clock, no chance, no disk, no network. */
const PURE = [...ENGINE, ...LOG, 'src/witness/decide.ts'];

/**
 * Who may import what. A pattern ends in `/` for a whole folder; `type ` in front allows types only. Node's own
 * modules are named where they must be few, and `node:` allows them all.
 */
const layers: { promise: string; files: (file: string) => boolean; may: string[] }[] = [
  {
    promise: 'the pure files know XState, each other, the vocabulary and digests',
    files: (file) => ENGINE.includes(file),
    may: [...ENGINE, 'type src/engine/types.ts', 'xstate', 'node:crypto'],
  },
  {
    promise: 'tree, tiles, notes and proofs know each other and digests, and nothing of this service',
    files: (file) => LOG.includes(file),
    may: [...LOG, 'node:crypto'],
  },
  {
    promise: 'the engine knows no HTTP, no provider and no machine, and of store and vault their types only',
    files: within('src/engine/'),
    may: ['src/engine/', 'type src/db/', 'type src/vault/', 'xstate', 'zod', 'node:crypto', 'node:events'],
  },
  {
    promise: 'the vocabulary of the engine is made of types only',
    files: (file) => file === 'src/engine/types.ts',
    may: ['type xstate', 'type zod'],
  },
  {
    promise: 'a store knows the vocabulary, the entry and how to refuse, and nothing of who uses it',
    files: within('src/db/'),
    may: [
      'src/db/',
      'type src/engine/types.ts',
      'src/engine/entry.ts',
      'src/engine/tags.ts',
      'src/engine/errors.ts',
      'type src/vault/vault.ts',
      'type xstate',
      'drizzle-orm',
      'better-sqlite3',
      'node:',
    ],
  },
  {
    promise: 'the contract of a store is made of types only',
    files: (file) => file === 'src/db/store.ts',
    may: ['type src/engine/types.ts', 'type src/vault/vault.ts'],
  },
  {
    promise: 'the vault knows the vocabulary and ids, and nothing of cases',
    files: within('src/vault/'),
    may: ['src/vault/', 'type src/engine/types.ts', 'src/engine/ids.ts', '@node-rs/argon2', 'zod', 'node:'],
  },
  {
    promise: 'providers know nobody but themselves',
    files: within('src/providers/'),
    may: ['src/providers/', 'better-sqlite3', 'node:'],
  },
  {
    promise: 'what matters share knows XState, zod, and how the engine marks, words and compares',
    files: within('src/machines/shared/'),
    may: ['src/machines/shared/', ...forMatters()],
  },
  {
    promise: 'a matter knows its own folder, what matters share, and no other matter',
    files: (file) => matterOf(file) !== undefined,
    may: ['src/machines/shared/', 'src/machines/define.ts', 'type src/machines/story.ts', ...forMatters()],
  },
  {
    promise: 'what finds and checks matters knows their types',
    files: (file) => /^src\/machines\/[^/]+\.ts$/.test(file),
    may: [
      'type src/engine/types.ts',
      'type src/providers/types.ts',
      'type src/machines/shared/',
      'src/machines/define.ts',
      'type xstate',
      'node:fs',
      'node:fs/promises',
    ],
  },
  {
    promise: 'charts know a machine’s structure and how to draw it',
    files: within('src/chart/'),
    may: ['src/chart/', 'type src/engine/types.ts', 'type xstate', 'elkjs'],
  },
  {
    promise: 'questions know the contract of a store, how an entry is read, and nothing of who asks',
    files: within('src/questions/'),
    may: ['src/questions/', 'type src/engine/types.ts', 'src/engine/entry.ts', 'type src/db/store.ts', 'zod'],
  },
  {
    promise: 'what writes the log knows its files, its keys and time, and of the engine types only',
    files: within('src/log/'),
    may: ['src/log/', 'type src/engine/runtime.ts', 'sm-crypto-v2', 'zod', 'node:'],
  },
  {
    promise: 'a witness decides by the rules of the log, and knows no case',
    files: within('src/witness/'),
    may: ['src/witness/', 'src/log/', 'type src/engine/runtime.ts', 'fastify', 'node:crypto', 'node:path'],
  },
  {
    promise: 'an export knows entries, leaves and machines, and of the store its types only',
    files: within('src/export/'),
    may: ['src/export/', 'src/engine/', 'src/log/', 'type src/db/', 'better-sqlite3', 'node:'],
  },
  {
    promise:
      'a package of a case knows its entries, its machine and the log, and of the store its types only',
    files: within('src/archive/'),
    may: ['src/archive/', 'src/engine/', 'src/export/', 'src/log/', 'type src/db/', 'node:'],
  },
  {
    promise:
      'verification knows the engine, the log and how exports are written, and of store and vault their types only',
    files: within('src/verify/'),
    may: ['src/verify/', 'src/engine/', 'src/export/', 'src/log/', 'type src/db/', 'node:'],
  },
  {
    promise:
      'HTTP knows the engine, questions, charts and the rules of the log; of store, vault and providers it knows types only',
    files: within('src/http/'),
    may: [
      'src/http/',
      'src/engine/',
      'src/questions/',
      'src/export/',
      'src/chart/',
      ...LOG,
      'type src/log/publisher.ts',
      'type src/db/store.ts',
      'type src/vault/',
      'type src/providers/',
      'fastify',
      'fastify-type-provider-zod',
      '@fastify/',
      'zod',
      'sharp',
      'prom-client',
      'node:',
    ],
  },
  {
    promise: 'what pages share knows neither application; the server they ask, they never import',
    files: within('src/web/shared/'),
    may: ['src/web/shared/', ...forPages(), 'openapi-fetch', '@fontsource-variable/noto-sans-sc'],
  },
  {
    promise: 'the citizens’ pages know nothing of the auditors’',
    files: within('src/web/citizen/'),
    may: ['src/web/shared/', 'src/web/citizen/', ...forPages()],
  },
  {
    promise: 'the auditors’ pages know nothing of the citizens’',
    files: within('src/web/audit/'),
    may: ['src/web/shared/', 'src/web/audit/', ...forPages()],
  },
  {
    promise: 'what builds the pages knows how to build, and no page',
    files: (file) => /^src\/web\/[^/]+\.ts$/.test(file),
    may: ['src/web/build.ts', 'vite', 'node:'],
  },
];

describe('imports point one way', () => {
  test.each(layers.map((layer) => [layer.promise, layer] as const))('%s', (_promise, { files, may }) => {
    const own = imports.filter(({ from }) => files(from));
    expect(own).not.toEqual([]);
    expect(own.filter((one) => !isAllowed(one, may)).map(show)).toEqual([]);
  });

  test('only the program’s own start reaches main, the command line and the configuration', () => {
    const top = /^src\/(?:main|cli|config|clock|lock)\.ts$|^src\/cli\//;
    const reached = imports.filter(({ from, to }) => top.test(to) && !top.test(from));
    expect(reached.map(show)).toEqual([]);
  });

  test('every file is held by one of these rules, or stands at the top', () => {
    const top = /^src\/(?:main|cli|config|clock|lock)\.ts$|^src\/cli\//;
    const loose = [...sources.keys()].filter(
      (file) => !top.test(file) && !layers.some(({ files }) => files(file)),
    );
    expect(loose).toEqual([]);
  });

  test('there is no way round in a circle', () => {
    expect(findCycles()).toEqual([]);
  });

  test('every import of ours names a file that is there', () => {
    const lost = imports.filter(({ to }) => to.startsWith('src/') && !existsSync(join(ROOT, to)));
    expect(lost.map(show)).toEqual([]);
  });

  test('and they are really read: the sample of each kind is found', () => {
    expect(imports).toContainEqual({
      from: 'src/engine/send.ts',
      to: 'src/engine/step.ts',
      typeOnly: false,
    });
    expect(imports).toContainEqual({ from: 'src/engine/send.ts', to: 'src/db/store.ts', typeOnly: true });
    expect(imports).toContainEqual({ from: 'src/engine/step.ts', to: 'xstate', typeOnly: true });
    expect(readImports('src/a.ts', "const a = await import('./b.ts');")).toEqual([
      { from: 'src/a.ts', to: 'src/b.ts', typeOnly: false },
    ]);
    expect(
      readImports('src/a.ts', "import './b.ts';\nexport * from './c.ts';\nimport {\n  a,\n} from 'd';"),
    ).toEqual(['src/b.ts', 'src/c.ts', 'd'].map((to) => ({ from: 'src/a.ts', to, typeOnly: false })));
    expect(readImports('src/a.ts', "import { type A, type B } from './b.ts';")[0]?.typeOnly).toBe(false);
  });
});

describe('time, chance and the world outside', () => {
  const outside: [what: string, pattern: RegExp][] = [
    [
      'the clock',
      /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\b|\bhrtime\b|\bTemporal\.Now\b/,
    ],
    [
      'chance',
      /\bMath\.random\b|\brandom(?:Bytes|UUID|Int|Fill)\w*\b|\bgetRandomValues\b|\bnewId\b|\bnewToken\b/,
    ],
    ['waiting', /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\basync\b|\bawait\b|\bPromise\b/],
    ['the network', /\bfetch\b|\bnode:(?:https?|net|dns|tls)\b/],
    ['the disk', /\bnode:fs\b/],
    ['a running actor', /\.start\(\)/],
    ['the process', /\bprocess\b/],
  ];

  test.each(outside)('%s is nowhere in the pure files', (_what, pattern) => {
    expect(filesWith(pattern).filter((file) => PURE.includes(file))).toEqual([]);
  });

  test('all the pure files are there', () => {
    expect(PURE.filter((file) => !sources.has(file))).toEqual([]);
  });

  test('the engine reads no clock: time comes in through the runtime', () => {
    const clock = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bset(?:Timeout|Interval)\b/;
    expect(filesWith(clock).filter(within('src/engine/'))).toEqual([]);
  });

  test('a matter reads no clock and draws no random number', () => {
    const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b/;
    expect(filesWith(impure).filter(within('src/machines/'))).toEqual([]);
  });

  test('the environment is read at the start only', () => {
    const environment = /\bprocess\.env\b|\bprocess\[|\benv\b[^;]*from 'node:process'/;
    const readers = filesWith(environment).filter(
      (file) => file !== 'src/config.ts' && !file.startsWith('src/cli/'),
    );
    expect(readers).toEqual([]);
  });
});

function forPages(): string[] {
  return ['vue', 'vue-router', 'vant'];
}

function forMatters(): string[] {
  return [
    'type src/engine/types.ts',
    'src/engine/classify.ts',
    'src/engine/errors.ts',
    'src/engine/secrets.ts',
    'type src/providers/types.ts',
    'xstate',
    'zod',
  ];
}

function listSources(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join('src', file).replaceAll('\\', '/'))
    .toSorted();
}

/** Statements begin a line here, for the formatter sees to it. */
function readImports(file: string, text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  const statement = /^(?:import|export)\s(\s*type\s)?(?:[\w*\s{},]*?\sfrom\s)?\s*'([^']+)'/gm;
  for (const [, type, to = ''] of code.matchAll(statement)) {
    found.push({ from: file, to: resolveImport(file, to), typeOnly: type !== undefined });
  }
  for (const [, to = ''] of code.matchAll(/\bimport\(\s*'([^']+)'/g)) {
    found.push({ from: file, to: resolveImport(file, to), typeOnly: false });
  }
  return found;
}

function resolveImport(file: string, to: string): string {
  if (!to.startsWith('.')) return to;
  return relative(ROOT, join(ROOT, dirname(file), to)).replaceAll('\\', '/');
}

/** Comments may speak of what the code must not do. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function filesWith(pattern: RegExp): string[] {
  return [...sources].filter(([, text]) => pattern.test(withoutComments(text))).map(([file]) => file);
}

function within(folder: string): (file: string) => boolean {
  return (file) => file.startsWith(folder);
}

/** The folder of the matter a file belongs to. */
function matterOf(file: string): string | undefined {
  const folder = /^src\/machines\/([^/]+)\//.exec(file)?.[1];
  return folder === 'shared' ? undefined : folder;
}

function isAllowed(one: Import, may: string[]): boolean {
  if (matterOf(one.to) !== undefined && matterOf(one.to) === matterOf(one.from)) return true;
  return may.some((pattern) => {
    const types = pattern.startsWith('type ');
    return (!types || one.typeOnly) && covers(types ? pattern.slice('type '.length) : pattern, one.to);
  });
}

function covers(pattern: string, to: string): boolean {
  if (/[/:]$/.test(pattern)) return to.startsWith(pattern);
  return to === pattern || (!pattern.startsWith('src/') && to.startsWith(`${pattern}/`));
}

function show({ from, to, typeOnly }: Import): string {
  return `${from} → ${to}${typeOnly ? ' (type)' : ''}`;
}

/** Each circle of files once, as the way round it; types count, for a circle of types is one too. */
function findCycles(): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: string[]): void => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (way.includes(file) || done.has(file)) return;
    for (const { from, to } of imports) if (from === file) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}
