import { defineComponent, ref, shallowRef, watchEffect } from 'vue';
import { RouterLink } from 'vue-router';
import { language, say } from '../../shared/language.ts';
import type { components } from '../../shared/openapi.ts';
import { untilAnswered } from '../network.ts';
import { api } from '../session.ts';
import { inChina } from '../time.ts';
import { titleOf } from '../timeline.ts';
import { Action } from '../ui/action.tsx';
import { Frame } from '../ui/frame.tsx';
import { words } from '../words.ts';

type Summary = components['schemas']['CaseSummary'];
const A_PAGE = '20';

/** 我的办件: the newest first. */
export const CasesPage = defineComponent(() => {
  const items = shallowRef<Summary[]>();
  const next = ref<string | null>(null);
  const titles = shallowRef<Record<string, string>>({});

  const readPage = async (cursor?: string) => {
    const query = { limit: A_PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { data } = await untilAnswered(() => api.GET('/v1/me/cases', { params: { query } }));
    items.value = [...(items.value ?? []), ...(data?.items ?? [])];
    next.value = data?.next ?? null;
  };
  void readPage();
  watchEffect(() => {
    void language.value;
    void untilAnswered(() => api.GET('/v1/matters')).then(({ data }) => {
      titles.value = Object.fromEntries((data?.items ?? []).map(({ id, title }) => [id, title]));
    });
  });

  const row = ({ id, matter, states, status, openedAt }: Summary) => (
    <li key={id} class="card case">
      <h2>{titles.value[matter] ?? matter}</h2>
      <p>
        <span class={status === 'done' ? 'tag tag-done' : 'tag'}>{titleOf({ states })}</span>
        <time datetime={openedAt}>{inChina(openedAt)}</time>
      </p>
      <div class="two">
        <RouterLink class="button button-plain" to={`/cases/${id}/progress`}>
          {say(words.progress)}
        </RouterLink>
        {status === 'active' && (
          <RouterLink class="button" to={`/cases/${id}`}>
            {say(words.open)}
          </RouterLink>
        )}
      </div>
    </li>
  );
  return () => (
    <Frame title={say(words.myCases)} back="/">
      {items.value?.length === 0 && <p class="card">{say(words.noCases)}</p>}
      <ul class="cases">{items.value?.map(row)}</ul>
      {next.value !== null && (
        <div class="foot">
          <Action title={say(words.more)} plain onClick={() => void readPage(next.value ?? undefined)} />
        </div>
      )}
    </Frame>
  );
});
