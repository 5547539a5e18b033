import { computed, defineComponent, reactive, ref } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import { say } from '../../shared/language.ts';
import { type CaseHistory, readChart, readHistory } from '../case/case-history.ts';
import { ChartView } from '../case/chart-view.tsx';
import { EntryPanel } from '../case/entry-panel.tsx';
import { keyOf, type Line, titleOf } from '../case/history.ts';
import { marksAt } from '../case/marks.ts';
import { MomentPanel } from '../case/moment-panel.tsx';
import { PersonalValues } from '../case/personal-values.tsx';
import { Reads } from '../case/reads.tsx';
import { Scrubber } from '../case/scrubber.tsx';
import { Timeline } from '../case/timeline.tsx';
import { VerificationMark } from '../case/verification-mark.tsx';
import { load } from '../load.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';

/** A case, entry by entry. Where one is stands in the address: `?at=7`, with `&refusal=2` for a refusal after it. */
export const CasePage = defineComponent(
  (props: { id: string }) => {
    const history = load(() => props.id, readHistory);
    return () => (
      <main id="page" class="case-page">
        <div class="title-row">
          <RouterLink to="/cases" class="soft">
            {() => `← ${say(words.back)}`}
          </RouterLink>
          <h1>
            {say(words.case)} <code>{props.id}</code>
          </h1>
          {history.data.value && !history.problem.value && (
            <>
              <code class="soft">{history.data.value.matter}</code>
              <VerificationMark id={props.id} />
            </>
          )}
        </div>
        {history.problem.value && (
          <ProblemNote problem={history.problem.value} onAgain={() => void history.reload()} />
        )}
        {history.data.value && !history.problem.value ? (
          <History key={props.id} id={props.id} history={history.data.value} />
        ) : (
          !history.problem.value && <p class="soft">{say(words.loading)}</p>
        )}
      </main>
    );
  },
  { props: ['id'] },
);

const History = defineComponent(
  (props: { id: string; history: CaseHistory }) => {
    const route = useRoute();
    const router = useRouter();
    const last = computed(() => props.history.moments.length);
    const position = computed(() => boundedBy(last.value, route.query.at));
    const moment = computed(() => props.history.moments[position.value - 1]);
    const refusal = computed(() => findLine(props.history, `refused-${String(route.query.refusal)}`));
    const line = computed(() => refusal.value ?? findLine(props.history, `accepted-${position.value}`));
    const chart = load(
      () => ({ matter: props.history.matter, version: moment.value?.machineVersion ?? '' }),
      ({ matter, version }) => readChart(matter, version),
    );
    const marks = computed(() => marksAt(props.history.moments, position.value));
    const broken = computed(() => listBroken(props.history));

    // Each step is no page of its own: going back leads out of the case.
    const go = (at: number, beside: Record<string, string> = {}) =>
      void router.replace({ query: { at: String(at), ...beside } });
    const choose = (chosen: Line) => {
      const { kind, seq } = chosen.entry;
      if (kind === 'accepted') go(seq);
      else go(positionOf(props.history, chosen), { refusal: String(seq) });
    };

    return () => {
      const { titles, links, lines, moments } = props.history;
      const [shown, now] = [line.value, moment.value];
      if (!shown || !now) return <p class="soft">{say(words.none)}</p>;
      return (
        <>
          <Scrubber
            position={position.value}
            length={last.value}
            title={say(titleOf(now.type, titles))}
            onMove={(to: number) => go(to)}
          />
          <div class="case">
            {chart.problem.value ? (
              <ProblemNote problem={chart.problem.value} onAgain={() => void chart.reload()} />
            ) : (
              chart.data.value !== undefined && <ChartView svg={chart.data.value} marks={marks.value} />
            )}
            <Timeline
              lines={lines}
              titles={titles}
              chosen={keyOf(shown)}
              broken={broken.value}
              onChoose={choose}
            />
            <section class="details" tabindex="0" aria-label={say(words.details)}>
              <EntryPanel
                id={props.id}
                line={shown}
                titles={titles}
                link={links.get(keyOf(shown)) ?? 'broken'}
                replayHolds={shown.entry.kind === 'accepted' ? now.holds : undefined}
              />
              <MomentPanel moment={now} before={moments[position.value - 2]} />
              <PersonAndReaders id={props.id} />
            </section>
          </div>
        </>
      );
    };
  },
  { props: ['id', 'history'] },
);

/** Asked for when they are opened, and not before: each look is recorded. */
const PersonAndReaders = defineComponent(
  (props: { id: string }) => {
    const isOpen = reactive({ personal: false, reads: false });
    const disclosed = ref(0);
    const follow = (name: keyof typeof isOpen) => (event: Event) => {
      isOpen[name] = (event.target as HTMLDetailsElement).open;
    };
    return () => (
      <>
        <details class="panel" onToggle={follow('personal')}>
          <summary>{say(words.personal)}</summary>
          {isOpen.personal && <PersonalValues id={props.id} onDisclosed={() => disclosed.value++} />}
        </details>
        <details class="panel" onToggle={follow('reads')}>
          <summary>{say(words.reads)}</summary>
          {isOpen.reads && <Reads id={props.id} turn={disclosed.value} />}
        </details>
      </>
    );
  },
  { props: ['id'] },
);

/** The last entry unless the address names another one. */
function boundedBy(last: number, at: unknown): number {
  const asked = typeof at === 'string' && /^\d{1,9}$/.test(at) ? Number(at) : last;
  return Math.min(last, Math.max(1, asked));
}

function findLine({ lines }: CaseHistory, key: string): Line | undefined {
  return lines.find((line) => keyOf(line) === key);
}

/** The entry after which it was refused. */
function positionOf({ lines }: CaseHistory, refusal: Line): number {
  const before = lines.slice(0, lines.indexOf(refusal)).filter(({ entry }) => entry.kind === 'accepted');
  return before.at(-1)?.entry.seq ?? 1;
}

function listBroken({ links, moments }: CaseHistory): Set<string> {
  const broken = [...links].filter(([, link]) => link === 'broken').map(([key]) => key);
  const odd = moments.filter(({ holds }) => !holds).map(({ seq }) => `accepted-${seq}`);
  return new Set([...broken, ...odd]);
}
