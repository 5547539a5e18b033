import { defineComponent } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import { say } from '../../shared/language.ts';
import { ExportButtons } from '../export-buttons.tsx';
import { count, moment, shortId, since } from '../format.ts';
import { COLOURS } from '../graphs/colours.ts';
import { DayBars } from '../graphs/day-bars.tsx';
import { Legend } from '../graphs/legend.tsx';
import { StackedBar } from '../graphs/stacked-bar.tsx';
import { load } from '../load.ts';
import { api } from '../session.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';
import { listDays, type Overview, seriesOf } from './overview-series.ts';

const PERIODS = ['7', '30', '90'];

export const OverviewPage = defineComponent(() => {
  const route = useRoute();
  const router = useRouter();
  const daysAsked = () => PERIODS.find((days) => days === route.query.days) ?? '30';
  const { data, problem, reload } = load(daysAsked, (days) =>
    api.GET('/v1/audit/overview', { params: { query: { days } } }),
  );

  return () => (
    <main id="page">
      <div class="title-row">
        <h1>{say(words.overview)}</h1>
        <fieldset class="choices">
          <legend class="hidden">{say(words.period)}</legend>
          {PERIODS.map((days) => (
            <label key={days}>
              <input
                type="radio"
                name="days"
                value={days}
                checked={days === daysAsked()}
                onChange={() => void router.push({ query: { days } })}
              />
              {days} {say(words.days)}
            </label>
          ))}
        </fieldset>
        <ExportButtons />
      </div>
      {problem.value && <ProblemNote problem={problem.value} onAgain={() => void reload()} />}
      {data.value ? showOverview(data.value) : !problem.value && <p class="soft">{say(words.loading)}</p>}
    </main>
  );
});

function showOverview(overview: Overview) {
  return (
    <>
      {showTotals(overview)}
      {showDays(overview)}
      {showStanding(overview)}
      <div class="columns">
        {showWork(overview)}
        {showFailures(overview)}
      </div>
      {showOldest(overview)}
    </>
  );
}

function showTotals({ standing }: Overview) {
  const total = (stage: string) =>
    standing.filter((each) => each.stage === stage).reduce((sum, { cases }) => sum + cases, 0);
  return (
    <dl class="totals">
      {(['under-way', 'submitted', 'ended'] as const).map((stage) => (
        <div key={stage} class="panel">
          <dt>{say(words[stage])}</dt>
          <dd>{count(total(stage))}</dd>
        </div>
      ))}
      <div class="panel">
        <dt>{say(words.total)}</dt>
        <dd>{count(standing.reduce((sum, { cases }) => sum + cases, 0))}</dd>
      </div>
    </dl>
  );
}

function showDays(overview: Overview) {
  const days = listDays(overview);
  const series = seriesOf(overview, days);
  const title = say(words.openedPerDay);
  return (
    <section class="panel">
      <h2>{title}</h2>
      <DayBars title={title} days={days} series={series} />
      <p class="soft">{say(words.reachedNote)}</p>
      <details>
        <summary>{say(words.asTable)}</summary>
        <DataTable
          caption={title}
          columns={[
            { title: say(words.dayOf) },
            ...series.map(({ name }) => ({ title: name, isNumber: true })),
          ]}
          rows={days.map((day, index) => [day, ...series.map(({ values }) => count(values[index] ?? 0))])}
        />
      </details>
    </section>
  );
}

type Standing = Overview['standing'][number];

/** Darker is longer. */
function agesOf({ ages }: Standing) {
  return [
    { name: say(words.hourAge), value: ages.hour, colour: COLOURS.sky },
    { name: say(words.dayAge), value: ages.day, colour: COLOURS.blue },
    { name: say(words.weekAge), value: ages.week, colour: COLOURS.orange },
    { name: say(words.olderAge), value: ages.older, colour: COLOURS.vermilion },
  ];
}

function showStanding({ standing, at }: Overview) {
  const title = say(words.whereStanding);
  const most = Math.max(0, ...standing.map(({ cases }) => cases));
  const [first] = standing;
  return (
    <section class="panel">
      <h2>{title}</h2>
      {first && <Legend series={agesOf(first)} />}
      <DataTable
        caption={title}
        columns={[
          { title: say(words.states) },
          { title: say(words.stage) },
          { title: say(words.cases), isNumber: true },
          { title: say(words.waiting) },
          ...(first ? agesOf(first).map(({ name }) => ({ title: name, isNumber: true })) : []),
          { title: say(words.longest), isNumber: true },
        ]}
        rows={standing.map((each) => [
          showStates(each),
          say(words[each.stage]),
          count(each.cases),
          <StackedBar title={tellAges(each)} parts={agesOf(each)} most={most} />,
          ...agesOf(each).map(({ value }) => count(value)),
          since(each.since, at),
        ])}
      />
    </section>
  );
}

function showStates({ states, matter }: Standing) {
  return states.map((state) => (
    <RouterLink key={state} class="state" to={{ path: '/cases', query: { matter, state } }}>
      {() => state}
    </RouterLink>
  ));
}

function tellAges(each: Standing): string {
  return agesOf(each)
    .map(({ name, value }) => `${name} ${value}`)
    .join(' · ');
}

function showWork({ work, at }: Overview) {
  return (
    <section class="panel">
      <h2>{say(words.work)}</h2>
      <DataTable
        caption={say(words.work)}
        columns={[
          { title: say(words.effect) },
          { title: say(words.tasks), isNumber: true },
          { title: say(words.retried), isNumber: true },
          { title: say(words.attempts), isNumber: true },
          { title: say(words.longest), isNumber: true },
        ]}
        rows={work.map(({ name, tasks, retried, attempts, since: from }) => [
          <code>{name}</code>,
          count(tasks),
          count(retried),
          count(attempts),
          since(from, at),
        ])}
      />
    </section>
  );
}

function showFailures({ failures }: Overview) {
  return (
    <section class="panel">
      <h2>{say(words.failures)}</h2>
      <p class="soft">{say(words.failuresNote)}</p>
      <DataTable
        caption={say(words.failures)}
        columns={[
          { title: say(words.dayOf) },
          { title: say(words.effect) },
          { title: say(words.code) },
          { title: say(words.times), isNumber: true },
        ]}
        rows={failures
          .toReversed()
          .map(({ day, effect, code, times }) => [
            day,
            <code>{effect}</code>,
            <code>{code}</code>,
            count(times),
          ])}
      />
    </section>
  );
}

function showOldest({ oldest, at }: Overview) {
  return (
    <section class="panel">
      <h2>{say(words.oldest)}</h2>
      <DataTable
        caption={say(words.oldest)}
        columns={[
          { title: say(words.case) },
          { title: say(words.effect) },
          { title: say(words.attempts), isNumber: true },
          { title: say(words.when) },
          { title: say(words.waiting), isNumber: true },
        ]}
        rows={oldest.map((task) => [
          <RouterLink to={`/cases/${task.case}`}>{() => <code>{shortId(task.case)}</code>}</RouterLink>,
          <code>{task.name}</code>,
          count(task.attempts),
          moment(task.since),
          since(task.since, at),
        ])}
      />
    </section>
  );
}
