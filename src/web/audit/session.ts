import { ref, watch } from 'vue';
import { createApi, headersOf, type Problem, problemOf } from '../shared/client.ts';
import { language } from '../shared/language.ts';

const PLACE = 'banjian.auditor';
const PURPOSE = 'banjian.purpose';

/** Kept while the tab is open, and nowhere longer: what it opens is everybody's. */
const token = ref(sessionStorage.getItem(PLACE) ?? undefined);
/** Whether whoever the token is of may look: pages stand behind this, so that none asks before it is certain. */
const isAuditor = ref(token.value !== undefined);

const caller = { token: () => token.value, language: () => language.value };

/** Why they read, by their own word: it is recorded with each read. */
export const purpose = ref(sessionStorage.getItem(PURPOSE) ?? 'inspection');
watch(purpose, (code) => sessionStorage.setItem(PURPOSE, code));

export const api = createApi(caller);
api.use({
  onRequest({ request }) {
    request.headers.set('purpose', purpose.value);
    return request;
  },
});

export function isSignedIn(): boolean {
  return isAuditor.value;
}

/** Undefined when it may look; the problem otherwise, and nothing is kept. */
export async function signIn(text: string): Promise<Problem | undefined> {
  token.value = text;
  const { data, error } = await api.GET('/v1/me');
  if (data?.role === 'auditor') {
    sessionStorage.setItem(PLACE, text);
    isAuditor.value = true;
    return undefined;
  }
  signOut();
  return error ?? problemOf(403, { code: 'forbidden', detail: '' });
}

export function signOut(): void {
  sessionStorage.removeItem(PLACE);
  token.value = undefined;
  isAuditor.value = false;
}

/** For what the typed client cannot do: streams, and routes that are found in the document of the API. */
export async function ask(
  address: string,
  init: RequestInit = {},
): Promise<{ response: Response } | { problem: Problem }> {
  const headers = {
    ...headersOf(caller),
    purpose: purpose.value,
    ...(init.headers as Record<string, string> | undefined),
  };
  const response = await fetch(address, { ...init, headers });
  if (response.ok) return { response };
  const body: unknown = await response.json().catch(() => undefined);
  return { problem: problemOf(response.status, body) };
}
