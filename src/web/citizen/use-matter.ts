import { type ShallowRef, shallowRef, watchEffect } from 'vue';
import { language } from '../shared/language.ts';
import type { Matter } from './case-types.ts';
import { untilAnswered } from './network.ts';
import { api } from './session.ts';

/** What people read of a matter, in the language of the moment. */
export function useMatter(id: () => string | undefined): {
  matter: ShallowRef<Matter | undefined>;
  missing: ShallowRef<string | undefined>;
} {
  const matter = shallowRef<Matter>();
  const missing = shallowRef<string>();
  let asked = '';
  watchEffect(() => {
    const wanted = id();
    const question = `${wanted} ${language.value}`;
    if (wanted === undefined || question === asked) return;
    asked = question;
    void untilAnswered(() => api.GET('/v1/matters/{matter}', { params: { path: { matter: wanted } } })).then(
      ({ data, error }) => {
        if (data) matter.value = data;
        missing.value = error?.detail;
      },
    );
  });
  return { matter, missing };
}
