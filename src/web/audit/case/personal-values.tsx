import { defineComponent, reactive, ref, shallowRef } from 'vue';
import type { Problem } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import { load } from '../load.ts';
import { FILE_NUMBER, purposes } from '../purposes.ts';
import { api } from '../session.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';

/** Masked until somebody says why; what was shown is forgotten with the page. */
export const PersonalValues = defineComponent(
  (props: { id: string }, { emit }: { emit: (event: 'disclosed') => void }) => {
    const list = load(
      () => props.id,
      (id) => api.GET('/v1/audit/cases/{id}/personal', { params: { path: { id } } }),
    );
    const shown = reactive(new Map<string, string>());
    const asked = ref('');

    function keep(field: string, value: string): void {
      shown.set(field, value);
      asked.value = '';
      emit('disclosed');
    }

    return () => (
      <>
        <p class="soft">{say(words.personalNote)}</p>
        {list.problem.value && <ProblemNote problem={list.problem.value} />}
        <ul class="personal">
          {list.data.value?.items.map(({ field, title, masked }) => (
            <li key={field}>
              <span class="soft">{title}</span>
              <span class="value">{shown.get(field) ?? masked}</span>
              {shown.has(field) ? (
                <button
                  type="button"
                  aria-label={`${say(words.hide)} ${title}`}
                  onClick={() => shown.delete(field)}
                >
                  {say(words.hide)}
                </button>
              ) : (
                <button
                  type="button"
                  aria-label={`${say(words.show)} ${title}`}
                  aria-expanded={asked.value === field}
                  onClick={() => (asked.value = asked.value === field ? '' : field)}
                >
                  {say(words.show)}
                </button>
              )}
              {asked.value === field && (
                <ReasonForm id={props.id} field={field} onShown={(value: string) => keep(field, value)} />
              )}
            </li>
          ))}
        </ul>
      </>
    );
  },
  { props: ['id'], emits: ['disclosed'] },
);

const ReasonForm = defineComponent(
  (props: { id: string; field: string }, { emit }: { emit: (event: 'shown', value: string) => void }) => {
    const code = ref('');
    const number = ref('');
    const problem = shallowRef<Problem>();
    const isAsking = ref(false);

    async function submit(event: Event): Promise<void> {
      event.preventDefault();
      isAsking.value = true;
      const reason = number.value === '' ? code.value : `${code.value}; ref=${number.value}`;
      const { data, error } = await api.POST('/v1/audit/cases/{id}/disclosures', {
        params: { path: { id: props.id } },
        body: { field: props.field, reason },
      });
      isAsking.value = false;
      problem.value = error;
      if (data) emit('shown', data.value);
    }

    return () => (
      <form class="stack reason" onSubmit={(event) => void submit(event)}>
        <label>
          {say(words.reason)}
          <select
            required
            value={code.value}
            onChange={(event) => (code.value = (event.target as HTMLSelectElement).value)}
          >
            <option value="">{say(words.pickReason)}</option>
            {Object.entries(purposes).map(([name, title]) => (
              <option key={name} value={name}>
                {say(title)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say(words.fileNumber)}
          <input
            value={number.value}
            pattern={FILE_NUMBER}
            placeholder={say(words.fileNumberHint)}
            title={say(words.fileNumberHint)}
            autocomplete="off"
            onInput={(event) => (number.value = (event.target as HTMLInputElement).value.trim())}
          />
        </label>
        <button type="submit" class="main" disabled={isAsking.value}>
          {say(words.recordAndShow)}
        </button>
        {problem.value && <ProblemNote problem={problem.value} />}
      </form>
    );
  },
  { props: ['id', 'field'], emits: ['shown'] },
);
