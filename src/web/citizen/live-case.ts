import { onScopeDispose, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue';
import { type Problem, problemOf } from '../shared/client.ts';
import { readEvents } from '../shared/events.ts';
import { language } from '../shared/language.ts';
import { type Case, findAllowed } from './case-types.ts';
import { answered, keyOf } from './keys.ts';
import { comeAgainIfBusy, pause, untilAnswered } from './network.ts';
import { api, ownHeaders } from './session.ts';

const RECONNECT_MS = 1_000;

export type Sent = { ok: true } | { ok: false; problem: Problem };

/** A case as it stands, wherever it is moved on from: here, another device, a timer, the authority. */
export interface LiveCase {
  id: string;
  current: ShallowRef<Case | undefined>;
  /** Why there is none to show. */
  lost: ShallowRef<Problem | undefined>;
  /** An event of this page is on its way. */
  sending: Ref<boolean>;
  /** Sends an event and takes over what comes of it. Events of one page go one after another. */
  send(event: string, body?: object): Promise<Sent>;
  /** Reads it again: something moved it that answered otherwise. */
  refresh(): Promise<void>;
}

/** Follows the case for as long as the component that asked is there. */
export function useLiveCase(id: string): LiveCase {
  const current = shallowRef<Case>();
  const lost = shallowRef<Problem>();
  const gone = new AbortController();
  const adopt = (next: Case) => {
    if (!current.value || next.seq >= current.value.seq) current.value = next;
  };
  const refresh = async () => {
    const answer = await untilAnswered(
      () => api.GET('/v1/cases/{id}', { params: { path: { id } } }),
      gone.signal,
    );
    if (answer.data) adopt(answer.data);
    else lost.value = answer.error;
  };
  const sending = ref(false);
  let last: Promise<unknown> = Promise.resolve();
  const send = (event: string, body: object = {}) => {
    const sent = last.then(async () => {
      sending.value = true;
      try {
        const done = await sendNow(id, current.value, event, body);
        await adoptSent(done);
        return done.outcome;
      } finally {
        sending.value = false;
      }
    });
    last = sent.catch(() => {});
    return sent;
  };
  const adoptSent = async ({ view, stale }: Answered) => {
    if (view) adopt(view);
    if (stale) await refresh();
  };
  // In another language the same case reads otherwise, though its seq is the same.
  watch(language, () => void refresh());
  onScopeDispose(() => gone.abort());
  void refresh().then(() => follow(id, current, adopt, gone.signal));
  return { id, current, lost, sending, send, refresh };
}

interface Answered {
  outcome: Sent;
  view?: Case;
  /** The case is not as this page took it to be. */
  stale: boolean;
}

async function sendNow(id: string, seen: Case | undefined, event: string, body: object): Promise<Answered> {
  const href = (seen && findAllowed(seen, event)?.href) ?? `/v1/cases/${id}/events/${event}`;
  const wish = `${id}.${seen?.seq}.${event}`;
  const headers = {
    ...ownHeaders(),
    'content-type': 'application/json',
    'idempotency-key': keyOf(wish),
    ...(seen ? { 'if-match': `"${seen.seq}"` } : {}),
  };
  const answer = await untilAnswered(async () => {
    const response = await fetch(href, { method: 'POST', headers, body: JSON.stringify(body) });
    return comeAgainIfBusy(response) ?? { status: response.status, body: await readBody(response) };
  });
  answered(wish);
  if (answer.status < 300) return { outcome: { ok: true }, view: answer.body as Case, stale: false };
  const problem = problemOf(answer.status, answer.body);
  return { outcome: { ok: false, problem }, stale: movesOn(problem) };
}

/** Refused because the case is elsewhere, or moved though it was refused: a wrong code is counted. */
function movesOn({ status, seq }: Problem): boolean {
  return status === 409 || status === 412 || seq !== undefined;
}

async function readBody(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}

/** From the case as it is known on: what happened while nobody listened comes first. */
async function follow(
  id: string,
  current: ShallowRef<Case | undefined>,
  adopt: (next: Case) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && current.value && current.value.status !== 'done') {
    const headers = { ...ownHeaders(), 'last-event-id': String(current.value.seq) };
    const response = await fetch(`/v1/cases/${id}/stream`, { headers, signal }).catch(() => undefined);
    if (response?.status === 204) return;
    try {
      if (response?.ok && response.body) {
        for await (const { data } of readEvents(response.body)) adopt(JSON.parse(data));
      }
    } catch {
      // The connection broke off: it is made again below, from where it was.
    }
    if (!signal.aborted) await pause(RECONNECT_MS, signal);
  }
}
