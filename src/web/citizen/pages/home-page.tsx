import { defineComponent, shallowRef, watchEffect } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import { language, say } from '../../shared/language.ts';
import type { components } from '../../shared/openapi.ts';
import { untilAnswered } from '../network.ts';
import { api, me } from '../session.ts';
import { Ask } from '../ui/ask.tsx';
import { Frame } from '../ui/frame.tsx';
import { ProfessionIcon } from '../ui/profession-icon.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { words } from '../words.ts';

type Profession = components['schemas']['Profession'];
type Summary = components['schemas']['MatterSummary'];

/** Figures 1 and 3. */
export const HomePage = defineComponent(() => {
  const router = useRouter();
  const professions = shallowRef<Profession[]>([]);
  const chosen = shallowRef<Profession>();
  const found = shallowRef<Summary[]>();
  const word = shallowRef<string>();
  const sought = shallowRef('');

  watchEffect(() => {
    void language.value;
    void untilAnswered(() => api.GET('/v1/professions')).then(({ data }) => {
      professions.value = data?.items ?? [];
    });
  });

  const search = async (event: Event) => {
    event.preventDefault();
    const q = sought.value.trim();
    const ask = () => api.GET('/v1/matters', { params: { query: { q } } });
    found.value = q === '' ? undefined : ((await untilAnswered(ask)).data?.items ?? []);
  };
  const pickProfession = (profession: Profession) => {
    if (profession.matters.length > 0) chosen.value = profession;
    else word.value = profession.message ?? say(words.notOffered);
  };
  const pickMatter = (matter: Summary | undefined) => {
    if (matter?.offered) void router.push(`/matters/${matter.id}`);
    else word.value = say(words.notOffered);
  };

  const searchBox = () => (
    <search>
      <form class="search" onSubmit={search}>
        <input
          type="search"
          value={sought.value}
          onInput={(event: Event) => {
            sought.value = (event.target as HTMLInputElement).value;
          }}
          aria-label={say(words.search)}
          placeholder={say(words.search)}
          maxlength={100}
        />
        <button type="submit">{say(words.searchDo)}</button>
      </form>
    </search>
  );
  const results = (matters: Summary[]) => (
    <section class="card" aria-live="polite">
      {matters.length === 0 && <p>{say(words.nothingFound)}</p>}
      <ul class="rows">
        {matters.map((matter) => (
          <li key={matter.id}>
            <button type="button" onClick={() => pickMatter(matter)}>
              {matter.title}
              {!matter.offered && <small>{say(words.notOffered)}</small>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );

  return () => (
    <Frame title={say(words.platform)}>
      {searchBox()}
      {found.value && results(found.value)}
      <section class="card">
        <h2>{say(words.services)}</h2>
        <ul class="professions">
          {professions.value.map((profession) => (
            <li key={profession.id}>
              <button type="button" onClick={() => pickProfession(profession)}>
                <ProfessionIcon id={profession.id} />
                {profession.title}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="card">
        <RouterLink class="row-link" to="/cases">
          <span>
            {say(words.myCases)}
            <small>{say(words.myCasesHint)}</small>
          </span>
          <span aria-hidden="true">›</span>
        </RouterLink>
        <RouterLink class="row-link" to="/profile">
          <span>
            {me.value?.nickname}
            <small>{say(words.profileHint)}</small>
          </span>
          <span aria-hidden="true">›</span>
        </RouterLink>
      </section>
      {chosen.value && (
        <Sheet
          title={say(words.chooseMatter)}
          choices={chosen.value.matters.map(({ id, title, offered }) => ({
            value: id,
            title,
            note: offered ? undefined : say(words.notOffered),
          }))}
          onCancel={() => {
            chosen.value = undefined;
          }}
          onPick={(id) => pickMatter(chosen.value?.matters.find((matter) => matter.id === id))}
        />
      )}
      {word.value !== undefined && (
        <Ask
          text={word.value}
          onYes={() => {
            word.value = undefined;
          }}
        />
      )}
    </Frame>
  );
});
