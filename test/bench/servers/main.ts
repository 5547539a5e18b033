/** One server of the bench, in a process of its own that loads nothing of the others. `BENCH_SERVER` says which. */
import { inventPeople } from '../../load/people.ts';

const { BENCH_SERVER: name, BANJIAN_DATA: folder = '', BENCH_PEOPLE = '64' } = process.env;
const settings = { folder, people: Number(BENCH_PEOPLE) };
const people = () => inventPeople(settings.people);

const starters: Record<string, () => Promise<string>> = {
  echo: async () => (await import('./echo.ts')).startEcho(),
  hand: async () => (await import('./hand.ts')).startHand(settings, people()),
  plain: async () => (await import('./plain.ts')).startPlain(settings, people()),
  banjian: async () => (await import('./banjian.ts')).startBanjian(settings, people(), process.env),
};

const start = starters[name ?? ''];
if (!start) throw new Error(`no server is called ${name}`);
console.log(`listening ${await start()}`);
