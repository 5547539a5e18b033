import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { type Case, Client, type Person, UnexpectedAnswer } from './walk/client.ts';
import { type Move, nextMove } from './walk/next.ts';
import { describeEnd, describeStep, type Language } from './walk/print.ts';
import { samplePng } from './walk/sample-image.ts';

const HELP = `banjian walk: 在运行中的服务上走完全程 · plays the whole path against a running server

  --url URL               默认取 HOST、PORT · http://HOST:PORT when left out
  --kind normal|forced    正常注销(默认)或强制注销 · normal when left out
  --new                   未注册人员,先注册 · an unregistered sample person, who registers first
  --language zh-CN|en     提示语言 · language of the messages
  --until EVENT           到此事件为止 · stop after this event
  --resume CASE --token T 从办件当前状态继续 · go on from where a case is
  --withdraw              最后撤回申请 · withdraw at the end
`;
const MATTER = 'supervision-engineer-deregistration';
/** A walk has some 25 steps; more means it goes round in circles. */
const MAX_STEPS = 60;
const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 250;

interface Options {
  client: Client;
  kind: 'normal' | 'forced';
  isNew: boolean;
  language: Language;
  until: string | undefined;
  withdraw: boolean;
}

/** Plays a person who deregisters. @throws UnexpectedAnswer where the service does not do what it should. */
export async function walk(args: string[]): Promise<void> {
  const { values } = readArgs(args);
  if (values.help) return console.log(HELP);
  const language = oneOf('--language', values.language, ['zh-CN', 'en'] as const);
  const options: Options = {
    client: new Client(values.url ?? defaultUrl(), language),
    kind: oneOf('--kind', values.kind, ['normal', 'forced'] as const),
    isNew: values.new,
    language,
    until: values.until,
    withdraw: values.withdraw,
  };
  if (values.resume === undefined) return walkAnew(options);
  if (values.token === undefined) throw new Error('--resume 需要 --token · --resume needs --token');
  await resume(options, values.resume, values.token);
}

function readArgs(args: string[]) {
  return parseArgs({
    args,
    options: {
      url: { type: 'string' },
      kind: { type: 'string', default: 'normal' },
      new: { type: 'boolean', default: false },
      language: { type: 'string', default: 'zh-CN' },
      until: { type: 'string' },
      resume: { type: 'string' },
      token: { type: 'string' },
      withdraw: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((each) => each === value);
  if (!found) throw new Error(`${name}: ${values.join(' | ')}`);
  return found;
}

function defaultUrl(): string {
  const { host, port } = readConfig(process.env);
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Tries the sample people one after another: who walked before has an application open, and may not open a second. */
async function walkAnew(options: Options): Promise<void> {
  const people = await listPeople(options);
  for (const person of people) {
    console.log(say(options, `人员 ${person.name}(模拟数据)`, `Person: ${person.name} (sample data)`));
    const walker = await openCase(options, person);
    if (await go(options, walker, person)) return;
    console.log(
      say(
        options,
        '此人已有在办申请,换下一位。\n',
        'This person already has an application open; taking the next.\n',
      ),
    );
  }
  throw new Error(
    options.isNew
      ? '没有尚未注册的模拟人员了:请换一个 BANJIAN_DATA,或不用 --new · No unregistered sample person is left: use another BANJIAN_DATA, or walk without --new.'
      : '模拟人员都已有在办申请:请换一个 BANJIAN_DATA · Every sample person has an application open: use another BANJIAN_DATA.',
  );
}

async function listPeople({ client, isNew }: Options): Promise<Person[]> {
  const { people } = await client.get<{ people: Person[] }>('/simulator/people');
  return people.filter(({ registered, register }) => registered !== isNew && register === 'valid');
}

interface Walker {
  here: Case;
  steps: number;
}

/** Figures 1 to 4: a fresh session, a profile, the matter. */
async function openCase({ client }: Options, person: Person): Promise<Walker> {
  client.token = undefined;
  const session = await client.post<{ token: string }>('/v1/sessions', { channel: 'web' });
  client.token = session.token;
  await client.put('/v1/me/profile', { nickname: `${person.name.slice(0, 1)}工` });
  const avatar = new FormData();
  avatar.set('file', new Blob([samplePng()], { type: 'image/png' }), 'avatar.png');
  await client.put('/v1/me/avatar', avatar);
  const here = await client.post<Case>(`/v1/matters/${MATTER}/cases`, {});
  console.log(describeStep({ number: 1, event: 'case.open', before: [], now: here }));
  return { here, steps: 1 };
}

async function resume(options: Options, caseId: string, token: string): Promise<void> {
  options.client.token = token;
  const here = await options.client.get<Case>(`/v1/cases/${caseId}`);
  console.log(describeStep({ number: 0, event: 'case', before: [], now: here }));
  const { people } = await options.client.get<{ people: Person[] }>('/simulator/people');
  const person = people.find((each) => looksLike(each, here)) ?? people[0];
  if (!person) throw new Error('no sample people');
  if (!(await go(options, { here, steps: 0 }, person))) throw new Error('case-open-already');
}

/** Only masked values come back, but samples differ where a mask shows something. */
function looksLike({ name, idNumber }: Person, { data }: Case): boolean {
  const shown = (value: unknown) => (typeof value === 'string' ? value.replace(/\*.*$/, '') : '');
  return idNumber.startsWith(shown(data.idNumber)) && name.startsWith(shown(data.name));
}

/** Walks on to the end. False when the person turns out to have another application open. */
async function go(options: Options, walker: Walker, person: Person): Promise<boolean> {
  const way = { kind: options.kind, person };
  while (walker.steps < MAX_STEPS) {
    const move = await settledMove(options, walker, way);
    if (!move) return finish(options, walker);
    try {
      await take(options, walker, move);
    } catch (error) {
      if (error instanceof UnexpectedAnswer && error.problem.code === 'case-open-already') return false;
      throw error;
    }
    if (move.event === options.until) {
      console.log(describeEnd(options.client.token ?? '', walker.here, options.language, true));
      return true;
    }
  }
  throw new Error(`still at ${walker.here.states.join(' + ')} after ${MAX_STEPS} steps`);
}

/** Where work is still under way there is nothing to do yet: it looks again until there is, or the end is reached. */
async function settledMove({ client }: Options, walker: Walker, way: Parameters<typeof nextMove>[2]) {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    const move = await nextMove(client, walker.here, way);
    if (move || isOver(walker.here)) return move;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    walker.here = await client.get<Case>(`/v1/cases/${walker.here.id}`);
  }
  throw new Error(`nothing happens any more at ${walker.here.states.join(' + ')}`);
}

function isOver({ status, states }: Case): boolean {
  return status === 'done' || states.some((state) => state.startsWith('submitted.'));
}

async function take({ client }: Options, walker: Walker, move: Move): Promise<void> {
  const { here } = walker;
  const allowed = here.allowed.find(({ event }) => event === move.event);
  if (!allowed) throw new Error(`${move.event} is not allowed at ${here.states.join(' + ')}`);
  await move.before?.(client);
  const answer = await client.post<Case>(allowed.href, move.file ?? move.body);
  walker.here = move.file ? await client.get<Case>(`/v1/cases/${here.id}`) : answer;
  walker.steps++;
  const { event, label } = move;
  const { title } = allowed;
  console.log(
    describeStep({ number: walker.steps, event, title, label, before: here.states, now: walker.here }),
  );
}

async function finish(options: Options, walker: Walker): Promise<boolean> {
  const reached = () => walker.here.states.join(' + ');
  if (!reached().startsWith('submitted.')) {
    throw new Error(
      `${say(options, '办件结束于', 'The case ended at')} ${reached()}: ${walker.here.message ?? ''}`,
    );
  }
  if (options.withdraw) await take(options, walker, { event: 'case.withdraw', body: {} });
  console.log(describeEnd(options.client.token ?? '', walker.here, options.language, false));
  return true;
}

function say({ language }: Options, zh: string, en: string): string {
  return language === 'en' ? en : zh;
}
