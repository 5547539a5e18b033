import { defineComponent, ref, shallowRef } from 'vue';
import { say } from '../../shared/language.ts';
import { signIn } from '../session.ts';
import { words } from '../words.ts';

export const SignInPage = defineComponent(() => {
  const token = ref('');
  const fault = shallowRef<{ zh: string; en: string }>();
  const isAsking = ref(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = token.value.trim();
    fault.value = text === '' ? words.tokenMissing : undefined;
    if (fault.value) return;
    isAsking.value = true;
    const problem = await signIn(text);
    isAsking.value = false;
    if (problem) fault.value = tellFault(problem);
  }

  return () => (
    <main class="sign-in" id="page">
      <form class="panel" onSubmit={(event) => void submit(event)} novalidate>
        <h1>{say(words.signInTitle)}</h1>
        <label for="token">{say(words.token)}</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          spellcheck="false"
          value={token.value}
          onInput={(event) => (token.value = (event.target as HTMLInputElement).value)}
          aria-describedby="token-hint token-fault"
          aria-invalid={fault.value !== undefined}
        />
        <p id="token-fault" class="fault" role="alert">
          {fault.value && say(fault.value)}
        </p>
        <p id="token-hint" class="soft">
          {say(words.tokenHint)}
        </p>
        <button type="submit" class="main" disabled={isAsking.value}>
          {say(words.signIn)}
        </button>
      </form>
    </main>
  );
});

function tellFault({ code, detail }: { code: string; detail: string }): { zh: string; en: string } {
  if (code === 'unauthenticated') return words.tokenUnknown;
  if (code === 'forbidden') return words.tokenForbidden;
  return { zh: detail, en: detail };
}
