import { type ShallowRef, shallowRef, watch } from 'vue';
import type { Problem } from '../shared/client.ts';
import { isSignedIn, signOut } from './session.ts';

type Answer<Data> = { data?: Data; error?: Problem };

export interface Loaded<Data> {
  data: ShallowRef<Data | undefined>;
  problem: ShallowRef<Problem | undefined>;
  isLoading: ShallowRef<boolean>;
  reload: () => Promise<void>;
}

/** Asks now and whenever what `question` reads has changed. An answer that was overtaken by a later one is dropped. */
export function load<Question, Data>(
  question: () => Question,
  ask: (question: Question) => Promise<Answer<Data>>,
): Loaded<Data> {
  const data = shallowRef<Data>();
  const problem = shallowRef<Problem>();
  const isLoading = shallowRef(false);
  let asked = 0;

  async function reload(): Promise<void> {
    const turn = ++asked;
    isLoading.value = true;
    const answer = await askPatiently(() => ask(question()));
    if (turn !== asked) return;
    isLoading.value = false;
    problem.value = answer.error;
    if (answer.data !== undefined) data.value = answer.data;
    if (answer.error?.code === 'unauthenticated' && isSignedIn()) signOut();
  }

  watch(question, reload, { immediate: true, deep: true });
  return { data, problem, isLoading, reload };
}

/** A service that is busy asks to be asked again: nobody has to press a button for that. */
const TRIES = 5;
const PAUSE_MS = 2_000;

async function askPatiently<Data>(ask: () => Promise<Answer<Data>>): Promise<Answer<Data>> {
  for (let tries = 1; ; tries++) {
    const answer = await ask().catch(unreachable);
    if (answer.error?.code !== 'busy' || tries === TRIES) return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function unreachable(): { error: Problem; data?: undefined } {
  const detail = '暂时无法连接 · The service cannot be reached.';
  return { error: { type: 'about:blank', title: detail, status: 0, detail, code: 'unreachable' } };
}
