import { defineComponent, reactive, watch } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import { say } from '../../shared/language.ts';
import type { components } from '../../shared/openapi.ts';
import { type CaseFilter, filterQuery, readFilter, searchQuery } from '../case-filter.ts';
import { count, moment, shortId } from '../format.ts';
import { load } from '../load.ts';
import { api } from '../session.ts';
import { countStates, type StateCount } from '../state-counts.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';

const nothing: CaseFilter = { matter: '', state: '', openedFrom: '', openedTo: '', cursor: '' };

/** What is looked for stands in the address: back and forward, a bookmark, a colleague all lead to the same list. */
export const CasesPage = defineComponent(() => {
  const route = useRoute();
  const router = useRouter();
  const filter = () => readFilter(route.query);
  const typed = reactive(filter());
  watch(filter, (now) => Object.assign(typed, now));

  const list = load(
    () => searchQuery(filter()),
    (query) => api.GET('/v1/audit/cases', { params: { query } }),
  );
  const overview = load(
    () => '',
    () => api.GET('/v1/audit/overview', { params: { query: { days: '1' } } }),
  );
  const matters = load(
    () => '',
    () => api.GET('/v1/matters'),
  );
  const go = (to: CaseFilter) => void router.push({ query: filterQuery(to) });

  return () => (
    <main id="page" class="with-side">
      <aside class="side" aria-label={say(words.filters)}>
        <FilterForm
          filter={typed}
          matters={(matters.data.value?.items ?? []).filter(({ offered }) => offered)}
          onSearch={() => go({ ...typed, cursor: '' })}
          onClear={() => go(nothing)}
        />
        <ById onOpen={(id) => void router.push(`/cases/${encodeURIComponent(id)}`)} />
        <StateList
          counts={countStates((overview.data.value?.standing ?? []).filter((each) => fits(each, filter())))}
          chosen={filter().state}
          filter={filter()}
        />
      </aside>
      <div>
        <h1>{say(words.cases)}</h1>
        {list.problem.value ? (
          <ProblemNote problem={list.problem.value} onAgain={() => void list.reload()} />
        ) : list.data.value ? (
          <CaseList page={list.data.value} filter={filter()} />
        ) : (
          <p class="soft">{say(words.loading)}</p>
        )}
      </div>
    </main>
  );
});

function fits({ matter }: { matter: string }, filter: CaseFilter): boolean {
  return filter.matter === '' || filter.matter === matter;
}

type Matter = components['schemas']['MatterSummary'];

const FilterForm = defineComponent(
  (
    props: { filter: CaseFilter; matters: Matter[] },
    { emit }: { emit: (event: 'search' | 'clear') => void },
  ) => {
    const write = (name: keyof CaseFilter) => (event: Event) => {
      props.filter[name] = (event.target as HTMLInputElement | HTMLSelectElement).value;
    };
    const submit = (event: Event) => {
      event.preventDefault();
      emit('search');
    };
    return () => (
      <search>
        <form class="panel stack" onSubmit={submit}>
          <label>
            {say(words.matter)}
            <select value={props.filter.matter} onChange={write('matter')}>
              <option value="">{say(words.allMatters)}</option>
              {props.matters.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <label>
            {say(words.state)}
            <input
              value={props.filter.state}
              onInput={write('state')}
              placeholder={say(words.stateHint)}
              spellcheck="false"
            />
          </label>
          <label>
            {say(words.openedFrom)}
            <input type="date" value={props.filter.openedFrom} onInput={write('openedFrom')} />
          </label>
          <label>
            {say(words.openedTo)}
            <input type="date" value={props.filter.openedTo} onInput={write('openedTo')} />
          </label>
          <div class="row">
            <button type="submit" class="main">
              {say(words.search)}
            </button>
            <button type="button" onClick={() => emit('clear')}>
              {say(words.clear)}
            </button>
          </div>
        </form>
      </search>
    );
  },
  { props: ['filter', 'matters'], emits: ['search', 'clear'] },
);

const ById = defineComponent(
  (_props: object, { emit }: { emit: (event: 'open', id: string) => void }) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const id = new FormData(event.target as HTMLFormElement).get('id');
      if (typeof id === 'string' && id.trim() !== '') emit('open', id.trim());
    };
    return () => (
      <form class="panel stack" onSubmit={submit}>
        <label>
          {say(words.byId)}
          <input name="id" spellcheck="false" autocomplete="off" />
        </label>
        <div class="row">
          <button type="submit">{say(words.open)}</button>
        </div>
      </form>
    );
  },
  { emits: ['open'] },
);

const StateList = defineComponent(
  (props: { counts: StateCount[]; chosen: string; filter: CaseFilter }) => () => (
    <nav class="panel" aria-label={say(words.countsByState)}>
      <h2>{say(words.countsByState)}</h2>
      <ul class="states">
        {props.counts.map(({ state, cases }) => (
          <li key={state} class={`depth-${Math.min(3, state.split('.').length - 1)}`}>
            <RouterLink
              to={{ query: filterQuery({ ...props.filter, state, cursor: '' }) }}
              aria-current={state === props.chosen ? 'true' : undefined}
            >
              {() => [<span>{state.split('.').at(-1)}</span>, <span class="number">{count(cases)}</span>]}
            </RouterLink>
          </li>
        ))}
      </ul>
    </nav>
  ),
  { props: ['counts', 'chosen', 'filter'] },
);

type CasePage = { items: components['schemas']['CaseSummary'][]; next: string | null };

const CaseList = defineComponent(
  (props: { page: CasePage; filter: CaseFilter }) => () => (
    <>
      {props.page.items.length === 0 ? (
        <p class="panel">{say(words.nothing)}</p>
      ) : (
        <section class="panel flush">
          <DataTable
            caption={say(words.cases)}
            columns={[
              { title: say(words.case) },
              { title: say(words.states) },
              { title: say(words.status) },
              { title: say(words.entries), isNumber: true },
              { title: say(words.opened) },
              { title: say(words.updated) },
              { title: say(words.matter) },
            ]}
            rows={props.page.items.map((each) => [
              <RouterLink to={`/cases/${each.id}`} title={each.id}>
                {() => <code>{shortId(each.id)}</code>}
              </RouterLink>,
              each.states.map((state) => (
                <span key={state} class="state">
                  {state}
                </span>
              )),
              say(words[each.status]),
              count(each.seq),
              moment(each.openedAt),
              moment(each.updatedAt),
              <code class="soft">
                {each.matter} {each.machineVersion}
              </code>,
            ])}
          />
        </section>
      )}
      <nav class="row pager" aria-label={say(words.nextPage)}>
        {props.filter.cursor !== '' && (
          <RouterLink to={{ query: filterQuery({ ...props.filter, cursor: '' }) }}>
            {() => say(words.firstPage)}
          </RouterLink>
        )}
        {props.page.next !== null && (
          <RouterLink to={{ query: filterQuery({ ...props.filter, cursor: props.page.next }) }}>
            {() => say(words.nextPage)}
          </RouterLink>
        )}
      </nav>
    </>
  ),
  { props: ['page', 'filter'] },
);
