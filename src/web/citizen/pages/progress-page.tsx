import { defineComponent, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { RouterLink, useRoute } from 'vue-router';
import { language, say } from '../../shared/language.ts';
import { findAllowed } from '../case-types.ts';
import { useLiveCase } from '../live-case.ts';
import { findReceipt, saveAs } from '../receipt.ts';
import { inChina } from '../time.ts';
import { addToWay, readWay, type Stop } from '../timeline.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Ask } from '../ui/ask.tsx';
import { Facts } from '../ui/facts.tsx';
import { Frame } from '../ui/frame.tsx';
import { useMatter } from '../use-matter.ts';
import { words } from '../words.ts';

/** 我的办件, one of them: its way so far, its receipts, and the withdrawal. */
export const ProgressPage = defineComponent(() => {
  const route = useRoute();
  const id = String(route.params.id);
  const live = useLiveCase(id);
  const { matter } = useMatter(() => live.current.value?.matter);
  const stops = shallowRef<Stop[]>([]);
  const hasReceipts = ref(false);
  const asking = ref(false);
  const busy = ref(false);
  const problem = ref<string>();

  let reading = new AbortController();
  const readAgain = async () => {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    let way: Stop[] = [];
    try {
      for await (const view of readWay(id, signal)) {
        way = addToWay(way, view);
        if (!signal.aborted) stops.value = way;
      }
    } catch {
      // Left, or cut off: what was read stands, and the case itself is followed anyway.
    }
  };
  watch(language, () => void readAgain(), { immediate: true });
  onScopeDispose(() => reading.abort());
  void findReceipt(id, 1).then((found) => {
    hasReceipts.value = found !== undefined;
  });

  const download = async (seq: number) => {
    const receipt = await findReceipt(id, seq);
    problem.value = receipt ? undefined : say(words.receiptNotYet);
    if (receipt) saveAs(`${id}-${seq}.tlog-proof`, receipt);
  };
  const withdraw = async () => {
    busy.value = true;
    const sent = await live.send('case.withdraw');
    busy.value = false;
    asking.value = false;
    problem.value = sent.ok ? undefined : sent.problem.detail;
  };

  const timeline = () => (
    <ol class="timeline">
      {stops.value.toReversed().map(({ seq, title, message, at }) => (
        <li key={seq}>
          <h3>{title}</h3>
          <time datetime={at}>{inChina(at)}</time>
          {message && <p>{message}</p>}
          {hasReceipts.value && (
            <button
              type="button"
              class="link"
              aria-label={`${say(words.receipt)} ${title}`}
              onClick={() => void download(seq)}
            >
              {say(words.receipt)}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
  return () => {
    const view = live.current.value;
    const mayWithdraw = view && findAllowed(view, 'case.withdraw') !== undefined;
    return (
      <Frame title={say(words.progress)} back="/cases">
        <Alert text={live.lost.value?.detail ?? problem.value} />
        {view && (
          <section class="card">
            <h2>{matter.value?.title}</h2>
            <Facts
              facts={[
                { label: say(words.openedAt), value: inChina(view.openedAt) },
                { label: say(words.reference), value: view.id },
              ]}
            />
          </section>
        )}
        <section class="card">{timeline()}</section>
        <div class="foot">
          {view?.status === 'active' && (
            <RouterLink class="button" to={`/cases/${id}`}>
              {say(words.open)}
            </RouterLink>
          )}
          {mayWithdraw && (
            <Action
              title={say(words.withdraw)}
              plain
              danger
              onClick={() => {
                asking.value = true;
              }}
            />
          )}
        </div>
        {asking.value && (
          <Ask
            text={say(words.withdrawAsk)}
            busy={busy.value}
            onYes={() => void withdraw()}
            onNo={() => {
              asking.value = false;
            }}
          />
        )}
      </Frame>
    );
  };
});
