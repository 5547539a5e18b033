import { defineComponent, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Problem } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import { GuideCard } from '../guide-card.tsx';
import { openCase } from '../open-case.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Ask } from '../ui/ask.tsx';
import { Frame } from '../ui/frame.tsx';
import { useMatter } from '../use-matter.ts';
import { words } from '../words.ts';

/** Figure 4. */
export const MatterPage = defineComponent(() => {
  const route = useRoute();
  const router = useRouter();
  const { matter, missing } = useMatter(() => String(route.params.matter));
  const busy = ref(false);
  const problem = shallowRef<Problem>();
  const apply = async (id: string) => {
    busy.value = true;
    const opened = await openCase(id);
    busy.value = false;
    if ('id' in opened) await router.push(`/cases/${opened.id}`);
    else problem.value = opened.problem;
  };
  const close = () => {
    problem.value = undefined;
  };
  return () => (
    <Frame title={say(words.guide)} back="/">
      <Alert text={missing.value} />
      {matter.value && <GuideCard matter={matter.value} />}
      {matter.value && (
        <div class="foot">
          <Action
            title={say(words.applyOnline)}
            busy={busy.value}
            onClick={() => matter.value && void apply(matter.value.id)}
          />
        </div>
      )}
      {problem.value && openElsewhere(problem.value, close, (id) => void router.push(`/cases/${id}`))}
    </Frame>
  );
});

/** A case that is open already is one tap away. */
function openElsewhere(problem: Problem, close: () => void, go: (id: string) => void) {
  const open = problem.case as { id: string } | undefined;
  if (open === undefined) return <Ask text={problem.detail} onYes={close} />;
  return <Ask text={problem.detail} yes={say(words.goOn)} onYes={() => go(open.id)} onNo={close} />;
}
