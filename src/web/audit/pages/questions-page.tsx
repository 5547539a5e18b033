import { computed, defineComponent } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import type { Problem } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import {
  type ApiDocument,
  apiDocument,
  loadApiDocument,
  membersOf,
  type Operation,
  type Parameter,
} from '../api-document.ts';
import { moment, shortDigest, shortId } from '../format.ts';
import { load } from '../load.ts';
import { ask } from '../session.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';
import { titleOfQuestion } from './question-titles.ts';

const PREFIX = '/v1/audit/questions/';

interface Question {
  name: string;
  operation: Operation;
}

/** The questions of the audit interface: forms and tables follow the document of the API, so a new question is here by itself. */
export const QuestionsPage = defineComponent(
  (props: { name?: string }) => {
    void loadApiDocument();
    const route = useRoute();
    const router = useRouter();
    const questions = computed(() => (apiDocument.value ? listQuestions(apiDocument.value) : []));
    const chosen = computed(() => questions.value.find(({ name }) => name === props.name));
    const asked = () => new URLSearchParams(route.query as Record<string, string>).toString();
    const answer = load(
      () => ({ name: chosen.value?.name, query: asked() }),
      async ({ name, query }): Promise<{ data?: Answer; error?: Problem }> =>
        name !== undefined && query !== '' ? find(name, query) : {},
    );

    return () => (
      <main id="page" class="with-side">
        <nav class="side panel" aria-label={say(words.questions)}>
          <ul class="states">
            {questions.value.map(({ name, operation }) => (
              <li key={name}>
                <RouterLink to={`/questions/${name}`}>
                  {() => say(titleOfQuestion(name, operation.summary))}
                </RouterLink>
              </li>
            ))}
          </ul>
        </nav>
        <div>
          <h1>
            {say(
              chosen.value
                ? titleOfQuestion(chosen.value.name, chosen.value.operation.summary)
                : words.questions,
            )}
          </h1>
          {apiDocument.value && questions.value.length === 0 && <p class="panel">{say(words.noQuestions)}</p>}
          {questions.value.length > 0 && !chosen.value && <p class="panel">{say(words.chooseQuestion)}</p>}
          {chosen.value && (
            <QuestionForm
              key={chosen.value.name}
              parameters={parametersOf(chosen.value.operation)}
              values={route.query as Record<string, string>}
              onAsk={(query) => void router.push({ path: `/questions/${props.name}`, query })}
            />
          )}
          {answer.problem.value && <ProblemNote problem={answer.problem.value} />}
          {!answer.problem.value &&
            chosen.value &&
            asked() !== '' &&
            answer.data.value &&
            apiDocument.value && (
              <section class="panel flush">
                {showAnswer(apiDocument.value, chosen.value, answer.data.value)}
              </section>
            )}
        </div>
      </main>
    );
  },
  { props: ['name'] },
);

function listQuestions({ paths }: ApiDocument): Question[] {
  return Object.entries(paths).flatMap(([path, { get }]) =>
    path.startsWith(PREFIX) && get ? [{ name: path.slice(PREFIX.length), operation: get }] : [],
  );
}

function parametersOf({ parameters }: Operation): Parameter[] {
  return (parameters ?? []).filter(({ in: place, name }) => place === 'query' && name !== 'cursor');
}

interface Answer {
  items: Record<string, unknown>[];
  next: string | null;
}

async function find(name: string, query: string) {
  const answer = await ask(`${PREFIX}${name}?${query}`);
  if ('problem' in answer) return { error: answer.problem };
  return { data: (await answer.response.json()) as Answer };
}

const QuestionForm = defineComponent(
  (
    props: { parameters: Parameter[]; values: Record<string, string> },
    { emit }: { emit: (event: 'ask', query: Record<string, string>) => void },
  ) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const given = [...new FormData(event.target as HTMLFormElement)].map(([name, value]) => [
        name,
        typeof value === 'string' ? value.trim() : '',
      ]);
      emit('ask', Object.fromEntries([['limit', '50'], ...given.filter(([, value]) => value !== '')]));
    };
    return () => (
      <form class="panel question" onSubmit={submit}>
        {props.parameters.map(({ name, required, description }) => (
          <label key={name}>
            <span>
              <code>{name}</code> {required && <span class="soft">({say(words.required)})</span>}
            </span>
            <input
              name={name}
              required={required === true}
              value={props.values[name] ?? ''}
              spellcheck="false"
              aria-describedby={description === undefined ? undefined : `about-${name}`}
            />
            {description !== undefined && (
              <span id={`about-${name}`} class="soft" lang="en">
                {description}
              </span>
            )}
          </label>
        ))}
        <div class="row">
          <button type="submit" class="main">
            {say(words.ask)}
          </button>
        </div>
      </form>
    );
  },
  { props: ['parameters', 'values'], emits: ['ask'] },
);

function showAnswer(document: ApiDocument, { operation, name }: Question, { items, next }: Answer) {
  const members = membersOf(document, operation).filter((member) => member !== 'href' && member !== 'digest');
  return (
    <>
      <DataTable
        caption={say(titleOfQuestion(name, operation.summary))}
        columns={members.map((title) => ({ title }))}
        rows={items.map((item) => members.map((member) => showCell(member, item[member])))}
      />
      {next !== null && (
        <nav class="row pager" aria-label={say(words.nextPage)}>
          <RouterLink to={nextPage(next)}>{() => say(words.nextPage)}</RouterLink>
        </nav>
      )}
    </>
  );
}

function nextPage(cursor: string) {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  return { query: { ...query, cursor } };
}

/** Cases lead to their page; whoever acted is their role and pseudonym. */
function showCell(member: string, value: unknown) {
  if (member === 'case' && typeof value === 'string') {
    return (
      <RouterLink to={`/cases/${value}`} title={value}>
        {() => <code>{shortId(value)}</code>}
      </RouterLink>
    );
  }
  if (Array.isArray(value)) return value.map((each) => <span class="state">{tell(each)}</span>);
  const parts: unknown[] = typeof value === 'object' ? Object.values(value ?? {}) : [value];
  return parts.map(tell).join(' ');
}

function tell(value: unknown): string {
  return typeof value === 'string' ? shorten(value) : JSON.stringify(value ?? '');
}

function shorten(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return moment(text);
  if (text.startsWith('sha256:')) return shortDigest(text);
  return /^[\w-]{22}$/.test(text) ? shortId(text) : text;
}
