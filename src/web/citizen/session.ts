import { shallowRef } from 'vue';
import { createApi, headersOf } from '../shared/client.ts';
import { language } from '../shared/language.ts';
import type { components } from '../shared/openapi.ts';
import { untilAnswered } from './network.ts';

export type Me = components['schemas']['Me'];

const PLACE = 'banjian.session';

const caller = {
  token: () => localStorage.getItem(PLACE) ?? undefined,
  language: () => language.value,
};

export const api = createApi(caller);
export const me = shallowRef<Me>();

/** Headers of this device's person, for requests that the typed client cannot make. */
export function ownHeaders(): Record<string, string> {
  return headersOf(caller);
}

/** Who this device is; a device that is nobody yet, or whose session has ended, becomes somebody new. */
export async function signIn(): Promise<Me> {
  if (caller.token() === undefined) await openSession();
  const { data, error } = await untilAnswered(() => api.GET('/v1/me'));
  if (data) {
    me.value = data;
    return data;
  }
  if (error.code !== 'unauthenticated') throw new Error(error.detail);
  await openSession();
  return signIn();
}

async function openSession(): Promise<void> {
  const { data, error } = await untilAnswered(() => api.POST('/v1/sessions', { body: { channel: 'web' } }));
  if (!data) throw new Error(error.detail);
  localStorage.setItem(PLACE, data.token);
}
