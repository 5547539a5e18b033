import { computed, defineComponent, ref, shallowRef, watch } from 'vue';
import type { Problem } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import { apiDocument, loadApiDocument } from '../api-document.ts';
import { save } from '../save.ts';
import { ask } from '../session.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';
import type { Entry } from './history.ts';

const ROUTE = '/v1/cases/{id}/receipts/{seq}';

/** The proof that an entry is in the public log, where the service keeps one. */
export const ReceiptButton = defineComponent(
  (props: { id: string; entry: Entry }) => {
    void loadApiDocument();
    const isOffered = computed(() => apiDocument.value?.paths[ROUTE] !== undefined);
    const problem = shallowRef<Problem>();
    const leaf = ref<string>();
    watch(
      () => props.entry,
      () => {
        problem.value = undefined;
        leaf.value = undefined;
      },
    );

    async function fetchReceipt(): Promise<void> {
      const { kind, seq } = props.entry;
      const answer = await ask(`/v1/cases/${props.id}/receipts/${seq}?kind=${kind}`);
      problem.value = 'problem' in answer ? answer.problem : undefined;
      if ('problem' in answer) return;
      const text = await answer.response.text();
      leaf.value = /^index (\d+)$/m.exec(text)?.[1];
      save(new Blob([text], { type: 'text/plain' }), `${props.id}-${kind}-${seq}.tlog-proof`);
    }

    return () =>
      isOffered.value && (
        <>
          <button type="button" onClick={() => void fetchReceipt()}>
            {say(words.receipt)}
          </button>
          <span role="status" class="soft">
            {leaf.value === undefined ? '' : `${say(words.receiptSaved)} ${leaf.value}`}
          </span>
          {problem.value && <ProblemNote problem={problem.value} />}
        </>
      );
  },
  { props: ['id', 'entry'] },
);
